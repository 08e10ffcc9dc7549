using System.Text.RegularExpressions;
using Doorward.Server.Routes.Loading;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Tests.Routes.Loading;

/// <summary>What docs/providers tells people to write is a configuration.</summary>
public sealed partial class ProviderPagesTests
{
    private const string Rest = """
        url: https://door.example.com
        listeners: { https: ":443" }
        certificates: [ { cert: tls.crt, key: tls.key } ]
        store: { sqlite: doorward.db }
        root_key_file: root.key
        admins: { allow: { and: [ { email: { is: ada@example.com } } ] } }

        """;

    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(Path.Combine(Golden.Root(), "docs/providers"), "*.md").Select(path => Path.GetFileName(path)).Where(name => name != "README.md").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_a_page_says_to_write_is_a_configuration(string page)
    {
        var blocks = Block().Matches(File.ReadAllText(Path.Combine(Golden.Root(), "docs/providers", page))).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(blocks);
        var folder = Directory.CreateTempSubdirectory("doorward-pages-");
        try
        {
            var path = Path.Combine(folder.FullName, "doorward.yaml");
            var text = Rest + string.Concat(blocks).Replace("/etc/doorward", folder.FullName, StringComparison.Ordinal);
            File.WriteAllText(path, text);
            foreach (Match secret in SecretFile().Matches(text)) File.WriteAllText(Path.Combine(folder.FullName, secret.Groups[1].Value), Convert.ToBase64String(new byte[32]));
            var loaded = new ConfigurationLoader(path, new Dictionary<string, string>()).Load(new SourceFiles(), previous: null);
            // The certificate alone is not here.
            Assert.Empty(loaded.Problems.Where(problem => problem.Id != "DW2006").Select(problem => problem.ToString()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"_file: (\S+?)[ ,}]*$", RegexOptions.Multiline)]
    private static partial Regex SecretFile();

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
