using Dapper;

namespace Doorward.Server.Store;

/// <summary>Values that a statement lists, in words that every engine understands.</summary>
internal static class Listed
{
    /// <summary>Engines take some ten thousand arguments in one statement.</summary>
    public const int Most = 500;

    /// <summary>Rows of some ten values: SQLite and its driver look each argument up among all of the statement's.</summary>
    public const int MostRows = 25;

    /// <returns>What stands after IN, and its arguments.</returns>
    public static (string In, DynamicParameters Arguments) Of<T>(IReadOnlyList<T> values) => ($"({string.Join(", ", Names(values))})", ArgumentsOf(values));

    /// <returns>What stands after FROM: a row to each, with one column, «id»; and its arguments.</returns>
    public static (string From, DynamicParameters Arguments) Rows(IReadOnlyList<string> values) =>
        ($"({string.Join(" UNION ALL ", Names(values).Select(name => $"SELECT CAST({name} AS text) AS id"))})", ArgumentsOf(values));

    /// <param name="rows">Of one width each.</param>
    /// <param name="more">Expressions that each row ends with.</param>
    /// <returns>What stands after VALUES; and its arguments.</returns>
    public static (string Values, DynamicParameters Arguments) Values(IReadOnlyList<object?[]> rows, params IEnumerable<string> more)
    {
        var at = 0;
        return (string.Join(", ", rows.Select(row => $"({string.Join(", ", row.Select(_ => $"@listed{at++}").Concat(more))})")), ArgumentsOf([.. rows.SelectMany(row => row)]));
    }

    private static IEnumerable<string> Names<T>(IReadOnlyList<T> values) => values.Select((_, i) => $"@listed{i}");

    private static DynamicParameters ArgumentsOf<T>(IReadOnlyList<T> values)
    {
        var arguments = new DynamicParameters();
        for (var i = 0; i < values.Count; i++) arguments.Add($"listed{i}", values[i]);
        return arguments;
    }
}
