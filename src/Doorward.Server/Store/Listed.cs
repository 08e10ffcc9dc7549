using Dapper;

namespace Doorward.Server.Store;

/// <summary>Values that a condition lists, in words that every engine understands.</summary>
internal static class Listed
{
    /// <returns>What stands after IN, and its arguments.</returns>
    public static (string In, DynamicParameters Arguments) Of<T>(IReadOnlyList<T> values)
    {
        var arguments = new DynamicParameters();
        for (var i = 0; i < values.Count; i++) arguments.Add($"listed{i}", values[i]);
        return ($"({string.Join(", ", values.Select((_, i) => $"@listed{i}"))})", arguments);
    }
}
