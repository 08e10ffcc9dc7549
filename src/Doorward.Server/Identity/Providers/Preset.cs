using System.Collections.Frozen;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Identity.Providers.Presets;

namespace Doorward.Server.Identity.Providers;

/// <summary>What one kind of provider does otherwise than the standard says, or than others do.</summary>
internal sealed record Preset
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>The issuer where all customers share one; null where the operator must write it.</summary>
    public string? Url { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = ["openid", "profile", "email", "offline_access"];

    public IReadOnlyDictionary<string, string> AuthorizationParameters { get; init; } = FrozenDictionary<string, string>.Empty;

    public string GroupsClaim { get; init; } = "groups";

    /// <summary>The claim of the id token that names the device; null where there is none.</summary>
    public string? DeviceClaim { get; init; }

    public bool AbsentGroupsMeanNone { get; init; }

    /// <summary>The answer comes as a form that another site posts, so that our Lax cookies do not come along.</summary>
    public bool FormPost { get; init; }

    /// <summary>The issuer that tokens and discovery name, from the URL that the operator wrote.</summary>
    public Func<string, string> Issuer { get; init; } = static url => url;

    /// <summary>The client secret, where it is made anew each time.</summary>
    public Func<ProviderSettings, DateTimeOffset, string>? Secret { get; init; }

    /// <summary>Whether the e-mail is this person's, by these claims.</summary>
    public Func<JsonElement, bool> EmailVerified { get; init; } = EmailAddress.IsVerified;

    /// <summary>The claims that may hold the e-mail, the likeliest first.</summary>
    public IReadOnlyList<string> EmailClaims { get; init; } = ["email"];

    /// <summary>A group as the token names it, with its name where it can be told.</summary>
    public Func<string, GroupFact> Group { get; init; } = static text => new GroupFact(text);

    /// <summary>Fetches the groups that did not fit into the token; null where the claims say that they did.</summary>
    public Func<GroupsRequest, CancellationToken, Task<IReadOnlyList<GroupFact>?>>? MoreGroups { get; init; }

    /// <summary>Its own sign-out page; null where the standard's is to be used.</summary>
    public Func<ProviderSettings, ProviderMetadata, Uri, Uri?> SignOut { get; init; } = static (_, _, _) => null;

    public static FrozenDictionary<string, Preset> All { get; } = new[]
    {
        Apple.Preset, Auth0.Preset, Cognito.Preset, Entra.Preset, GitHub.Preset, GitLab.Preset, Google.Preset,
        Keycloak.Preset, Okta.Preset, OneLogin.Preset, OpenId.Preset, Ping.Preset,
    }.ToFrozenDictionary(p => p.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => All.Keys.Order(StringComparer.Ordinal);
}

/// <summary>What fetching groups elsewhere needs.</summary>
internal sealed record GroupsRequest(JsonElement Claims, string AccessToken, ProviderSettings Settings, BoundedHttp Http);
