using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Scim;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Doorward.Server.Console.Administration;

/// <summary>Who tells Doorward of changes, and how long ago they last did. Who may call is stated by the group that it is mapped in.</summary>
internal sealed class SignalsApi(
    Database database, Func<IReadOnlyList<Transmitter>> transmitters, Func<ProviderSet> providers, ScimClients directories, SignalHealth health, SignalCounts counts)
{
    public const string Path = "/signals";

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path, ListAsync);

    private async Task<Ok<IReadOnlyList<SignalBody>>> ListAsync(CancellationToken cancellation)
    {
        var rows = (await database.ReadAsync(SignalSources.ListAsync, cancellation)).ToDictionary(row => row.Source, StringComparer.Ordinal);
        var senders = transmitters().ToDictionary(one => one.Source, StringComparer.Ordinal);
        var known = senders.Keys
            .Concat(directories().Select(ScimStore.SourceOf))
            .Concat(providers().All.Where(one => one.Issuers is not null).Select(one => BackChannelLogout.SourceOf(one.Settings.Name)))
            .Concat(rows.Keys).Distinct().Order(StringComparer.Ordinal);
        return TypedResults.Ok<IReadOnlyList<SignalBody>>([.. known.Select(source => Body(source, rows.GetValueOrDefault(source), senders.GetValueOrDefault(source)))]);
    }

    private SignalBody Body(string source, SourceRow? row, Transmitter? sender) => new(
        source, sender is null ? null : health.Of(sender).ToString().ToLowerInvariant(), row?.Reason, Instant(row?.Heard), row?.LastEvent, Instant(row?.Asked), Instant(row?.Echoed),
        row?.Taken ?? 0, row?.Unmatched ?? 0, counts.RefusedOf(source));

    private static DateTimeOffset? Instant(long? milliseconds) => milliseconds is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;
}

/// <param name="Source">Such as <c>signals/okta</c>, <c>scim/entra</c>, <c>logout/corp</c>.</param>
/// <param name="State">Of a transmitter: heard, silent, paused or disabled.</param>
/// <param name="Reason">What the transmitter said about its stream's status.</param>
/// <param name="Heard">When anything it said was last taken.</param>
/// <param name="LastEvent">What that was.</param>
/// <param name="Asked">When it was last asked for a verification event.</param>
/// <param name="Verified">When such an event last came.</param>
/// <param name="Taken">Since ever.</param>
/// <param name="Unmatched">Of these, the ones that were about nobody known here.</param>
/// <param name="RefusedHere">By this node, since its start.</param>
internal sealed record SignalBody(
    string Source, string? State, string? Reason, DateTimeOffset? Heard, string? LastEvent, DateTimeOffset? Asked, DateTimeOffset? Verified, long Taken, long Unmatched, long RefusedHere);
