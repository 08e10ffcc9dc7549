using System.Diagnostics;
using System.Net.Http.Json;
using Doorward.Revocation.Site;

namespace Doorward.Revocation.Sources;

/// <summary>A person's end date comes: nobody sends anything at that moment.</summary>
internal sealed class EndDate(Place place) : Source(place)
{
    /// <summary>Enough for every node to know of it and to let the person in before.</summary>
    private static readonly TimeSpan _notice = TimeSpan.FromMilliseconds(400);

    private DateTimeOffset _end;

    public override string Name => "time: end date";

    public override async Task ReadyAsync(Person person)
    {
        // The store keeps whole milliseconds.
        _end = DateTimeOffset.FromUnixTimeMilliseconds((DateTimeOffset.UtcNow + _notice).ToUnixTimeMilliseconds());
        await Place.Told.ActAsync(HttpMethod.Put, $"/end-dates/{person.Id}", JsonContent.Create(new { end = _end }));
    }

    public override async Task<long> TakeAsync(Person person)
    {
        var rest = _end - DateTimeOffset.UtcNow;
        var at = Stopwatch.GetTimestamp() + (long)(rest.TotalSeconds * Stopwatch.Frequency);
        if (rest > TimeSpan.Zero) await Task.Delay(rest);
        return at;
    }
}
