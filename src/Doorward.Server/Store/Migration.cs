using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Doorward.Server.Store;

/// <summary>
/// One numbered step of the schema: a file <c>NNNN-name.sql</c> that lies beside the noun it stores. Plain SQL for every engine:
/// <c>bigint</c>, <c>text</c> and <c>bytea</c> only, instants as Unix milliseconds, <c>IF NOT EXISTS</c>. Its first line,
/// <c>-- needs: N</c>, names the oldest schema that a Doorward must know to serve on a store that has this step: one that only
/// adds (expand) needs an older one, so that the version before serves beside this one; one that takes away (contract) needs the
/// step that stopped using what it takes.
/// </summary>
internal sealed partial record Migration(int Number, string Name, int Needs, string Sql)
{
    /// <summary>Every step that this Doorward knows, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load(typeof(Migration).Assembly);

    private static List<Migration> Load(Assembly assembly)
    {
        var found = assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Select(name => Read(assembly, name));
        return [.. found.OrderBy(migration => migration.Number)];
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var sql = reader.ReadToEnd();
        var needs = NeedsLine().Match(sql);
        if (!needs.Success)
            throw new InvalidOperationException($"{resource} does not start with '-- needs: N'.");
        return new(int.Parse(resource.AsSpan(0, 4), CultureInfo.InvariantCulture), resource[..^4], int.Parse(needs.Groups[1].ValueSpan, CultureInfo.InvariantCulture), sql);
    }

    [GeneratedRegex(@"\A-- needs: ([0-9]+)\n")]
    private static partial Regex NeedsLine();
}
