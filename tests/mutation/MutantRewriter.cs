// Licensed under the MIT license. See LICENSE in the repository root.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Mutation;

/// <summary>
/// Writes all mutants of a file beside the originals, each behind a switch: <c>a &lt; b</c> becomes <c>Active == 17 ? a &lt;= b : a &lt; b</c>.
/// So the product is compiled once, and a mutant costs no more than its tests.
/// </summary>
internal sealed class MutantRewriter(SemanticModel model, Constants constants, string file, bool mutate, HashSet<int> refused, List<Mutant> mutants)
    : CSharpSyntaxRewriter
{
    /// <summary>Marks code with the numbers of the mutants in it.</summary>
    internal const string Mark = "mutants";

    private readonly Dictionary<string, int> _seen = [];

    public override SyntaxNode? VisitAttributeList(AttributeListSyntax node) => node;

    public override SyntaxNode? VisitParameter(ParameterSyntax node) => node;

    public override SyntaxNode? VisitEnumMemberDeclaration(EnumMemberDeclarationSyntax node) => node;

    public override SyntaxNode? VisitCaseSwitchLabel(CaseSwitchLabelSyntax node) => node;

    public override SyntaxNode? VisitConstantPattern(ConstantPatternSyntax node) => node;

    public override SyntaxNode? VisitRelationalPattern(RelationalPatternSyntax node) => node;

    // what an exception says is not tested word by word
    public override SyntaxNode? VisitThrowStatement(ThrowStatementSyntax node) => node;

    public override SyntaxNode? VisitThrowExpression(ThrowExpressionSyntax node) => node;

    public override SyntaxNode? VisitFieldDeclaration(FieldDeclarationSyntax node)
    {
        // what is made once, before any mutant lives, cannot be switched
        if (node.Modifiers.Any(SyntaxKind.StaticKeyword))
        {
            return node;
        }

        if (!node.Modifiers.Any(SyntaxKind.ConstKeyword))
        {
            return base.VisitFieldDeclaration(node);
        }

        if (node.Declaration.Variables is not [{ Initializer.Value: { } value } variable] || !constants.MayChange(model.GetDeclaredSymbol(variable)))
        {
            return node;
        }

        // a property: its value is made anew each time, with the mutant that is alive then
        SyntaxTokenList modifiers = TokenList(node.Modifiers
            .Where(m => !m.IsKind(SyntaxKind.ConstKeyword))
            .Append(Token(SyntaxKind.StaticKeyword))
            .Select(m => m.WithoutTrivia().WithTrailingTrivia(Space)));
        return PropertyDeclaration(node.Declaration.Type.WithoutTrivia().WithTrailingTrivia(Space), variable.Identifier.WithoutTrivia())
            .WithModifiers(modifiers)
            .WithExpressionBody(ArrowExpressionClause((ExpressionSyntax)Visit(value)!))
            .WithSemicolonToken(Token(SyntaxKind.SemicolonToken));
    }

    public override SyntaxNode? VisitLocalDeclarationStatement(LocalDeclarationStatementSyntax node)
    {
        if (!node.IsConst)
        {
            return base.VisitLocalDeclarationStatement(node);
        }

        return node.Declaration.Variables is [{ } variable] && constants.MayChange(model.GetDeclaredSymbol(variable))
            ? ((LocalDeclarationStatementSyntax)base.VisitLocalDeclarationStatement(node)!).WithModifiers([])
            : node;
    }

    public override SyntaxNode? VisitReturnStatement(ReturnStatementSyntax node)
    {
        if (node.Expression is null)
        {
            return Removable(node, node, null);
        }

        var visited = (ReturnStatementSyntax)base.VisitReturnStatement(node)!;
        return visited.WithExpression(Choice(node.Expression, visited.Expression!, Operators.OfReturned(node.Expression, model)))
            .WithReturnKeyword(Token(SyntaxKind.ReturnKeyword).WithTrailingTrivia(Space));
    }

    public override SyntaxNode? VisitArrowExpressionClause(ArrowExpressionClauseSyntax node)
    {
        var visited = (ArrowExpressionClauseSyntax)base.VisitArrowExpressionClause(node)!;
        return visited.WithExpression(Choice(node.Expression, visited.Expression, Operators.OfReturned(node.Expression, model)));
    }

    public override SyntaxNode? VisitContinueStatement(ContinueStatementSyntax node) => Removable(node, node, null);

    public override SyntaxNode? VisitBreakStatement(BreakStatementSyntax node)
    {
        SyntaxNode? left = node.Ancestors()
            .FirstOrDefault(a => a is SwitchStatementSyntax or ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax);
        return left is SwitchStatementSyntax ? node : Removable(node, node, null);
    }

    public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        var visited = (ExpressionStatementSyntax)base.VisitExpressionStatement(node)!;
        if (node.Expression is not AssignmentExpressionSyntax assignment)
        {
            return Removable(node, visited, null);
        }

        ITypeSymbol? type = model.GetTypeInfo(assignment.Left).Type;
        ExpressionSyntax? differs = null;
        if (assignment.IsKind(SyntaxKind.SimpleAssignmentExpression))
        {
            bool readable = model.GetSymbolInfo(assignment.Left).Symbol is IFieldSymbol or IPropertySymbol { GetMethod: not null }
                && (Syntax.IsNumber(type) || Syntax.IsBool(type) || type is { TypeKind: TypeKind.Enum or TypeKind.Class or TypeKind.Array });
            differs = readable && Syntax.IsPure(assignment.Left, model) && Syntax.IsPure(assignment.Right, model)
                ? BinaryExpression(SyntaxKind.NotEqualsExpression, Syntax.Bracketed(assignment.Left), Syntax.Bracketed(assignment.Right))
                : null;
        }
        else if (Operators.OtherAssignment(assignment.Kind()) is { } other && Syntax.IsNumber(type))
        {
            ExpressionSyntax right = Syntax.Bracketed(assignment.Right);
            AssignmentExpressionSyntax swapped = AssignmentExpression(other, assignment.Left, right);
            int id = Add(assignment, Syntax.OneLine(swapped.NormalizeWhitespace()));
            if (id > 0)
            {
                StatementSyntax instead = IfStatement(
                    ParseExpression($"!global::MutantSwitch.Keep({id}, true)"),
                    ExpressionStatement(swapped),
                    ElseClause(Token(SyntaxKind.ElseKeyword).WithTrailingTrivia(Space), visited.WithoutTrivia()));
                return Removable(node, Block(Marked(instead, id)), null);
            }
        }

        return Removable(node, visited, differs);
    }

    /// <summary>All expressions pass here.</summary>
    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        SyntaxNode? visited = base.Visit(node);
        if (node is not ExpressionSyntax original || visited is not ExpressionSyntax rewritten || !IsValue(original))
        {
            return visited;
        }

        ExpressionSyntax result = Choice(original, rewritten, Operators.Of(original, model));

        // a number that was constant fitted where another type was wanted
        TypeInfo type = model.GetTypeInfo(original);
        bool wasConstant = model.GetConstantValue(original).HasValue && (result != original || IsFreed(original));
        return wasConstant && Syntax.IsNumber(type.Type) && Syntax.IsNumber(type.ConvertedType)
            && !SymbolEqualityComparer.Default.Equals(type.Type, type.ConvertedType)
                ? Syntax.Cast(type.ConvertedType!, result)
                : result;
    }

    private static bool IsValue(ExpressionSyntax node) => node.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name != node,
        QualifiedNameSyntax or NameColonSyntax or NameEqualsSyntax or UsingDirectiveSyntax => false,
        AssignmentExpressionSyntax assignment => assignment.Left != node,
        ArgumentSyntax argument => argument.RefKindKeyword.IsKind(SyntaxKind.None),
        InvocationExpressionSyntax call => call.Expression != node,
        _ => true,
    };

    private bool IsFreed(ExpressionSyntax node) =>
        node is IdentifierNameSyntax or MemberAccessExpressionSyntax && constants.MayChange(model.GetSymbolInfo(node).Symbol);

    /// <summary>The expression, or whichever of its mutants is alive.</summary>
    private ExpressionSyntax Choice(ExpressionSyntax original, ExpressionSyntax rewritten, IEnumerable<Operators.Variant> variants)
    {
        if (!mutate)
        {
            return rewritten;
        }

        TypeInfo type = model.GetTypeInfo(original);
        ITypeSymbol? target = model.GetConstantValue(original).HasValue ? type.Type : type.Type ?? type.ConvertedType;
        bool declares = Syntax.Declares(original);
        ExpressionSyntax? notes = null;
        ExpressionSyntax result = rewritten;
        List<int> ids = [];
        foreach ((ExpressionSyntax mutated, ExpressionSyntax? differs) in variants)
        {
            if (declares || target is null)
            {
                break;
            }

            int id = Add(original, Syntax.OneLine(mutated.NormalizeWhitespace()));
            if (id == 0)
            {
                continue;
            }

            ExpressionSyntax note = Syntax.SwitchCall("Note", id, Reach.Differs(original, mutated, model) ?? differs);
            notes = notes is null ? note : BinaryExpression(SyntaxKind.BitwiseOrExpression, notes, note);
            result = ConditionalExpression(Syntax.IsActive(id), Syntax.Cast(target, mutated), Syntax.Cast(target, result));
            ids.Add(id);
        }

        if (notes is null)
        {
            return rewritten;
        }

        ExpressionSyntax recorded = BinaryExpression(
            SyntaxKind.LogicalAndExpression,
            ParseExpression("global::MutantSwitch.Active < 0"),
            ParenthesizedExpression(notes));
        ExpressionSyntax choice = ConditionalExpression(recorded, Syntax.Cast(target!, original), result);
        return Marked(Syntax.Cast(target!, choice), [.. ids]);
    }

    /// <summary>The statement, which one mutant leaves out.</summary>
    private StatementSyntax Removable(StatementSyntax original, StatementSyntax rewritten, ExpressionSyntax? differs)
    {
        bool endsSection = original.Parent is SwitchSectionSyntax && (original is ReturnStatementSyntax or ContinueStatementSyntax);
        if (!mutate || endsSection || Assigns(original))
        {
            return rewritten;
        }

        int id = Add(original, "(left out)");
        return id == 0
            ? rewritten
            : Marked(Block(IfStatement(Syntax.SwitchCall("Keep", id, differs), rewritten.WithoutTrivia())), id);
    }

    /// <summary>Whether a name has its first value from here, so that the language needs the statement.</summary>
    private bool Assigns(StatementSyntax statement) =>
        statement is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } }
        && model.GetSymbolInfo(name).Symbol switch
        {
            ILocalSymbol { DeclaringSyntaxReferences: [SyntaxReference declaration] } =>
                declaration.GetSyntax() is VariableDeclaratorSyntax { Initializer: null },
            IParameterSymbol parameter => parameter.RefKind == RefKind.Out,
            _ => false,
        };

    /// <summary>Counts a mutant. 0 if the language does not allow it here.</summary>
    private int Add(SyntaxNode original, string mutated)
    {
        if (!mutate)
        {
            return 0;
        }

        int id = mutants.Count + 1;
        int line = original.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        Mutant mutant = new(id, file, line, MemberOf(original), Syntax.OneLine(original), mutated, 1);
        _seen[mutant.Key] = _seen.GetValueOrDefault(mutant.Key) + 1;
        mutants.Add(mutant with { Occurrence = _seen[mutant.Key] });
        return refused.Contains(id) ? 0 : id;
    }

    private static T Marked<T>(T node, params int[] ids)
        where T : SyntaxNode => node.WithAdditionalAnnotations(new SyntaxAnnotation(Mark, string.Join(',', ids)));

    private static string MemberOf(SyntaxNode node)
    {
        MemberDeclarationSyntax? member = node.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        string name = member switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            ConstructorDeclarationSyntax => "constructor",
            BaseFieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
            _ => member?.Kind().ToString() ?? "?",
        };
        string type = node.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.Text ?? "?";
        return $"{type}.{name}";
    }
}
