using System.Collections.Frozen;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers;

/// <summary>Makes one <see cref="SignedIn"/> of what the id token and the user info say; of both, the id token wins, for it is signed.</summary>
internal sealed class ClaimReader(ProviderSettings settings, Preset preset)
{
    private const int LongestDevice = 255;

    public SignedIn Read(JsonElement token, JsonElement? userInfo, ProviderTokens tokens)
    {
        var claims = FlatClaims.Of(token, userInfo);
        var email = Email(token, userInfo);
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
            Device = Device(token),
            Tokens = tokens,
        };
    }

    // The word about an address counts only beside that address. Some say it in the user info alone; a plain «no» anywhere wins.
    private (string Address, bool Verified)? Email(params ReadOnlySpan<JsonElement?> sources)
    {
        string? address = null;
        var (said, denied) = (false, false);
        foreach (var source in sources)
        {
            if (source is not { } claims || Address(claims) is not { } found || (address is not null && found != address)) continue;
            address = found;
            said |= preset.EmailVerified(claims);
            denied |= claims.Has("email_verified") && !EmailAddress.IsVerified(claims);
        }

        if (address is null) return null;
        var domain = EmailAddress.Domain(address);
        return (address, domain is not null && ((said && !denied) || settings.AuthoritativeDomains.Contains(domain, StringComparer.OrdinalIgnoreCase)));
    }

    private string? Address(JsonElement claims) =>
        preset.EmailClaims.Select(name => claims.Text(name)).FirstOrDefault(text => !string.IsNullOrEmpty(text));

    // From the signed token alone: what a device may see hangs on it.
    private string? Device(JsonElement token) =>
        (settings.DeviceClaim ?? preset.DeviceClaim) is { } claim && FlatClaims.Of(token).TryGetValue(claim, out var value) && value.Value is string { Length: > 0 and <= LongestDevice } device ? device : null;

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
