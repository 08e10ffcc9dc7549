using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Doorward.Mutation;

/// <summary>The changes that are tried: those usual in the field. What does not compile, or means the same text, is left out later.</summary>
internal static class Mutators
{
    private static readonly Dictionary<SyntaxKind, string[]> _operators = new()
    {
        [SyntaxKind.AddExpression] = ["-"],
        [SyntaxKind.SubtractExpression] = ["+"],
        [SyntaxKind.MultiplyExpression] = ["/"],
        [SyntaxKind.DivideExpression] = ["*"],
        [SyntaxKind.ModuloExpression] = ["*"],
        [SyntaxKind.LessThanExpression] = ["<=", ">"],
        [SyntaxKind.LessThanOrEqualExpression] = ["<", ">"],
        [SyntaxKind.GreaterThanExpression] = [">=", "<"],
        [SyntaxKind.GreaterThanOrEqualExpression] = [">", "<"],
        [SyntaxKind.EqualsExpression] = ["!="],
        [SyntaxKind.NotEqualsExpression] = ["=="],
        [SyntaxKind.LogicalAndExpression] = ["||"],
        [SyntaxKind.LogicalOrExpression] = ["&&"],
        [SyntaxKind.BitwiseAndExpression] = ["|"],
        [SyntaxKind.BitwiseOrExpression] = ["&"],
        [SyntaxKind.ExclusiveOrExpression] = ["&"],
        [SyntaxKind.LeftShiftExpression] = [">>"],
        [SyntaxKind.RightShiftExpression] = ["<<"],
        [SyntaxKind.AddAssignmentExpression] = ["-="],
        [SyntaxKind.SubtractAssignmentExpression] = ["+="],
        [SyntaxKind.OrAssignmentExpression] = ["&="],
        [SyntaxKind.AndAssignmentExpression] = ["|="],
        [SyntaxKind.MultiplyAssignmentExpression] = ["/="],
        [SyntaxKind.CoalesceAssignmentExpression] = ["="],
    };

    private static readonly Dictionary<string, string> _methods = new()
    {
        ["Any"] = "All", ["All"] = "Any", ["First"] = "Last", ["FirstOrDefault"] = "LastOrDefault", ["Min"] = "Max", ["Max"] = "Min", ["Skip"] = "Take", ["Take"] = "Skip",
        ["OrderBy"] = "OrderByDescending", ["OrderByDescending"] = "OrderBy", ["Concat"] = "Except", ["Union"] = "Intersect", ["Append"] = "Prepend", ["Count"] = "LongCount",
        ["StartsWith"] = "EndsWith", ["EndsWith"] = "StartsWith", ["IndexOf"] = "LastIndexOf", ["ToLowerInvariant"] = "ToUpperInvariant", ["AddMinutes"] = "AddHours",
        ["Add"] = "Remove", ["AddRange"] = "RemoveAll", ["Floor"] = "Ceiling", ["ContainsAnyInRange"] = "ContainsAnyExceptInRange", ["IsAsciiLetterUpper"] = "IsAsciiLetterLower",
    };

    /// <summary>Every change of what stands in a node or below it; not of attributes, defaults of parameters and constants.</summary>
    public static IEnumerable<Change> In(SyntaxNode root) => root
        .DescendantNodesAndSelf(node => node is not (AttributeListSyntax or ParameterListSyntax or LocalDeclarationStatementSyntax { IsConst: true }))
        .SelectMany(Of);

    private static IEnumerable<Change> Of(SyntaxNode node) => node switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } either =>
            [new(node, "coalescing", either.Left.ToString()), new(node, "coalescing", either.Right.ToString())],
        BinaryExpressionSyntax binary => Operators(binary, binary.Left, binary.Right, "operator"),
        AssignmentExpressionSyntax assignment => Operators(assignment, assignment.Left, assignment.Right, "assignment"),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } negated => [new(node, "negation", negated.Operand.ToString())],
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus => [new(node, "sign", minus.Operand.ToString())],
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.BitwiseNotExpression } negated => [new(node, "complement", negated.Operand.ToString())],
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression } up => [new(node, "step", "--" + up.Operand)],
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreDecrementExpression } down => [new(node, "step", "++" + down.Operand)],
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression } up => [new(node, "step", up.Operand + "--")],
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostDecrementExpression } down => [new(node, "step", down.Operand + "++")],
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression } => [new(node, "boolean", "false")],
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.FalseLiteralExpression } => [new(node, "boolean", "true")],
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } text => [new(node, "text", text.Token.ValueText.Length == 0 ? "\"mutant\"" : "\"\"")],
        InterpolatedStringExpressionSyntax => [new(node, "text", "$\"\"")],
        ConditionalExpressionSyntax either => [new(node, "condition", either.WhenTrue.ToString()), new(node, "condition", either.WhenFalse.ToString())],
        IsPatternExpressionSyntax => [new(node, "negation", $"!({node})")],
        IfStatementSyntax { Condition: not (BinaryExpressionSyntax or IsPatternExpressionSyntax or PrefixUnaryExpressionSyntax) } branch => [new(branch.Condition, "negation", $"!({branch.Condition})")],
        BinaryPatternSyntax { RawKind: (int)SyntaxKind.OrPattern } either => [new(node, "pattern", $"{either.Left} and {either.Right}")],
        BinaryPatternSyntax { RawKind: (int)SyntaxKind.AndPattern } both => [new(node, "pattern", $"{both.Left} or {both.Right}")],
        RelationalPatternSyntax relation => Relations(relation),
        CollectionExpressionSyntax { Elements.Count: > 0 } => [new(node, "collection", "[]")],
        MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax, Name: IdentifierNameSyntax name } access when _methods.TryGetValue(name.Identifier.Text, out var other) =>
            [new(node, "method", $"{access.Expression}.{other}")],
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: IdentifierNameSyntax { Identifier.Text: "Where" or "Distinct" or "Trim" or "Order" } } access } =>
            [new(node, "method", access.Expression.ToString())],
        ExpressionStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax or YieldStatementSyntax or ThrowStatementSyntax or ReturnStatementSyntax { Expression: null } => [new(node, "statement", "{ }")],
        WhenClauseSyntax guard => [new(guard.Condition, "guard", "true"), new(guard.Condition, "guard", "false")],
        _ => [],
    };

    private static IEnumerable<Change> Operators(ExpressionSyntax node, ExpressionSyntax left, ExpressionSyntax right, string kind) =>
        _operators.GetValueOrDefault(node.Kind(), []).Select(other => new Change(node, kind, $"{left} {other} {right}"));

    private static IEnumerable<Change> Relations(RelationalPatternSyntax relation)
    {
        string[] others = relation.OperatorToken.Kind() switch
        {
            SyntaxKind.LessThanToken => ["<=", ">"],
            SyntaxKind.LessThanEqualsToken => ["<", ">"],
            SyntaxKind.GreaterThanToken => [">=", "<"],
            _ => [">", "<"],
        };
        return others.Select(other => new Change(relation, "pattern", $"{other} {relation.Expression}"));
    }
}
