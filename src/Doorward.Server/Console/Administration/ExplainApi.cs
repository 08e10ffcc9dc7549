using System.Net;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Access.Locks;
using Doorward.Server.Audit;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Identity.Directory;
using Doorward.Server.Routes.Reload;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Doorward.Server.Console.Administration;

/// <summary>
/// Why a person may pass a route now, or not: by what is known of them at this moment, and of a request that is supposed. Asking is
/// recorded, because the answer is about somebody else.
/// </summary>
internal sealed class ExplainApi(CurrentConfiguration configuration, PersonSearch people, DeviceStore devices, LockTable locks, Acts acts, TimeProvider time)
{
    /// <summary>Below the administration's path.</summary>
    public const string Path = "/explain";

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost(Path, ExplainAsync);

    private async Task<Results<Ok<ExplainedBody>, ProblemHttpResult>> ExplainAsync(ExplainBody body, HttpContext context, CancellationToken cancellation)
    {
        if (body.Route is not { } name || configuration.Value.RouteNamed(name) is not { } route) return Acts.BadRequest($"There is no route «{body.Route}».");
        if (body.Address is { } written && !IPAddress.TryParse(written, out _)) return Acts.BadRequest($"«{written}» is no address.");
        if (locks.Current is not { } inForce) return TypedResults.Problem("Which locks are in force is not known, so everybody is refused.", statusCode: StatusCodes.Status503ServiceUnavailable);
        var found = await people.FindAsync(body.Person ?? "", cancellation);
        if (found.Count == 0) return Acts.BadRequest($"There is nobody with the id or e-mail address «{body.Person}»: a person is known once they have signed in, or a directory has told of them.");
        if (found.Count > 1) return Acts.BadRequest(PersonFound.Several(body.Person!, found));
        var (person, session) = (found[0].Person, found[0].Session);
        if (!await acts.RecordAsync(context, "explain access", new Party { PersonId = person.Id }, KeyValuePair.Create("route", name))) return Acts.Unaudited();
        var explanation = route.Policy.Explain(new Facts
        {
            Now = time.GetUtcNow(),
            Route = name,
            Session = session?.Facts,
            Person = person.Facts,
            Device = session?.Device is { } device ? (await devices.GetAsync(device, cancellation)).Facts : null,
            Request = new() { Method = body.Method ?? "GET", Host = body.Host ?? "", Path = body.Path ?? "/" },
            SourceIp = body.Address is { } address ? IPAddress.Parse(address) : null,
            Locks = inForce,
        });
        return TypedResults.Ok(new ExplainedBody(name, person.Id, session is not null, ExplanationText.Render(explanation), JsonSerializer.SerializeToElement(ExplanationJson.Of(explanation), ExplanationJson.Options)));
    }
}

/// <summary>Whose access is asked for, and the request that is supposed.</summary>
internal sealed record ExplainBody(string? Route, string? Person, string? Method, string? Host, string? Path, string? Address);

/// <param name="Route">The route's name.</param>
/// <param name="Person">The person's id.</param>
/// <param name="SignedIn">Whether a session of theirs is open.</param>
/// <param name="Text">The explanation in words.</param>
/// <param name="Explanation">The same for programs.</param>
internal sealed record ExplainedBody(string Route, string Person, bool SignedIn, string Text, JsonElement Explanation);
