using System.Text;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Archive;
using Doorward.Server.Audit.Checkpoints;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Doorward.Server.Console.Administration;

/// <summary>The records, as administrators and auditors ask for them: as JSON lines, byte for byte as they were hashed.</summary>
internal sealed class AuditApi(
    Database database, RecordArchive archive, CheckpointMaker checkpoints, Pseudonymisation pseudonymisation, FormerPolicies policies, AuditTrail audit, TimeProvider time)
{
    /// <summary>Below the administration's path.</summary>
    public const string Path = "/audit";

    private const string Lines = "application/x-ndjson";
    private const int MostRecords = 100_000;

    /// <summary>Records that go out at once.</summary>
    private const int PageRecords = 512;

    /// <summary>People of one e-mail address, at several providers.</summary>
    private const int MostPeople = 10;

    public void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path);
        group.MapGet("/records", FindAsync);
        group.MapGet("/extract", ExtractAsync);
        group.MapGet("/chains", async (CancellationToken cancellation) => (await archive.ChainsAsync(cancellation)).Select(point => new ChainBody(point.Node, point.Sequence)).ToList());
        group.MapPost("/checkpoints", CheckpointsAsync);
        group.MapPost("/pseudonyms", PseudonymAsync);
        group.MapGet("/policies/{digest}", NamesAsync);
    }

    private async Task FindAsync(
        HttpContext context, string? person, string? route, string? outcome, string? reason, string? kind, string? request, DateTimeOffset? from, DateTimeOffset? to, int? limit, CancellationToken cancellation)
    {
        var most = Math.Clamp(limit ?? 100, 1, MostRecords);
        var found = new List<ChainedRecord>();
        foreach (var id in person is null ? new string?[] { null } : await PeopleAsync(person, cancellation))
            found.AddRange(await archive.FindAsync(
                new() { Person = id, Route = route, Outcome = outcome, Reason = reason, Kind = kind, RequestId = request, From = from, To = to, Limit = most }, cancellation));
        context.Response.ContentType = Lines;
        foreach (var page in found.Take(most).Chunk(PageRecords)) await WriteAsync(context, page, cancellation);
    }

    private async Task ExtractAsync(HttpContext context, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellation)
    {
        if (!await RecordAsync(context, "extract audit records", [new("from", $"{from:u}"), new("to", $"{to:u}")]))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        context.Response.ContentType = Lines;
        foreach (var chain in await archive.ChainsAsync(cancellation))
            await foreach (var page in archive.ReadChainAsync(chain.Node, cancellation, from is { } first ? DayTable.DayOf(first) : long.MinValue, to is { } last ? DayTable.DayOf(last) : long.MaxValue))
                await WriteAsync(context, page, cancellation);
    }

    /// <summary>Signs one over what is there now, and gives all.</summary>
    private async Task CheckpointsAsync(HttpContext context, CancellationToken cancellation)
    {
        await checkpoints.RunAsync(cancellation);
        context.Response.ContentType = Lines;
        foreach (var line in await database.ReadAsync(store => store.QueryAsync<string>("SELECT signed FROM audit_checkpoints ORDER BY at"), cancellation))
            await context.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellation);
    }

    private async Task<Results<Ok<PseudonymBody>, ProblemHttpResult>> PseudonymAsync(PseudonymiseBody body, HttpContext context)
    {
        if (body.Person is not { Length: > 0 } person) return TypedResults.Problem("Name a person by their id.", statusCode: StatusCodes.Status400BadRequest);
        // Who it was is not written down: it would be one more record of them.
        if (!await RecordAsync(context, "pseudonymise", [])) return TypedResults.Problem("The audit trail cannot be written, so nothing was changed.", statusCode: StatusCodes.Status503ServiceUnavailable);
        // Begun, it is ended, even if the caller hangs up.
        try
        {
            var (name, records) = await pseudonymisation.RunAsync(person, CancellationToken.None);
            return TypedResults.Ok(new PseudonymBody(name, records));
        }
        catch (DamagedBlockException damaged)
        {
            return TypedResults.Problem($"{damaged.Message} Somebody changed them; «doorward audit verify --store» says more. The person may still stand in them and behind them.", statusCode: StatusCodes.Status409Conflict);
        }
    }

    private async Task<Results<Ok<NamesBody>, ProblemHttpResult>> NamesAsync(string digest, CancellationToken cancellation)
    {
        if (await policies.FindAsync(digest, cancellation) is not { } policy) return TypedResults.Problem($"No policy «{digest}» was kept.", statusCode: StatusCodes.Status404NotFound);
        var names = policy.Names;
        return TypedResults.Ok(new NamesBody(
            policy.Digest, (int)policy.Reads, names.All, names.WholeGroups, [.. names.Groups], names.Claims, names.PersonAttributes, names.DeviceAttributes, names.Headers, names.QueryParameters, names.Records));
    }

    /// <summary>Hands on a page as a whole: a flush for each record would cost more than the records.</summary>
    private static async Task WriteAsync(HttpContext context, IReadOnlyList<ChainedRecord> page, CancellationToken cancellation)
    {
        var body = context.Response.BodyWriter;
        foreach (var record in page) RecordLine.Write(body, record);
        await body.FlushAsync(cancellation);
    }

    private async Task<IReadOnlyList<string?>> PeopleAsync(string person, CancellationToken cancellation)
    {
        if (!person.Contains('@', StringComparison.Ordinal) || person.Contains('/', StringComparison.Ordinal)) return [person];
        var ids = await database.ReadAsync(store => store.QueryAsync<string>($"SELECT id FROM persons WHERE lower(email) = lower(@person) LIMIT {MostPeople}", new { person }), cancellation);
        return ids.Count == 0 ? [person] : ids;
    }

    private async Task<bool> RecordAsync(HttpContext context, string act, IReadOnlyList<KeyValuePair<string, string>> details) => await audit.Append(new EventRecord
    {
        Kind = EventKind.Administration,
        At = time.GetUtcNow(),
        Act = act,
        Actor = Administrator.Of(context),
        RequestId = context.TraceIdentifier,
        Details = details,
    }) == Appended.Written;
}

internal sealed record ChainBody(string Node, long Sequence);

internal sealed record PseudonymiseBody(string? Person);

internal sealed record PseudonymBody(string Name, long Records);

/// <summary>What the records of a policy hold.</summary>
internal sealed record NamesBody(
    string Digest, int Reads, bool All, bool WholeGroups, IReadOnlyList<string> Groups, IReadOnlyList<string> Claims, IReadOnlyList<string> PersonAttributes,
    IReadOnlyList<string> DeviceAttributes, IReadOnlyList<string> Headers, IReadOnlyList<string> QueryParameters, IReadOnlyList<string> Records);
