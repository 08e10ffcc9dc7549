using Doorward.Server.Audit;
using Doorward.Server.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Doorward.Server.Console.Administration;

/// <summary>Who is signed in, and the end of it. Who may call is stated by the group that it is mapped in.</summary>
internal sealed class SessionsApi(SessionStore sessions, Acts acts)
{
    public const string Path = "/sessions";

    /// <summary>Longer lists are asked for person by person.</summary>
    private const int Most = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path);
        group.MapGet("/", ListAsync);
        group.MapDelete("/", EndAllAsync);
        group.MapDelete("/{id}", EndAsync);
    }

    private async Task<Ok<IReadOnlyList<SessionBody>>> ListAsync(string? person, CancellationToken cancellation) =>
        TypedResults.Ok<IReadOnlyList<SessionBody>>([.. (await sessions.ListAsync(person, Most, cancellation)).Select(SessionBody.Of)]);

    // Neither end waits for its caller, nor for the record: what takes access away is done.
    private async Task<Results<Ok<EndedBody>, ProblemHttpResult>> EndAsync(string id, HttpContext context)
    {
        await acts.RecordAsync(context, "end session", new Party { SessionId = id });
        return await sessions.EndAsync(id, "ended by an administrator") ? TypedResults.Ok(new EndedBody(1)) : Acts.NotFound($"There is no session «{id}».");
    }

    private async Task<Results<Ok<EndedBody>, ProblemHttpResult>> EndAllAsync(string? person, HttpContext context)
    {
        if (string.IsNullOrEmpty(person)) return Acts.BadRequest("Name the person whose sessions end.");
        await acts.RecordAsync(context, "end sessions", new Party { PersonId = person });
        return TypedResults.Ok(new EndedBody(await sessions.EndAllAsync(person, "ended by an administrator")));
    }
}

internal sealed record SessionBody(string Id, string Person, DateTimeOffset Started, DateTimeOffset Expires, DateTimeOffset LastActivity, string? Address, string? UserAgent)
{
    public static SessionBody Of(SessionRow row) => new(
        row.Id, row.Person, DateTimeOffset.FromUnixTimeMilliseconds(row.Started), DateTimeOffset.FromUnixTimeMilliseconds(row.Expires), DateTimeOffset.FromUnixTimeMilliseconds(row.LastActivity), row.Address, row.UserAgent);
}

internal sealed record EndedBody(int Ended);
