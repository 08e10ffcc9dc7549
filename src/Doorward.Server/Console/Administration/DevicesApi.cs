using System.Text.Json;
using Doorward.Server.Identity.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Doorward.Server.Console.Administration;

/// <summary>Devices, what is known of each, from whom and since when. Who may call is stated by the group that it is mapped in.</summary>
internal sealed class DevicesApi(DeviceStore devices)
{
    public const string Path = "/devices";

    private const int Most = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ListAsync);
        routes.MapGet(Path + "/{provider}/{**device}", ShowAsync);
    }

    private async Task<Ok<IReadOnlyList<DeviceBody>>> ListAsync(string? text, CancellationToken cancellation) =>
        TypedResults.Ok<IReadOnlyList<DeviceBody>>([.. (await devices.ListAsync(text, Most, cancellation)).Select(DeviceBody.Of)]);

    private async Task<Results<Ok<DeviceBody>, ProblemHttpResult>> ShowAsync(string provider, string device, CancellationToken cancellation) =>
        await devices.FindAsync(Device.IdOf(provider, device), cancellation) is { } known
            ? TypedResults.Ok(DeviceBody.Of(known))
            : Acts.NotFound($"Nobody has told of a device «{provider}/{device}», and nobody is signed in on it.");
}

/// <param name="Id">Provider and device.</param>
/// <param name="Compliant">Null where nobody has told: it is then not compliant to any policy.</param>
/// <param name="Facts">Everything that is known of it.</param>
/// <param name="Sessions">The open sessions that were begun on it.</param>
internal sealed record DeviceBody(string Id, bool? Compliant, IReadOnlyList<DeviceFactBody> Facts, IReadOnlyList<DeviceSessionBody> Sessions)
{
    public static DeviceBody Of(KnownDevice known) => new(
        known.Device.Id,
        known.Device.Facts.Compliant,
        [.. known.Device.Told.Select(fact => new DeviceFactBody(fact.Name, JsonElement.Parse(fact.Value), fact.Source, fact.When))],
        [.. known.Sessions.Select(session => new DeviceSessionBody(session.Id, session.Person))]);
}

/// <param name="Name">As policies name it.</param>
/// <param name="Value">What was told.</param>
/// <param name="Source">By whom.</param>
/// <param name="At">When it was so, by the source's clock.</param>
internal sealed record DeviceFactBody(string Name, JsonElement Value, string Source, DateTimeOffset At);

internal sealed record DeviceSessionBody(string Id, string Person);
