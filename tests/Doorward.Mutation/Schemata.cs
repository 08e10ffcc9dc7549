using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Doorward.Mutation;

/// <summary>
/// All mutants of one file in one text: each body becomes a switch over the mutant at work, with a copy of the body per mutant; outside of bodies, expressions
/// become conditions. So the whole is compiled once, and a mutant is chosen by setting a number.
/// </summary>
internal sealed class Schemata(string file, Schemata.Numbering numbering, IReadOnlySet<int> withdrawn)
{
    /// <summary>What the mutated source asks.</summary>
    public const string Switch = """
        namespace Doorward.Mutation
        {
            public static class Switch
            {
                public static int Mutant = int.TryParse(System.Environment.GetEnvironmentVariable("TEST_MUTANT"), out var mutant) ? mutant : 0;
                public static readonly bool[] Seen = new bool[10_000];
            }
        }
        """;

    /// <summary>Annotates the code of one mutant, so that what does not compile can be withdrawn.</summary>
    public const string Annotation = "mutant";

    private const string Active = "global::Doorward.Mutation.Switch.Mutant";

    /// <summary>Counts over all files.</summary>
    public sealed class Numbering
    {
        public List<Mutant> Mutants { get; } = [];

        public int Bodies { get; set; }
    }

    public SyntaxNode Rewrite(SyntaxNode root) => new Rewriter(this).Visit(root);

    private IEnumerable<(Change Change, Mutant Mutant)> Number(SyntaxNode node, int body)
    {
        foreach (var change in Mutators.In(node))
        {
            var mutant = new Mutant(numbering.Mutants.Count + 1, file, change.Node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, change.Kind, change.Node.ToString(), change.New) { Body = body };
            numbering.Mutants.Add(mutant);
            if (!withdrawn.Contains(mutant.Id)) yield return (change, mutant);
        }
    }

    private BlockSyntax Body(SyntaxNode body, bool isVoid)
    {
        var number = ++numbering.Bodies;
        var sections = Number(body, number).ToList().Select(one => Section($"case {one.Mutant.Id}:", Copy(body, one.Change, isVoid), one.Mutant.Id))
            .Append(Section("default:", Statement(body.ToString(), body, isVoid), null));
        return SyntaxFactory.Block(
            SyntaxFactory.ParseStatement($"global::Doorward.Mutation.Switch.Seen[{number}] = true;"),
            SyntaxFactory.SwitchStatement(SyntaxFactory.ParseExpression(Active), [.. sections])
                .WithSwitchKeyword(Spaced(SyntaxKind.SwitchKeyword)).WithOpenParenToken(SyntaxFactory.Token(SyntaxKind.OpenParenToken)).WithCloseParenToken(SyntaxFactory.Token(SyntaxKind.CloseParenToken)));
    }

    private static SyntaxToken Spaced(SyntaxKind kind) => SyntaxFactory.Token(kind).WithTrailingTrivia(SyntaxFactory.Space);

    private static SwitchSectionSyntax Section(string label, string statement, int? mutant)
    {
        var parsed = ((SwitchStatementSyntax)SyntaxFactory.ParseStatement($"switch (0) {{ {label} {statement} break; }}")).Sections[0];
        return mutant is { } id ? parsed.WithAdditionalAnnotations(Mark(id)) : parsed;
    }

    private static SyntaxAnnotation Mark(int mutant) => new(Annotation, mutant.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static string Copy(SyntaxNode body, Change change, bool isVoid)
    {
        var start = change.Node.SpanStart - body.SpanStart;
        var text = body.ToString();
        var replacement = change.Node is ExpressionSyntax ? $"({change.New})" : change.New;
        if (change.Node is ExpressionSyntax && (change.Kind is "assignment" or "step" or "collection" or "text" or "method" || change.Node.Parent is ExpressionStatementSyntax)) replacement = change.New;
        return Statement(string.Concat(text.AsSpan(0, start), replacement, text.AsSpan(start + change.Node.Span.Length)), body, isVoid);
    }

    /// <summary>A body as a block: of an expression, the one that returns it.</summary>
    private static string Statement(string text, SyntaxNode body, bool isVoid) =>
        body is BlockSyntax ? text : isVoid ? $"{{ {text}; }}" : $"{{ return {text}; }}";

    private sealed class Rewriter(Schemata schemata) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node) => Member(node, node.Body, node.ExpressionBody, node.ReturnType.ToString() == "void",
            block => node.WithExpressionBody(null).WithSemicolonToken(default).WithBody(block));

