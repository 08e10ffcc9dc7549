using System.Collections.Frozen;

namespace Doorward.Server.Routes;

/// <summary>Headers that a route sets, removes and rewrites; values may hold templates such as <c>${doorward.jwt}</c>.</summary>
internal sealed record HeaderSettings
{
    public FrozenDictionary<string, HeaderTemplate> SetRequest
    {
        get;
        init => (field, ReadsTokens) = (value, ReadsTokens || Read(value));
    } = FrozenDictionary<string, HeaderTemplate>.Empty;

    public IReadOnlyList<string> RemoveRequest { get; init; } = [];

    public FrozenDictionary<string, HeaderTemplate> SetResponse
    {
        get;
        init => (field, ReadsTokens) = (value, ReadsTokens || Read(value));
    } = FrozenDictionary<string, HeaderTemplate>.Empty;

    public IReadOnlyList<ResponseHeaderRewrite> RewriteResponse { get; init; } = [];

    /// <summary>Whether a template wants the provider's tokens.</summary>
    public bool ReadsTokens { get; private init; }

    private static bool Read(FrozenDictionary<string, HeaderTemplate> templates) =>
        templates.Values.Any(template => template.Reads(TemplateValue.IdToken) || template.Reads(TemplateValue.AccessToken));
}

/// <summary>Replaces the beginning of a response header's value.</summary>
internal sealed record ResponseHeaderRewrite(string Header, string Prefix, string Value);

/// <summary>The proof of identity that the upstream gets.</summary>
internal sealed record IdentityHeaderSettings
{
    /// <summary>Sends the assertion; on by default.</summary>
    public bool Pass { get; init; } = true;

    /// <summary>Header name to fact: email, name, user, groups, sub, or a claim.</summary>
    public FrozenDictionary<string, string> IdentityHeaders { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Header name to claim; the claim also joins the assertion.</summary>
    public FrozenDictionary<string, string> JwtClaimsHeaders { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Groups that the assertion names; null: those that the allow rules name.</summary>
    public IReadOnlyList<string>? AssertionGroups { get; init; }

    /// <summary>Also sends the original product's headers.</summary>
    public bool PomeriumCompatibility { get; init; }
}
