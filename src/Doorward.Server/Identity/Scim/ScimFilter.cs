using System.Text.Json;
using System.Text.Json.Nodes;

namespace Doorward.Server.Identity.Scim;

/// <summary>A question to a resource (RFC 7644, 3.4.2.2).</summary>
internal abstract record ScimFilter
{
    public abstract bool Matches(JsonObject resource);

    public static ScimFilter Parse(string text) => new ScimFilterReader(text).Read();

    public sealed record And(ScimFilter Left, ScimFilter Right) : ScimFilter
    {
        public override bool Matches(JsonObject resource) => Left.Matches(resource) && Right.Matches(resource);
    }

    public sealed record Or(ScimFilter Left, ScimFilter Right) : ScimFilter
    {
        public override bool Matches(JsonObject resource) => Left.Matches(resource) || Right.Matches(resource);
    }

    public sealed record Not(ScimFilter Of) : ScimFilter
    {
        public override bool Matches(JsonObject resource) => !Of.Matches(resource);
    }

    /// <summary>One comparison. Text is compared without case, as most attributes of the core schema want (caseExact: false).</summary>
    public sealed record Compare(ScimPath Path, string Operator, JsonNode? Value) : ScimFilter
    {
        /// <summary>The text that is asked for; null where it is none.</summary>
        public string? Text => Value?.GetValueKind() == JsonValueKind.String ? Value.GetValue<string>() : null;

        public override bool Matches(JsonObject resource)
        {
            var values = Path.Values(resource);
            return Operator switch
            {
                "pr" => values.Any(),
                "ne" => !values.Any(value => Order(value) == 0),
                _ => values.Any(Holds),
            };
        }

        private bool Holds(JsonNode value) => Operator switch
        {
            "eq" => Order(value) == 0,
            "gt" => Order(value) > 0,
            "ge" => Order(value) >= 0,
            "lt" => Order(value) < 0,
            "le" => Order(value) <= 0,
            _ => Text is { } part && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var text && Operator switch
            {
                "co" => text.Contains(part, StringComparison.OrdinalIgnoreCase),
                "sw" => text.StartsWith(part, StringComparison.OrdinalIgnoreCase),
                _ => text.EndsWith(part, StringComparison.OrdinalIgnoreCase),
            },
        };

        private int? Order(JsonNode value) => (value.GetValueKind(), Value?.GetValueKind() ?? JsonValueKind.Null) switch
        {
            (JsonValueKind.String, JsonValueKind.String) => string.Compare(value.GetValue<string>(), Text, StringComparison.OrdinalIgnoreCase),
            (JsonValueKind.Number, JsonValueKind.Number) => value.GetValue<double>().CompareTo(Value!.GetValue<double>()),
            (JsonValueKind.True or JsonValueKind.False, JsonValueKind.True or JsonValueKind.False) => value.GetValue<bool>().CompareTo(Value!.GetValue<bool>()),
            // Entra asks for booleans in quotes.
            (JsonValueKind.True or JsonValueKind.False, JsonValueKind.String) when bool.TryParse(Text, out var asked) => value.GetValue<bool>().CompareTo(asked),
            _ => null,
        };
    }
}
