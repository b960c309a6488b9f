// Licensed under the MIT license. See LICENSE in the repository root.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Mutation;

/// <summary>
/// What an expression is changed into. Of changes that the same test would tell, only the one that is hardest to tell is made: a clause
/// of <c>a &amp;&amp; b</c> is left out, which is nearer to the original than <c>a || b</c>.
/// </summary>
internal static class Operators
{
    /// <summary>One change.</summary>
    /// <param name="Mutated">The expression that is there instead.</param>
    /// <param name="Differs">An expression without effects that says whether the two differ now; null if only a run can say.</param>
    internal readonly record struct Variant(ExpressionSyntax Mutated, ExpressionSyntax? Differs);

    /// <summary>The changes of one expression; none for most.</summary>
    internal static IEnumerable<Variant> Of(ExpressionSyntax node, SemanticModel model) => node switch
    {
        BinaryExpressionSyntax binary => OfBinary(binary, model),
        LiteralExpressionSyntax literal => OfLiteral(literal, model),
        PrefixUnaryExpressionSyntax prefix => OfPrefix(prefix, model),
        PostfixUnaryExpressionSyntax postfix when !IsStatement(postfix) => [new(Swapped(postfix), null)],
        InvocationExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax or IsPatternExpressionSyntax when IsCondition(node)
            && Syntax.IsBool(model.GetTypeInfo(node).Type) => [new(Not(node), null)],
        _ => [],
    };

