using System.Globalization;
using Doorward.Server.Audit;
using Doorward.Server.Identity.Directory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Doorward.Server.Console.Administration;

/// <summary>People as all sources together tell of them, and the end dates that administrators set. Who may call is stated by the group that it is mapped in.</summary>
internal sealed class PeopleApi(DirectoryStore directory, PersonSearch people, Acts acts)
{
    public const string Path = "/people", EndDates = "/end-dates";

    private const int Most = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ListAsync);
        routes.MapGet(Path + "/{**who}", ShowAsync);
        routes.MapPut(EndDates + "/{provider}/{**subject}", SetEndAsync);
        routes.MapDelete(EndDates + "/{provider}/{**subject}", ClearEndAsync);
    }

    private async Task<Ok<IReadOnlyList<PersonBody>>> ListAsync(string? text, CancellationToken cancellation) =>
        TypedResults.Ok<IReadOnlyList<PersonBody>>([.. (await directory.ListAsync(text, Most, cancellation)).Select(PersonBody.Of)]);

    /// <param name="who">An id, or an e-mail address.</param>
    private async Task<Results<Ok<PersonBody>, ProblemHttpResult>> ShowAsync(string who, CancellationToken cancellation) => await people.FindAsync(who, cancellation) switch
    {
        [] => Acts.NotFound($"Nobody has told of a person «{who}»."),
        [var one] => TypedResults.Ok(PersonBody.Of(one.Person)),
        var several => Acts.BadRequest(PersonFound.Several(who, several)),
    };

    // Takes access away: done whether or not it can be recorded, and even if the caller has gone.
    private async Task<Results<Ok<PersonBody>, ProblemHttpResult>> SetEndAsync(string provider, string subject, EndDateBody body, HttpContext context)
    {
        var id = $"{provider}/{subject}";
        await acts.RecordAsync(context, "set end date", new Party { PersonId = id }, KeyValuePair.Create("end", body.End.ToString("O", CultureInfo.InvariantCulture)));
        await directory.SetEndAsync(id, body.End);
        return TypedResults.Ok(PersonBody.Of((await directory.FindAsync(id, CancellationToken.None))!));
    }

    private async Task<Results<Ok<PersonBody>, ProblemHttpResult>> ClearEndAsync(string provider, string subject, HttpContext context)
    {
        var id = $"{provider}/{subject}";
        if (!await acts.RecordAsync(context, "clear end date", new Party { PersonId = id })) return Acts.Unaudited();
        return await directory.SetEndAsync(id, null) ? TypedResults.Ok(PersonBody.Of((await directory.FindAsync(id, CancellationToken.None))!)) : Acts.NotFound($"No administrator has set an end date of «{id}».");
    }
}

/// <param name="End">The instant from which the person is denied everywhere; one in the past counts at once.</param>
internal sealed record EndDateBody(DateTimeOffset End);

/// <param name="SignedIn">Whether this person has ever signed in.</param>
/// <param name="EndDate">The earliest of all sources.</param>
/// <param name="Sources">What each source beside the sign-in tells.</param>
internal sealed record PersonBody(
    string Id, string? Name, string? Email, bool SignedIn, bool Active, DateTimeOffset? EndDate, IReadOnlyList<string>? Groups, IReadOnlyList<SourceBody> Sources)
{
    public static PersonBody Of(KnownPerson person)
    {
        var facts = person.Facts;
        return new(person.Id, person.Name, person.Email, person.Row is not null, facts.Active, facts.EndDate, facts.Groups?.Select(group => group.Name ?? group.Id).ToArray(), [.. person.Told.Select(SourceBody.Of)]);
    }
}

internal sealed record SourceBody(string Source, bool Active, DateTimeOffset? EndDate, DateTimeOffset At)
{
    public static SourceBody Of(DirectoryRow row) => new(
        row.Source, row.Active == 1, row.EndDate is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null, DateTimeOffset.FromUnixTimeMilliseconds(row.At));
}
