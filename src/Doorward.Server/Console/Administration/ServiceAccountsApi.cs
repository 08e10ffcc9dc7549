using Doorward.Server.Audit;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Routes.Reload;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Doorward.Server.Console.Administration;

/// <summary>Service accounts: made, rotated, revoked, listed. Who may call is stated by the group that it is mapped in.</summary>
internal sealed class ServiceAccountsApi(ServiceAccountStore store, CurrentConfiguration configuration, AuditTrail audit, TimeProvider time)
{
    /// <summary>Below the administration's path.</summary>
    public const string Path = "/service-accounts";

    /// <summary>How long the old secret counts beside the new one: long enough to roll a fleet, short enough to remember.</summary>
    private static readonly TimeSpan _overlap = TimeSpan.FromHours(24);

    public void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path);
        group.MapGet("/", ListAsync);
        group.MapPost("/", CreateAsync);
        group.MapPost("/{name}/rotate", RotateAsync);
        group.MapDelete("/{name}", RevokeAsync);
    }

    private async Task<Ok<IReadOnlyList<ServiceAccountBody>>> ListAsync(CancellationToken cancellation) =>
        TypedResults.Ok<IReadOnlyList<ServiceAccountBody>>([.. (await store.ListAsync(cancellation)).Select(ServiceAccountBody.Of)]);

    private async Task<Results<Ok<IssuedSecretBody>, ProblemHttpResult>> CreateAsync(CreateBody body, HttpContext context, CancellationToken cancellation)
    {
        if (body.Name is not { Length: > 0 and <= 64 } name || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            return TypedResults.Problem("A name has 1 to 64 letters, digits, dots, dashes or underscores.", statusCode: StatusCodes.Status400BadRequest);
        if (body.Expires is { } end && end <= time.GetUtcNow())
            return TypedResults.Problem("The end lies in the past.", statusCode: StatusCodes.Status400BadRequest);
        if (!Enum.TryParse<ServiceAccountRole>(body.Role ?? nameof(ServiceAccountRole.None), ignoreCase: true, out var role) || !Enum.IsDefined(role))
            return TypedResults.Problem("The role is none or admin.", statusCode: StatusCodes.Status400BadRequest);
        // A slip of the finger would make an account that passes nowhere, and nobody would know why.
        if (body.Routes?.FirstOrDefault(route => configuration.Value.RouteNamed(route) is null) is { } unknown)
            return TypedResults.Problem($"There is no route «{unknown}».", statusCode: StatusCodes.Status400BadRequest);
        if (!await RecordAsync(context, "create service account", name)) return Unaudited();
        var issued = await store.CreateAsync(name, role, body.Routes?.ToHashSet(StringComparer.Ordinal), body.Expires, cancellation);
        return issued is null
            ? TypedResults.Problem($"There is a service account «{name}» already: rotate it, or revoke it first.", statusCode: StatusCodes.Status409Conflict)
            : TypedResults.Ok(IssuedSecretBody.Of(issued));
    }

    private async Task<Results<Ok<IssuedSecretBody>, ProblemHttpResult>> RotateAsync(string name, HttpContext context, CancellationToken cancellation)
    {
        if (!await RecordAsync(context, "rotate service account", name)) return Unaudited();
        var until = time.GetUtcNow() + _overlap;
        return await store.RotateAsync(name, until, cancellation) is { } issued ? TypedResults.Ok(IssuedSecretBody.Of(issued, until)) : Unknown(name);
    }

    private async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(string name, HttpContext context)
    {
        // What takes access away is done even where it cannot be recorded at once.
        await RecordAsync(context, "revoke service account", name);
        return await store.RevokeAsync(name) ? TypedResults.NoContent() : Unknown(name);
    }

    private async Task<bool> RecordAsync(HttpContext context, string act, string name) => await audit.Append(new EventRecord
    {
        Kind = EventKind.Administration,
        At = time.GetUtcNow(),
        Act = act,
        Actor = Administrator.Of(context),
        Target = new Party { ServiceAccount = name },
        RequestId = context.TraceIdentifier,
    }) == Appended.Written;

    private static ProblemHttpResult Unknown(string name) =>
        TypedResults.Problem($"There is no service account «{name}».", statusCode: StatusCodes.Status404NotFound);

    private static ProblemHttpResult Unaudited() =>
        TypedResults.Problem("The audit trail cannot be written, so nothing was changed.", statusCode: StatusCodes.Status503ServiceUnavailable);
}

internal sealed record CreateBody(string? Name, string? Role, IReadOnlyList<string>? Routes, DateTimeOffset? Expires);

internal sealed record ServiceAccountBody(string Name, string Role, IReadOnlyList<string>? Routes, DateTimeOffset Created, DateTimeOffset? Expires)
{
    public static ServiceAccountBody Of(ServiceAccount account) =>
        new(account.Name, account.Role == ServiceAccountRole.Admin ? "admin" : "none", account.Routes?.Order().ToArray(), account.Created, account.Expires);
}

/// <summary>Shown this once: only its hash is kept.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Secret">What the machine sends.</param>
/// <param name="FormerUntil">Until when the secret before it counts too; null where there was none.</param>
internal sealed record IssuedSecretBody(ServiceAccountBody Account, string Secret, DateTimeOffset? FormerUntil)
{
    public static IssuedSecretBody Of(IssuedSecret issued, DateTimeOffset? formerUntil = null) => new(ServiceAccountBody.Of(issued.Account), issued.Secret, formerUntil);
}
