using System.Net.Http.Json;
using Doorward.Revocation.Site;

namespace Doorward.Revocation.Sources;

/// <summary>An administrator ends a session.</summary>
internal sealed class SessionEnd(Place place) : Source(place)
{
    public override string Name => "administration: session ended";

    public override Task<long> TakeAsync(Person person) => Place.Told.ActAsync(HttpMethod.Delete, $"/sessions/{person.Session}");
}

/// <summary>An administrator locks a person.</summary>
internal sealed class PersonLock(Place place) : Source(place)
{
    public override string Name => "administration: person locked";

    public override Task<long> TakeAsync(Person person) => Place.Told.ActAsync(HttpMethod.Put, $"/locks/person/{person.Id}", JsonContent.Create(new { reason = "a trial" }));
}
