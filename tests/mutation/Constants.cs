// Licensed under the MIT license. See LICENSE in the repository root.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mutation;

/// <summary>
/// The constants that may become properties, so that their values can be changed while the program runs: all that the language does not
/// need as constants.
/// </summary>
internal sealed class Constants
{
    private readonly HashSet<ISymbol> _free = new(SymbolEqualityComparer.Default);

    /// <param name="compilation">The product.</param>
    /// <param name="mutate">Which of its files are mutated.</param>
    internal Constants(CSharpCompilation compilation, Func<string, bool> mutate)
    {
        List<(ISymbol Used, ISymbol By)> inConstants = [];
        HashSet<ISymbol> needed = new(SymbolEqualityComparer.Default);
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SyntaxNode node in tree.GetRoot().DescendantNodes())
            {
                if (node is VariableDeclaratorSyntax declarator && mutate(Repository.Relative(tree.FilePath))
                    && IsConstant(model.GetDeclaredSymbol(declarator), out ISymbol declared))
                {
                    _free.Add(declared);
                }
                else if (node is IdentifierNameSyntax name && IsConstant(model.GetSymbolInfo(name).Symbol, out ISymbol used))
                {
                    if (IsNeeded(name))
                    {
                        needed.Add(used);
                    }
                    else if (name.FirstAncestorOrSelf<VariableDeclaratorSyntax>() is { } around
                        && IsConstant(model.GetDeclaredSymbol(around), out ISymbol by))
                    {
                        inConstants.Add((used, by));
                    }
                }
            }
        }

        _free.ExceptWith(needed);
        int before;
        do
        {
            before = _free.Count;
            _free.ExceptWith(inConstants.Where(pair => !_free.Contains(pair.By)).Select(pair => pair.Used).ToArray());
        }
        while (_free.Count != before);
    }

    /// <summary>Whether this may become a property.</summary>
    internal bool MayChange(ISymbol? symbol) => symbol is not null && _free.Contains(symbol);

    private static bool IsConstant(ISymbol? symbol, out ISymbol constant)
    {
        constant = symbol!;
        return symbol switch
        {
            IFieldSymbol { IsConst: true, ContainingType.TypeKind: not TypeKind.Enum } field => Syntax.IsNumberOrBool(field.Type),
            ILocalSymbol { IsConst: true } local => Syntax.IsNumberOrBool(local.Type),
            _ => false,
        };
    }

    private static bool IsNeeded(SyntaxNode node) => node.Ancestors().Any(around => around
        is CaseSwitchLabelSyntax or PatternSyntax or AttributeSyntax or EnumMemberDeclarationSyntax or GotoStatementSyntax or ParameterSyntax);
}
