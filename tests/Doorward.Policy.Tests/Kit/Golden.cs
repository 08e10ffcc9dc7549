using System.Text;

namespace Doorward.Policy.Tests.Kit;

/// <summary>
/// A file of paragraphs: what is written first, and below it, indented, what comes of it. <c>TEST_WRITE_DOCS=1</c> writes the answers
/// anew, for a reviewer to read.
/// </summary>
internal static class Golden
{
    public static void Check(string file, Func<string, IEnumerable<string>> answers)
    {
        var written = File.ReadAllText(file);
        var told = new StringBuilder();
        foreach (var paragraph in written.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var question = paragraph.TrimStart('\n').Split('\n')[0];
            if (told.Length > 0) told.Append('\n');
            told.Append(question).Append('\n');
            foreach (var answer in answers(question)) told.Append("  ").Append(answer).Append('\n');
        }

        if (Environment.GetEnvironmentVariable("TEST_WRITE_DOCS") == "1") File.WriteAllText(file, told.ToString());
        Assert.Equal(written, told.ToString(), ignoreLineEndingDifferences: true);
    }
}
