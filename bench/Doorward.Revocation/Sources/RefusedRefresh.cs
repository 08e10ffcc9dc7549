using System.Diagnostics;
using Doorward.Revocation.Site;

namespace Doorward.Revocation.Sources;

/// <summary>A node asks the provider about a session whose tokens end, and the provider says no. Which node that is, the nodes settle among themselves.</summary>
internal sealed class RefusedRefresh(Place place) : Source(place)
{
    public override string Name => "OIDC: refresh refused";

    // One person at a time: an answer that is held back holds one of the few places that a node has for a provider.
    public override async Task ReadyAsync(Person person)
    {
        await Place.ExecuteAsync("UPDATE session_tokens SET refresh_at = 0 WHERE session = @parameter", person.Session);
        await Place.Provider.RefreshOf(person.Subject).Asked.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public override Task<long> TakeAsync(Person person)
    {
        Place.Provider.RefreshOf(person.Subject).Refuse();
        return Task.FromResult(Stopwatch.GetTimestamp());
    }
}
