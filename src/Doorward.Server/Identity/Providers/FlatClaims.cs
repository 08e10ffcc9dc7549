using System.Collections.Frozen;
using System.Text.Json;
using Doorward.Policy;

namespace Doorward.Server.Identity.Providers;

/// <summary>Claims as policies read them: nested objects joined with «/», lists as texts.</summary>
internal static class FlatClaims
{
    // Far above any directory's; a provider that sends more sends something else.
    private const int MostClaims = 500, MostItems = 20_000;

    // They speak of the token, and most differ with every one: each refresh would look like a change of the person.
    private static readonly FrozenSet<string> Passing = FrozenSet.Create(
        StringComparer.Ordinal,
        "_claim_names", "_claim_sources", "aio", "at_hash", "auth_time", "c_hash", "exp", "iat", "jti", "nbf", "nonce", "rh", "rt_hash", "s_hash", "sid", "uti", "xms_ftd");

    /// <param name="sources">Sources of claims; the first that has a name wins.</param>
    /// <exception cref="ProviderFaultException">There are too many.</exception>
    public static FrozenDictionary<string, FactValue> Of(params ReadOnlySpan<JsonElement?> sources)
    {
        var flat = new Dictionary<string, FactValue>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            if (source is not { } claims) continue;
            foreach (var claim in claims.EnumerateObject())
                if (!Passing.Contains(claim.Name)) Add(flat, claim.Name, claim.Value);
        }

        return flat.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Some claims alone.</summary>
    public static IReadOnlyDictionary<string, FactValue> Of(IEnumerable<JsonProperty> claims)
    {
        var flat = new Dictionary<string, FactValue>(StringComparer.Ordinal);
        foreach (var claim in claims) Add(flat, claim.Name, claim.Value);
        return flat;
    }

    private static void Add(Dictionary<string, FactValue> flat, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject()) Add(flat, $"{name}/{member.Name}", member.Value);
                break;
            case JsonValueKind.Array:
                if (value.GetArrayLength() > MostItems) throw TooMany($"{name} has over {MostItems} values");
                Set(flat, name, value.EnumerateArray().Select(Scalar).OfType<string>().ToArray());
                break;
            case JsonValueKind.String:
                Set(flat, name, value.GetString()!);
                break;
            case JsonValueKind.Number:
                // Beyond what a number can hold, the digits stay a text.
                Set(flat, name, value.GetDouble() is var number && double.IsFinite(number) ? number : value.GetRawText());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Set(flat, name, value.GetBoolean());
                break;
            default:
                break;
        }
    }

    private static void Set(Dictionary<string, FactValue> flat, string name, object value)
    {
        if (flat.TryAdd(name, new FactValue(value)) && flat.Count > MostClaims) throw TooMany($"there are over {MostClaims} claims");
    }

    private static string? Scalar(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.String => item.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => item.GetRawText(),
        _ => null,
    };

    private static ProviderFaultException TooMany(string what) => new(ProviderStep.UserInfo, ProviderFault.TooLarge, what);
}