    /// <summary>The changes of a value that is returned: the kinds that <see cref="Of"/> does not know.</summary>
    internal static IEnumerable<Variant> OfReturned(ExpressionSyntax node, SemanticModel model)
    {
        TypeInfo type = model.GetTypeInfo(node);
        bool plain = node is InvocationExpressionSyntax or IdentifierNameSyntax or MemberAccessExpressionSyntax or ElementAccessExpressionSyntax
            or ConditionalExpressionSyntax or CastExpressionSyntax;
        if (!plain || type.ConvertedType is null || Syntax.IsBool(type.ConvertedType) || model.GetConstantValue(node).HasValue)
        {
            yield break;
        }

        ExpressionSyntax nothing = Syntax.IsNumber(type.ConvertedType)
            ? LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(0))
            : LiteralExpression(SyntaxKind.DefaultLiteralExpression);
        bool comparable = Syntax.IsPure(node, model) && (Syntax.IsNumber(type.Type) || type.Type!.IsReferenceType);
        yield return new(nothing, comparable ? Binary(SyntaxKind.NotEqualsExpression, node, nothing) : null);
    }

    /// <summary>The other direction of <c>+=</c> and its like; null if there is none.</summary>
    internal static SyntaxKind? OtherAssignment(SyntaxKind kind) => kind switch
    {
        SyntaxKind.AddAssignmentExpression => SyntaxKind.SubtractAssignmentExpression,
        SyntaxKind.SubtractAssignmentExpression => SyntaxKind.AddAssignmentExpression,
        SyntaxKind.MultiplyAssignmentExpression => SyntaxKind.DivideAssignmentExpression,
        SyntaxKind.DivideAssignmentExpression => SyntaxKind.MultiplyAssignmentExpression,
        SyntaxKind.AndAssignmentExpression => SyntaxKind.OrAssignmentExpression,
        SyntaxKind.OrAssignmentExpression => SyntaxKind.AndAssignmentExpression,
        SyntaxKind.LeftShiftAssignmentExpression => SyntaxKind.RightShiftAssignmentExpression,
        SyntaxKind.RightShiftAssignmentExpression => SyntaxKind.LeftShiftAssignmentExpression,
        SyntaxKind.ExclusiveOrAssignmentExpression => SyntaxKind.OrAssignmentExpression,
        _ => null,
    };

    private static SyntaxKind[] OtherOperators(SyntaxKind kind) => kind switch
    {
        SyntaxKind.LessThanExpression => [SyntaxKind.LessThanOrEqualExpression, SyntaxKind.GreaterThanOrEqualExpression],
        SyntaxKind.LessThanOrEqualExpression => [SyntaxKind.LessThanExpression, SyntaxKind.GreaterThanExpression],
        SyntaxKind.GreaterThanExpression => [SyntaxKind.GreaterThanOrEqualExpression, SyntaxKind.LessThanOrEqualExpression],
        SyntaxKind.GreaterThanOrEqualExpression => [SyntaxKind.GreaterThanExpression, SyntaxKind.LessThanExpression],
        SyntaxKind.EqualsExpression => [SyntaxKind.NotEqualsExpression],
        SyntaxKind.NotEqualsExpression => [SyntaxKind.EqualsExpression],
        SyntaxKind.AddExpression => [SyntaxKind.SubtractExpression],
        SyntaxKind.SubtractExpression => [SyntaxKind.AddExpression],
        SyntaxKind.MultiplyExpression => [SyntaxKind.DivideExpression],
        SyntaxKind.DivideExpression => [SyntaxKind.MultiplyExpression],
        SyntaxKind.ModuloExpression => [SyntaxKind.MultiplyExpression],
        SyntaxKind.BitwiseAndExpression => [SyntaxKind.BitwiseOrExpression],
        SyntaxKind.BitwiseOrExpression => [SyntaxKind.BitwiseAndExpression],
        SyntaxKind.ExclusiveOrExpression => [SyntaxKind.BitwiseOrExpression],
        SyntaxKind.LeftShiftExpression => [SyntaxKind.RightShiftExpression],
        SyntaxKind.RightShiftExpression => [SyntaxKind.LeftShiftExpression],
        _ => [],
    };

    private static IEnumerable<Variant> OfBinary(BinaryExpressionSyntax node, SemanticModel model)
    {
        ITypeSymbol? type = model.GetTypeInfo(node).Type;
        if (!Syntax.IsBool(type) && !Syntax.IsNumber(type) && type?.TypeKind != TypeKind.Enum)
        {
            yield break;
        }

        bool pure = Syntax.IsPure(node, model);
        if (node.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression)
        {
            // the second clause may be computed only where the first one lets it
            bool and = node.IsKind(SyntaxKind.LogicalAndExpression);
            ExpressionSyntax goesOn = and ? Syntax.Bracketed(node.Left) : Not(node.Left);
            ExpressionSyntax turns = and ? Not(node.Right) : Syntax.Bracketed(node.Right);
            yield return new(node.Left, pure ? Binary(SyntaxKind.LogicalAndExpression, goesOn, turns) : null);
            yield return new(node.Right, pure ? (and ? Not(node.Left) : Syntax.Bracketed(node.Left)) : null);
            yield break;
        }

        foreach (SyntaxKind other in OtherOperators(node.Kind()))
        {
            if (IsTwin(node.Kind(), other) && ChoosesAnOperand(node))
            {
                continue;
            }

            BinaryExpressionSyntax mutated = BinaryExpression(other, Operand(node.Left), Operand(node.Right));
            bool comparable = pure && other != SyntaxKind.DivideExpression;
            yield return new(mutated, comparable ? Binary(SyntaxKind.NotEqualsExpression, node, mutated) : null);
        }
    }

    private static IEnumerable<Variant> OfLiteral(LiteralExpressionSyntax node, SemanticModel model)
    {
        switch (node.Kind())
        {
            // to leave the assignment out is nearer to the original
            case SyntaxKind.TrueLiteralExpression or SyntaxKind.FalseLiteralExpression
                when node.Parent is AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax }:
                break;
            case SyntaxKind.TrueLiteralExpression:
                yield return new(LiteralExpression(SyntaxKind.FalseLiteralExpression), null);
                break;
            case SyntaxKind.FalseLiteralExpression:
                yield return new(LiteralExpression(SyntaxKind.TrueLiteralExpression), null);
                break;
            case SyntaxKind.NumericLiteralExpression when Syntax.IsNumber(model.GetTypeInfo(node).Type):
                yield return new(Neighbour(node.Token.Value!, 1), null);
                if (!node.Token.Value!.Equals(0))
                {
                    yield return new(Neighbour(node.Token.Value!, -1), null);
                }

                break;
        }
    }

    private static IEnumerable<Variant> OfPrefix(PrefixUnaryExpressionSyntax node, SemanticModel model) => node.Kind() switch
    {
        // a clause of && and || is left out altogether
        SyntaxKind.LogicalNotExpression when node.Parent is not BinaryExpressionSyntax => [new(node.Operand, null)],
        SyntaxKind.BitwiseNotExpression => [new(node.Operand, null)],
        SyntaxKind.UnaryMinusExpression when node.Operand is not LiteralExpressionSyntax || !model.GetConstantValue(node).HasValue =>
            [new(node.Operand, null)],
        SyntaxKind.PreIncrementExpression when !IsStatement(node) =>
            [new(PrefixUnaryExpression(SyntaxKind.PreDecrementExpression, node.Operand), null)],
        SyntaxKind.PreDecrementExpression when !IsStatement(node) =>
            [new(PrefixUnaryExpression(SyntaxKind.PreIncrementExpression, node.Operand), null)],
        _ => [],
    };

    private static ExpressionSyntax Neighbour(object value, int step) => value switch
    {
        int number => LiteralOrNegative(unchecked(number + step)),
        uint number => LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(unchecked((uint)(number + step)))),
        long number => LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(unchecked(number + step))),
        ulong number => LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(unchecked(number + (ulong)step))),
        _ => throw new NotSupportedException($"A literal of {value.GetType()}."),
    };

    private static ExpressionSyntax LiteralOrNegative(int value) => value < 0
        ? ParseExpression($"({value})")
        : LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(value));

    private static PostfixUnaryExpressionSyntax Swapped(PostfixUnaryExpressionSyntax node) => PostfixUnaryExpression(
        node.IsKind(SyntaxKind.PostIncrementExpression) ? SyntaxKind.PostDecrementExpression : SyntaxKind.PostIncrementExpression, node.Operand);

    /// <summary>
    /// Whether only the effect counts. Whole statements are left out elsewhere, and a loop that counts backwards tells nothing.
    /// </summary>
    private static bool IsStatement(ExpressionSyntax node) => node.Parent is ExpressionStatementSyntax or ForStatementSyntax;

    private static bool IsCondition(ExpressionSyntax node) => node.Parent switch
    {
        IfStatementSyntax or WhileStatementSyntax or DoStatementSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax => true,
        ForStatementSyntax loop => loop.Condition == node,
        ConditionalExpressionSyntax choice => choice.Condition == node,
        _ => false,
    };

    /// <summary>Whether the two differ only where both sides are equal.</summary>
    private static bool IsTwin(SyntaxKind one, SyntaxKind other) => (one, other) is
        (SyntaxKind.LessThanExpression, SyntaxKind.LessThanOrEqualExpression) or (SyntaxKind.LessThanOrEqualExpression, SyntaxKind.LessThanExpression)
        or (SyntaxKind.GreaterThanExpression, SyntaxKind.GreaterThanOrEqualExpression)
        or (SyntaxKind.GreaterThanOrEqualExpression, SyntaxKind.GreaterThanExpression);

    /// <summary>Whether the greater or the smaller of two is taken, which is the same where they are equal.</summary>
    private static bool ChoosesAnOperand(BinaryExpressionSyntax node)
    {
        bool AreSides(ExpressionSyntax a, ExpressionSyntax b) =>
            (AreEquivalent(node.Left, a) && AreEquivalent(node.Right, b)) || (AreEquivalent(node.Left, b) && AreEquivalent(node.Right, a));

        return node.Parent switch
        {
            ConditionalExpressionSyntax choice => choice.Condition == node && AreSides(choice.WhenTrue, choice.WhenFalse),
            IfStatementSyntax
            {
                Else: null,
                Statement: BlockSyntax
                {
                    Statements: [ExpressionStatementSyntax
                    {
                        Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment,
                    }],
                },
            } => AreSides(assignment.Left, assignment.Right),
            _ => false,
        };
    }

    /// <summary>Brackets where another operator might bind otherwise.</summary>
    private static ExpressionSyntax Operand(ExpressionSyntax node) =>
        node is BinaryExpressionSyntax ? ParenthesizedExpression(node.WithoutTrivia()) : node.WithoutTrivia();

    private static PrefixUnaryExpressionSyntax Not(ExpressionSyntax node) =>
        PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, Syntax.Bracketed(node));

    private static BinaryExpressionSyntax Binary(SyntaxKind kind, ExpressionSyntax left, ExpressionSyntax right) =>
        BinaryExpression(kind, Syntax.Bracketed(left), Syntax.Bracketed(right));
}
