using Doorward.Policy;
using Doorward.Policy.Documents;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;
using Doorward.Server.Tests.Routes.Loading;

namespace Doorward.Server.Tests.Routes.Reference;

public sealed class ReferenceTests
{
    public static TheoryData<string> Sections => [.. All(typeof(ConfigurationOptions)).Select(type => type.FullName!)];

    [Fact]
    public void The_reference_says_what_the_code_says() =>
        Golden.Matches(Path.Combine(Golden.Root(), "docs/configuration.md"), ReferencePage.Write());

    [Fact]
    public void The_schema_for_editors_says_what_the_code_says() =>
        Golden.Matches(Path.Combine(Golden.Root(), "deploy/doorward.schema.json"), EditorSchema.Write());

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_key_has_a_meaning_and_an_example_that_reads_well(string section)
    {
        var type = typeof(ConfigurationOptions).Assembly.GetType(section)!;
        foreach (var key in SectionShape.Of(type).Keys)
        {
            Assert.True(CodeComments.Of(key.Property).Length > 10, $"{section}.{key.Name} has no comment.");
            if (key.Attribute.Example.Contains("...", StringComparison.Ordinal)) continue;
            var problems = new List<Problem>();
            var node = DocumentText.Read($"{key.Name}: {key.Attribute.Example}", key.Name, problems);
            var findings = new Findings();
            new SectionReader(new SourceFiles(), "/", findings).Read(type, Assert.IsType<MappingNode>(node));
            // The files that examples name are not there, and an example is not a whole section.
            problems.AddRange(findings.All.Where(problem => problem.Id is not ("DW2004" or "DW2006")));
            Assert.Empty(problems);
        }
    }

    private static IEnumerable<Type> All(Type type) =>
        SectionShape.Of(type).Keys.Select(key => key.Kind.Section).OfType<Type>().SelectMany(All).Prepend(type).Distinct();
}
