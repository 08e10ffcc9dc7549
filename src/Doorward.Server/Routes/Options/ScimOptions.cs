using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>A directory that tells by SCIM 2.0 of people and groups. It sends to `/.doorward/scim/v2/NAME` on Doorward's own address.</summary>
[Section("a SCIM client")]
internal sealed record ScimOptions : Section
{
    /// <summary>A name of its own: lower-case letters, digits and dashes.</summary>
    [Key(Required = true, Example = "okta")]
    public string Name { get; init; } = "";

    /// <summary>The identity provider about whose people it may speak; about nobody else's.</summary>
    [Key(Required = true, Example = "corp")]
    public string Provider { get; init; } = "";

    /// <summary>Which attribute of a user is the subject at the provider.</summary>
    [Key(Example = "user_name", Origin = "Okta sends the user's id there, and Entra the object's id where it is mapped so.")]
    public ScimJoin Join { get; init; }

    /// <summary>The secret that it sends as a bearer token; at least 32 characters.</summary>
    [Key(Required = true, Example = "OUTPUT-OF-OPENSSL-RAND")]
    public Secret? Token { get; init; }
}

internal enum ScimJoin
{
    ExternalId,
    UserName,
}
