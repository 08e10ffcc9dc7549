using System.Diagnostics;
using Doorward.Revocation.Site;

namespace Doorward.Revocation.Sources;

/// <summary>A node asks the provider about a session whose tokens end, and the provider says no. Which node that is, the nodes settle among themselves.</summary>
internal sealed class RefusedRefresh(Place place) : Source(place)
{
    public override string Name => "OIDC: refresh refused";

    public override async Task OpenedAsync(IReadOnlyList<Person> people)
    {
        // Their tokens are about to end.
        foreach (var person in people) await Place.ExecuteAsync("UPDATE session_tokens SET refresh_at = 0 WHERE session = @parameter", person.Session);
    }

    public override Task ReadyAsync(Person person) => Place.Provider.RefreshOf(person.Subject).Asked.WaitAsync(TimeSpan.FromSeconds(30));

    public override Task<long> TakeAsync(Person person)
    {
        Place.Provider.RefreshOf(person.Subject).Refuse();
        return Task.FromResult(Stopwatch.GetTimestamp());
    }
}
