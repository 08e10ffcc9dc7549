using System.Collections.Frozen;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers;

/// <summary>Makes one <see cref="SignedIn"/> of what the id token and the user info say; of both, the id token wins, for it is signed.</summary>
internal sealed class ClaimReader(ProviderSettings settings, Preset preset)
{
    public SignedIn Read(JsonElement token, JsonElement? userInfo, ProviderTokens tokens)
    {
        var claims = FlatClaims.Of(token, userInfo);
        var email = Email(token) ?? (userInfo is { } info ? Email(info) : null);
        return new SignedIn
        {
            Provider = settings.Name,
            Subject = token.Text("sub")!,
            Name = Name(token) ?? (userInfo is { } more ? Name(more) : null),
            Email = email?.Address,
            EmailVerified = email is { Verified: true },
            Groups = Groups(claims),
            Claims = claims,
            Acr = token.Text("acr"),
            Amr = token.Texts("amr"),
            AuthTime = token.Time("auth_time"),
            ProviderSessionId = token.Text("sid"),
            Tokens = tokens,
        };
    }

    // The address and the word about it must come from one place: the two together are the claim.
    private (string Address, bool Verified)? Email(JsonElement claims)
    {
        if (preset.EmailClaims.Select(name => claims.Text(name)).FirstOrDefault(text => !string.IsNullOrEmpty(text)) is not { } email) return null;
        var domain = EmailAddress.Domain(email);
        var verified = domain is not null && (preset.EmailVerified(claims) || settings.AuthoritativeDomains.Contains(domain, StringComparer.OrdinalIgnoreCase));
        return (email, verified);
    }

    private static string? Name(JsonElement claims)
    {
        if (claims.Text("name") is { } name && !string.IsNullOrWhiteSpace(name)) return name;
        var parts = string.Join(' ', new[] { claims.Text("given_name"), claims.Text("family_name") }.Where(part => !string.IsNullOrWhiteSpace(part)));
        return parts.Length > 0 ? parts : null;
    }

    private IReadOnlyList<GroupFact>? Groups(FrozenDictionary<string, FactValue> claims)
    {
        if (!claims.TryGetValue(settings.GroupsClaim ?? preset.GroupsClaim, out var value))
            return settings.AbsentGroupsMeanNone ?? preset.AbsentGroupsMeanNone ? [] : null;
        return value.Value switch
        {
            IReadOnlyList<string> list => [.. list.Select(preset.Group)],
            string one => [preset.Group(one)],
            _ => null,
        };
    }
}
