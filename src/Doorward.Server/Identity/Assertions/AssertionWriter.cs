using Doorward.Server.Store.Keys;

namespace Doorward.Server.Identity.Assertions;

/// <summary>Writes and signs what one upstream is told about one person.</summary>
/// <param name="issuer">Doorward's own address, without a slash at the end: where the keys are published.</param>
internal sealed class AssertionWriter(string issuer)
{
    private const string Type = "JWT", PomeriumPrefix = "X-Pomerium-";

    private static readonly string ClaimPrefix = Product.HeaderPrefix + "Claim-";

    public IdentityHeaders Write(Testimony told, string host, SigningKey key, DateTimeOffset now)
    {
        var settings = told.Route.Identity;
        var values = new List<KeyValuePair<string, string>>();
        foreach (var (header, fact) in settings.IdentityHeaders) Add(header, fact);
        if (!settings.Pass) return new IdentityHeaders { Values = values };

        foreach (var (header, claim) in settings.JwtClaimsHeaders)
        {
            Add(header, claim);
            // A list of claims is named after us; those who come from the original look for its names.
            if (settings.PomeriumCompatibility && header.StartsWith(ClaimPrefix, StringComparison.OrdinalIgnoreCase))
                Add(string.Concat(PomeriumPrefix, "Claim-", header.AsSpan(ClaimPrefix.Length)), claim);
        }

        if (settings.PomeriumCompatibility)
            values.Add(new(PomeriumPrefix + "Jwt-Assertion", key.SignToken(Type, AssertionText.Write(told, host, host, now, compatible: true).Span)));
        return new IdentityHeaders
        {
            Assertion = key.SignToken(Type, AssertionText.Write(told, issuer, host, now, compatible: false).Span),
            Values = values,
        };

        void Add(string header, string fact)
        {
            if (told.Find(fact) is { } value && HeaderText.Of(value) is { } text) values.Add(new(header, text));
        }
    }
}
