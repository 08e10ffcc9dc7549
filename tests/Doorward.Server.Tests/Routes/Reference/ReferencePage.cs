using System.Text;
using Doorward.Server.Routes.Loading;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Tests.Routes.Reference;

/// <summary>docs/configuration.md: an introduction, then every key as the code declares it.</summary>
internal sealed class ReferencePage
{
    private readonly StringBuilder _page = new(File.ReadAllText(Path.Combine(Loading.Golden.Root(), "tests/Doorward.Server.Tests/Routes/Reference/head.md")));
    private readonly Dictionary<Type, string> _told = [];

    public static string Write()
    {
        var page = new ReferencePage();
        page.Section(typeof(ConfigurationOptions), "", EnvironmentLayer.Prefix);
        return page._page.ToString();
    }

    private void Section(Type type, string path, string? variable)
    {
        _told[type] = path;
        var shape = SectionShape.Of(type);
        _page.Append($"\n## {(path.Length == 0 ? "Top level" : $"`{path.TrimEnd('.')}`")}\n\n{CodeComments.Of(type)}\n");
        var elsewhere = shape.Keys.Where(key => key.Property.DeclaringType != type && _told.ContainsKey(key.Property.DeclaringType!)).ToList();
        if (elsewhere.Count > 0)
            _page.Append($"\nAnd the keys {string.Join(", ", elsewhere.Select(key => $"`{key.Name}`"))}, as in `{_told[elsewhere[0].Property.DeclaringType!].TrimEnd('.')}`.\n");
        foreach (var key in shape.Keys.Except(elsewhere)) Key(key, path, variable);
        if (type.BaseType is { IsAbstract: false } general) _told.TryAdd(general, path);
        foreach (var key in shape.Keys.Except(elsewhere))
        {
            if (key.Kind.Section is not { } inner || _told.ContainsKey(inner)) continue;
            var isList = key.Kind is ListValue;
            Section(inner, $"{path}{key.Name}{(isList ? "[]" : "")}.", isList || variable is null ? null : $"{variable}{key.Name.ToUpperInvariant()}_");
        }
    }

    private void Key(KeyShape key, string path, string? variable)
    {
        _page.Append($"\n### `{path}{key.Name}`\n\n{string.Join(" · ", Facts(key, variable))}\n\n{CodeComments.Of(key.Property)}\n");
        if (Enumeration(key) is { } values)
        {
            _page.Append('\n');
            foreach (var field in values.GetFields().Where(field => field.IsLiteral))
            {
                var told = CodeComments.Of(values, field.Name);
                _page.Append($"- `{SectionShape.SnakeCase(field.Name)}`{(told.Length > 0 ? ": " + told : "")}\n");
            }
        }

        _page.Append($"\n```yaml\n{key.Name}: {key.Attribute.Example}\n```\n");
    }

    private static IEnumerable<string> Facts(KeyShape key, string? variable)
    {
        var attribute = key.Attribute;
        yield return key.Kind.Words.StartsWith("one of", StringComparison.Ordinal) ? "one of the words below" : key.Kind.Words;
        if (attribute.Required) yield return "**required**";
        else if (attribute.Default is { } words) yield return $"default: {words}";
        else if (Spelling.OfDefault(key) is { } value) yield return $"default: `{value}`";
        if (attribute.Min is { } min) yield return $"at least `{min}`";
        if (attribute.Max is { } max) yield return $"at most `{max}`";
        if (key.FileTwin is { } twin) yield return $"or `{twin}`: the path of a file that holds it";
        if (variable is not null && key.Kind is ScalarValue or TwinValue or FileValue) yield return $"environment: `{variable}{key.Name.ToUpperInvariant()}`";
        if (attribute.Origin is { } origin) yield return $"where the default comes from: {origin.TrimEnd('.')}";
    }

    private static Type? Enumeration(KeyShape key)
    {
        var type = Nullable.GetUnderlyingType(key.Property.PropertyType) ?? key.Property.PropertyType;
        return type.IsEnum ? type : null;
    }
}
