// Licensed under the MIT license. See LICENSE in the repository root.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Mutation;

/// <summary>
/// Whether a mutant makes a difference where it is reached: the value of the largest expression around it is computed both ways. A test
/// in which the two never differ cannot tell it, and need not run.
/// </summary>
internal static class Reach
{
    /// <summary>An expression without effects that is true where it makes a difference; null if there is none.</summary>
    internal static ExpressionSyntax? Differs(ExpressionSyntax original, ExpressionSyntax mutated, SemanticModel model)
    {
        // one clause alone may need the other, which guarded it
        if (original.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression)
        {
            return null;
        }

        if (mutated is not (LiteralExpressionSyntax or BinaryExpressionSyntax) || !IsSafe(mutated) || !Syntax.IsPure(original, model))
        {
            return null;
        }

        ExpressionSyntax top = original;
        while (top.Parent is ExpressionSyntax parent && MayClimb(top, parent) && Syntax.IsPure(parent, model))
        {
            top = parent;
        }

        ITypeSymbol? type = model.GetTypeInfo(top).Type;
        if (top == original || top == original.Parent as ParenthesizedExpressionSyntax || !Syntax.IsNumberOrBool(type))
        {
            return null;
        }

        ExpressionSyntax other = top.ReplaceNode(original, ParenthesizedExpression(mutated.WithoutTrivia()));
        return BinaryExpression(SyntaxKind.NotEqualsExpression, Syntax.Bracketed(other), Syntax.Bracketed(top));
    }

    /// <summary>Whether the mutant can be computed wherever the original is.</summary>
    private static bool IsSafe(ExpressionSyntax mutated) => mutated.Kind() is not (SyntaxKind.DivideExpression or SyntaxKind.ModuloExpression);

    /// <summary>
    /// Whether the outer expression can be computed with another value of the inner one, and nothing can go wrong that would not with the
    /// original: what a condition guards is not computed without it.
    /// </summary>
    private static bool MayClimb(ExpressionSyntax inner, ExpressionSyntax outer) => outer switch
    {
        BinaryExpressionSyntax binary => binary.Kind() switch
        {
            SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression => binary.Right == inner,
            SyntaxKind.DivideExpression or SyntaxKind.ModuloExpression => binary.Left == inner,
            SyntaxKind.CoalesceExpression or SyntaxKind.AsExpression or SyntaxKind.IsExpression => false,
            _ => true,
        },
        ParenthesizedExpressionSyntax or CastExpressionSyntax => true,
        PrefixUnaryExpressionSyntax prefix => prefix.Kind() is SyntaxKind.LogicalNotExpression or SyntaxKind.BitwiseNotExpression
            or SyntaxKind.UnaryMinusExpression,
        ConditionalExpressionSyntax choice => choice.Condition != inner,
        _ => false,
    };
}
