using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;

namespace Doorward.Server.Store;

/// <summary>Values that a statement lists.</summary>
internal static class Listed
{
    /// <summary>Engines take some ten thousand arguments in one statement.</summary>
    public const int Most = 500;

    /// <summary>Rows in one argument: between two statements the deadline is looked at, and others get a turn.</summary>
    public const int MostRows = 1_000;

    private static readonly JsonWriterOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>What stands after IN, and its arguments.</returns>
    public static (string In, DynamicParameters Arguments) Of<T>(IReadOnlyList<T> values) => ($"({string.Join(", ", Names(values))})", ArgumentsOf(values));

    /// <summary>
    /// What <see cref="StoreConnection.Rows"/> takes. However many rows there are it is one argument: SQLite's driver looks each up among all of
    /// a statement's, and PostgreSQL parses and plans each.
    /// </summary>
    /// <param name="rows">Of one width each; texts, whole numbers and nulls.</param>
    public static string Json(IEnumerable<object?[]> rows)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, _plain))
        {
            json.WriteStartArray();
            foreach (var row in rows)
            {
                json.WriteStartArray();
                foreach (var value in row) Write(json, value);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    // Not the serializer: what it finds out about types first would be part of every start.
    private static void Write(Utf8JsonWriter json, object? value)
    {
        if (value is null) json.WriteNullValue();
        else if (value is long number) json.WriteNumberValue(number);
        else json.WriteStringValue((string)value);
    }

    private static IEnumerable<string> Names<T>(IReadOnlyList<T> values) => values.Select((_, i) => $"@listed{i}");

    private static DynamicParameters ArgumentsOf<T>(IReadOnlyList<T> values)
    {
        var arguments = new DynamicParameters();
        for (var i = 0; i < values.Count; i++) arguments.Add($"listed{i}", values[i]);
        return arguments;
    }
}
