using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.Scim;

/// <summary>What a SCIM client did wrong, as it is told (RFC 7644, 3.12). Nothing was changed.</summary>
internal sealed class ScimFault(int status, string? type, string detail) : Exception(detail)
{
    public int Status => status;

    /// <summary>The protocol's own word for it; null where it has none.</summary>
    public string? Type => type;

    public static ScimFault InvalidValue(string detail) => new(StatusCodes.Status400BadRequest, "invalidValue", detail);

    public static ScimFault InvalidSyntax(string detail) => new(StatusCodes.Status400BadRequest, "invalidSyntax", detail);

    public static ScimFault InvalidFilter(string detail) => new(StatusCodes.Status400BadRequest, "invalidFilter", detail);

    public static ScimFault InvalidPath(string detail) => new(StatusCodes.Status400BadRequest, "invalidPath", detail);

    public static ScimFault NoTarget(string detail) => new(StatusCodes.Status400BadRequest, "noTarget", detail);

    public static ScimFault NotUnique(string detail) => new(StatusCodes.Status409Conflict, "uniqueness", detail);

    public static ScimFault NotFound(string detail) => new(StatusCodes.Status404NotFound, null, detail);

    public static ScimFault Changed() => new(StatusCodes.Status412PreconditionFailed, null, "The resource has changed since.");
}
