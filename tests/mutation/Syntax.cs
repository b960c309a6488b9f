// Licensed under the MIT license. See LICENSE in the repository root.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Mutation;

/// <summary>Small questions about C# expressions, and small pieces of code.</summary>
internal static class Syntax
{
    private const int DeepestCall = 3;

    /// <summary>Whether the type is a number, and arithmetic on it is what it seems.</summary>
    internal static bool IsNumber(ITypeSymbol? type) =>
        type is { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_UInt64 };

    /// <summary>Whether the type is a truth value.</summary>
    internal static bool IsBool(ITypeSymbol? type) => type is { SpecialType: SpecialType.System_Boolean };

    /// <summary>Whether the type is one of the two.</summary>
    internal static bool IsNumberOrBool(ITypeSymbol? type) => IsNumber(type) || IsBool(type);

    /// <summary>Whether evaluating the expression once more changes nothing.</summary>
    internal static bool IsPure(SyntaxNode node, SemanticModel model, int depth = 0)
    {
        foreach (SyntaxNode part in node.DescendantNodesAndSelf())
        {
            switch (part)
            {
                case AssignmentExpressionSyntax or ObjectCreationExpressionSyntax or ArrayCreationExpressionSyntax or ThrowExpressionSyntax
                    or DeclarationExpressionSyntax or DeclarationPatternSyntax or AnonymousFunctionExpressionSyntax:
                case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression }:
                case PostfixUnaryExpressionSyntax:
                    return false;
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.DivideExpression or (int)SyntaxKind.ModuloExpression } division
                    when !model.GetConstantValueOf(division.Right).HasValue:
                    return false;
                case InvocationExpressionSyntax call when !IsPureCall(call, model, depth):
                    return false;
            }
        }

        return true;
    }

    /// <summary>Whether names are declared in the expression, so that it cannot be written twice.</summary>
    internal static bool Declares(SyntaxNode node) => node.DescendantNodesAndSelf()
        .Any(part => part is SingleVariableDesignationSyntax or AnonymousFunctionExpressionSyntax or RefExpressionSyntax);

    /// <summary>The constant value; none for nodes of another tree.</summary>
    internal static Optional<object?> GetConstantValueOf(this SemanticModel model, SyntaxNode node) =>
        node.SyntaxTree == model.SyntaxTree ? model.GetConstantValue(node) : default;

    /// <summary>The expression in brackets where it needs them.</summary>
    internal static ExpressionSyntax Bracketed(ExpressionSyntax expression) =>
        expression is LiteralExpressionSyntax or IdentifierNameSyntax or ParenthesizedExpressionSyntax or InvocationExpressionSyntax
            or MemberAccessExpressionSyntax or ElementAccessExpressionSyntax
            ? expression.WithoutTrivia()
            : ParenthesizedExpression(expression.WithoutTrivia());

    /// <summary>(type)(expression).</summary>
    internal static ExpressionSyntax Cast(ITypeSymbol type, ExpressionSyntax expression) =>
        ParenthesizedExpression(CastExpression(
            ParseTypeName(type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)), ParenthesizedExpression(expression.WithoutTrivia())));

    /// <summary>A call of the switch that is compiled in.</summary>
    internal static ExpressionSyntax SwitchCall(string method, int mutant, ExpressionSyntax? differs) =>
        ParseExpression($"global::MutantSwitch.{method}({mutant}, {(differs is null ? "true" : differs.NormalizeWhitespace().ToFullString())})");

    /// <summary>Whether this mutant is alive.</summary>
    internal static ExpressionSyntax IsActive(int mutant) => ParseExpression($"global::MutantSwitch.Active == {mutant}");

    /// <summary>The text in one line, as reports show it.</summary>
    internal static string OneLine(SyntaxNode node) =>
        string.Join(' ', node.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static bool IsPureCall(InvocationExpressionSyntax call, SemanticModel model, int depth)
    {
        if (depth >= DeepestCall || call.SyntaxTree != model.SyntaxTree
            || model.GetSymbolInfo(call).Symbol is not IMethodSymbol { DeclaringSyntaxReferences: [SyntaxReference reference] }
            || reference.GetSyntax() is not BaseMethodDeclarationSyntax method)
        {
            return false;
        }

        SyntaxNode? value = method.ExpressionBody?.Expression
            ?? (method.Body is { Statements: [ReturnStatementSyntax { Expression: { } returned }] } ? returned : null);
        return value is not null && IsPure(value, model.Compilation.GetSemanticModel(value.SyntaxTree), depth + 1);
    }
}
