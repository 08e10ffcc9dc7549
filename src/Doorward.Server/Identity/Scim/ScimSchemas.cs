namespace Doorward.Server.Identity.Scim;

/// <summary>The names of schemas and messages (RFC 7643, RFC 7644), and of our own extension.</summary>
internal static class ScimSchemas
{
    public const string User = "urn:ietf:params:scim:schemas:core:2.0:User";
    public const string Group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    public const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    /// <summary>A person's <c>endDate</c>, and <c>attributes</c> of any name for policies.</summary>
    public const string Doorward = "urn:doorward:params:scim:schemas:extension:1.0:User";

    public const string List = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    public const string Error = "urn:ietf:params:scim:api:messages:2.0:Error";

    public static readonly string[] Extensions = [Enterprise, Doorward];
}
