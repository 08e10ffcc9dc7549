using Doorward.Policy;
using Doorward.Server.Access.Locks;
using Doorward.Server.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Doorward.Server.Console.Administration;

/// <summary>Locks: set, lifted, listed. Who may call is stated by the group that it is mapped in.</summary>
internal sealed class LocksApi(LockStore locks, Acts acts)
{
    public const string Path = "/locks";

    private const string Kinds = "The kinds of locks are address, route, session, person, group and device.";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ListAsync);
        routes.MapPut(Path + "/{kind}/{**key}", SetAsync);
        routes.MapDelete(Path + "/{kind}/{**key}", LiftAsync);
    }

    private async Task<Ok<IReadOnlyList<LockBody>>> ListAsync(CancellationToken cancellation) =>
        TypedResults.Ok<IReadOnlyList<LockBody>>([.. (await locks.ListAsync(cancellation)).Select(LockBody.Of)]);

    // Takes access away: done whether or not it can be recorded, and even if the caller has gone.
    private async Task<Results<NoContent, ProblemHttpResult>> SetAsync(string kind, string key, LockReasonBody body, HttpContext context)
    {
        if (!TryParse(kind, key, out var held)) return Acts.BadRequest(Kinds);
        if (held.Kind == LockKind.Address && !Networks.TryParse(key, out _)) return Acts.BadRequest($"«{key}» is no address and no network.");
        await acts.RecordAsync(context, "lock", TargetOf(held), Details(held, body.Reason));
        await locks.SetAsync(held, body.Reason, Administrator.Of(context) is { } actor ? actor.PersonId ?? actor.ServiceAccount : null);
        return TypedResults.NoContent();
    }

    private async Task<Results<NoContent, ProblemHttpResult>> LiftAsync(string kind, string key, HttpContext context, CancellationToken cancellation)
    {
        if (!TryParse(kind, key, out var held)) return Acts.BadRequest(Kinds);
        if (!await acts.RecordAsync(context, "unlock", TargetOf(held), Details(held, null))) return Acts.Unaudited();
        return await locks.LiftAsync(held, cancellation) != 0 ? TypedResults.NoContent() : Acts.NotFound($"There is no lock on {kind} «{key}».");
    }

    private static bool TryParse(string kind, string key, out Policy.Lock held)
    {
        held = new(Enum.TryParse<LockKind>(kind, ignoreCase: true, out var parsed) ? parsed : default, key);
        return Enum.IsDefined(parsed) && kind.All(char.IsAsciiLetter) && Enum.TryParse<LockKind>(kind, ignoreCase: true, out _);
    }

    private static Party TargetOf(Policy.Lock held) => held.Kind switch
    {
        LockKind.Person => new() { PersonId = held.Key },
        LockKind.Session => new() { SessionId = held.Key },
        LockKind.Device => new() { DeviceId = held.Key },
        _ => new(),
    };

    private static KeyValuePair<string, string>[] Details(Policy.Lock held, string? reason) =>
        [KeyValuePair.Create("lock", LockBody.NameOf(held)), .. reason is null ? [] : (KeyValuePair<string, string>[])[KeyValuePair.Create("reason", reason)]];
}

internal sealed record LockReasonBody(string? Reason);

internal sealed record LockBody(string Kind, string Key, string? Reason, string? SetBy, DateTimeOffset At)
{
    public static LockBody Of(HeldLock held) => new(KindOf(held.Lock), held.Lock.Key, held.Reason, held.SetBy, held.At);

    public static string NameOf(Policy.Lock held) => $"{KindOf(held)}/{held.Key}";

    private static string KindOf(Policy.Lock held) => held.Kind.ToString().ToLowerInvariant();
}
