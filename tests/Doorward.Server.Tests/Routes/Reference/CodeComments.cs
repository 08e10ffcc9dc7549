using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Doorward.Server.Routes.Options;

namespace Doorward.Server.Tests.Routes.Reference;

/// <summary>The comments of the code, as the compiler writes them beside the assembly.</summary>
internal static partial class CodeComments
{
    private static readonly Dictionary<string, string> Summaries =
        XDocument.Load(Path.ChangeExtension(typeof(ConfigurationOptions).Assembly.Location, ".xml")).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!));

    public static string Of(PropertyInfo property) => Summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}", "");

    public static string Of(Type type) => Summaries.GetValueOrDefault($"T:{type.FullName}", "");

    public static string Of(Type type, string value) => Summaries.GetValueOrDefault($"F:{type.FullName}.{value}", "");

    private static string Text(XElement summary)
    {
        foreach (var code in summary.Descendants("c").ToList()) code.ReplaceWith($"`{code.Value}`");
        return Spaces().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