        public override SyntaxNode? VisitOperatorDeclaration(OperatorDeclarationSyntax node) => Member(node, node.Body, node.ExpressionBody, false,
            block => node.WithExpressionBody(null).WithSemicolonToken(default).WithBody(block));

        public override SyntaxNode? VisitConstructorDeclaration(ConstructorDeclarationSyntax node)
        {
            var inner = node.Initializer is { } initializer ? node.WithInitializer((ConstructorInitializerSyntax?)Visit(initializer)) : node;
            return Member(node, node.Body, node.ExpressionBody, true, block => inner.WithExpressionBody(null).WithSemicolonToken(default).WithBody(block));
        }

        public override SyntaxNode? VisitAccessorDeclaration(AccessorDeclarationSyntax node) => Member(node, node.Body, node.ExpressionBody, !node.IsKind(SyntaxKind.GetAccessorDeclaration),
            block => node.WithExpressionBody(null).WithSemicolonToken(default).WithBody(block));

        public override SyntaxNode? VisitPropertyDeclaration(PropertyDeclarationSyntax node) => node.ExpressionBody is null ? base.VisitPropertyDeclaration(node)
            : Member(node, null, node.ExpressionBody, false, block => node.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(Getter(block)));

        public override SyntaxNode? VisitIndexerDeclaration(IndexerDeclarationSyntax node) => node.ExpressionBody is null ? base.VisitIndexerDeclaration(node)
            : Member(node, null, node.ExpressionBody, false, block => node.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(Getter(block)));

        /// <summary>Outside of bodies: initializers of fields and properties, arguments to base constructors.</summary>
        public override SyntaxNode? VisitEqualsValueClause(EqualsValueClauseSyntax node) =>
            node.Parent is ParameterSyntax or EnumMemberDeclarationSyntax || node.FirstAncestorOrSelf<FieldDeclarationSyntax>()?.Modifiers.Any(SyntaxKind.ConstKeyword) == true
                ? node : node.WithValue(Conditional(node.Value));

        public override SyntaxNode? VisitArgument(ArgumentSyntax node) => node.WithExpression(Conditional(node.Expression));

        public override SyntaxNode? VisitAttributeList(AttributeListSyntax node) => node;

        private SyntaxNode? Member(SyntaxNode node, BlockSyntax? body, ArrowExpressionClauseSyntax? arrow, bool isVoid, Func<BlockSyntax, SyntaxNode> with)
        {
            var written = (SyntaxNode?)body ?? arrow?.Expression;
            return written is null or ThrowExpressionSyntax or RefExpressionSyntax ? node : with(schemata.Body(written, isVoid));
        }

        private ExpressionSyntax Conditional(ExpressionSyntax value)
        {
            var numbered = schemata.Number(value, 0).ToList();
            if (numbered.Count == 0) return value;
            return value.ReplaceNodes(numbered.Select(one => one.Change.Node).Where(node => node is ExpressionSyntax).Distinct(), (old, inner) =>
                numbered.Where(one => one.Change.Node == old).Aggregate((ExpressionSyntax)inner, Choice));
        }

        private static ParenthesizedExpressionSyntax Choice(ExpressionSyntax otherwise, (Change Change, Mutant Mutant) one)
        {
            var written = (ParenthesizedExpressionSyntax)SyntaxFactory.ParseExpression($"({Active} == {one.Mutant.Id} ? ({one.Change.New}) : (0))");
            var choice = (ConditionalExpressionSyntax)written.Expression;
            return written.WithExpression(choice.WithWhenFalse(SyntaxFactory.ParenthesizedExpression(otherwise.WithoutTrivia()))).WithAdditionalAnnotations(Mark(one.Mutant.Id));
        }

        private static AccessorListSyntax Getter(BlockSyntax block) =>
            SyntaxFactory.AccessorList([SyntaxFactory.AccessorDeclaration(SyntaxKind.GetAccessorDeclaration, block)]);
    }
}
