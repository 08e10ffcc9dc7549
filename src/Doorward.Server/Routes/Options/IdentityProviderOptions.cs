using System.Collections.ObjectModel;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>An identity provider. Its redirect URI is `/oauth2/callback` on Doorward's own address.</summary>
[Section("an identity provider")]
internal sealed record IdentityProviderOptions : Section
{
    /// <summary>A name of its own: lower-case letters, digits and dashes. It is part of every person's id, so renaming a provider makes new persons.</summary>
    [Key(Required = true, Example = "corp")]
    public string Name { get; init; } = "";

    /// <summary>What people read when they choose.</summary>
    [Key(Example = "Example Corp", Default = "the name")]
    public string? Title { get; init; }

    /// <summary>The product, whose quirks are then known.</summary>
    [Key(Example = "entra")]
    public ProviderPreset Preset { get; init; } = ProviderPreset.Oidc;

    /// <summary>The issuer, exactly as its discovery document says. Google, GitHub, GitLab and Apple have one of their own.</summary>
    [Key(Example = "https://login.microsoftonline.com/TENANT/v2.0", Default = "the preset's, where it has one")]
    public Uri? Issuer { get; init; }

    /// <summary>The client id that the provider gave.</summary>
    [Key(Required = true, Example = "doorward")]
    public string ClientId { get; init; } = "";

    /// <summary>The client's secret. A public client, with PKCE alone, has none.</summary>
    [Key(Example = "s3cr3t", Default = "none")]
    public Secret? ClientSecret { get; init; }

    /// <summary>A private key on the curve P-256, PKCS #8 in PEM: for Apple, and for providers that take a signed assertion instead of a secret (RFC 7523).</summary>
    [Key(Example = "-----BEGIN PRIVATE KEY----- ...", Default = "none")]
    public Secret? PrivateKey { get; init; }

    /// <summary>The provider's name for `private_key`.</summary>
    [Key(Example = "ABC123DEFG", Default = "none")]
    public string? PrivateKeyId { get; init; }

    /// <summary>Apple's id of the team that owns the client.</summary>
    [Key(Example = "A1B2C3D4E5", Default = "none")]
    public string? TeamId { get; init; }

    /// <summary>The tenants of Microsoft Entra whose people may sign in, by their ids, where `issuer` is the one for many (`organizations`).</summary>
    [Key(Example = "[ 72f988bf-86f1-41af-91ab-2d7cd011db47 ]", Default = "none")]
    public IReadOnlyList<string> Tenants { get; init; } = [];

    /// <summary>The authorities that the provider's certificate is checked against, instead of the system's.</summary>
    [Key(Example = "LS0tLS1CRUdJTi...", Default = "the system's")]
    public Pem? Ca { get; init; }

    /// <summary>What is asked for; replaces the preset's.</summary>
    [Key(Example = "[ openid, profile, email, groups ]", Default = "the preset's; otherwise openid, profile, email, offline_access")]
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Further parameters of the authorization request.</summary>
    [Key(Example = "{ prompt: select_account }", Default = "the preset's")]
    public IReadOnlyDictionary<string, string> RequestParams { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The e-mail domains for which this provider's word is enough: an e-mail there counts as verified even if the token does not say so.</summary>
    [Key(Example = "[ example.com ]", Default = "none")]
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>The e-mail domains whose people are sent here when they say who they are; `domains` are among them.</summary>
    [Key(Example = "[ example.com, example.net ]", Default = "`domains`")]
    public IReadOnlyList<string> DomainHints { get; init; } = [];

    /// <summary>The claim that lists a person's groups; nested claims are joined with a slash.</summary>
    [Key(Example = "realm_access/roles", Default = "the preset's; otherwise groups")]
    public string? GroupsClaim { get; init; }

    /// <summary>The claim of the id token that names the device on which a person signed in; nested claims are joined with a slash.</summary>
    [Key(Example = "device/id", Default = "the preset's, where it has one")]
    public string? DeviceClaim { get; init; }

    /// <summary>The authentication context classes to ask for at every sign-in, best first. Policies ask for others by themselves.</summary>
    [Key(Example = "[ urn:example:mfa ]", Default = "none")]
    public IReadOnlyList<string> AcrValues { get; init; } = [];
}

internal enum ProviderPreset
{
    /// <summary>Any OpenID provider.</summary>
    Oidc,
    Apple,
    Auth0,
    Cognito,

    /// <summary>Microsoft Entra ID, formerly Azure AD.</summary>
    [Alias("azure")]
    Entra,
    Github,
    Gitlab,
    Google,
    Keycloak,
    Okta,
    Onelogin,
    Ping,
}
