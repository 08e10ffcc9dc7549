using System.Diagnostics;
using System.Net.Http.Json;
using Doorward.Revocation.Site;

namespace Doorward.Revocation.Sources;

/// <summary>A person's end date comes: nobody sends anything at that moment.</summary>
internal sealed class EndDate(Place place) : Source(place)
{
    /// <summary>Between one person's end and the next: enough for a trial.</summary>
    private static readonly TimeSpan _spacing = TimeSpan.FromMilliseconds(87);

    /// <summary>Enough to watch everything before it happens.</summary>
    private static readonly TimeSpan _notice = TimeSpan.FromMilliseconds(30);

    private readonly Dictionary<string, DateTimeOffset> _ends = [];

    public override string Name => "time: end date";

    public override async Task OpenedAsync(IReadOnlyList<Person> people)
    {
        var next = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(1.2);
        foreach (var person in people) await SetAsync(person, next += _spacing);
    }

    public override async Task ReadyAsync(Person person)
    {
        // The trial before took too long.
        if (_ends[person.Subject] - DateTimeOffset.UtcNow < _notice) await SetAsync(person, DateTimeOffset.UtcNow + TimeSpan.FromSeconds(1.2));
        var rest = _ends[person.Subject] - DateTimeOffset.UtcNow - _notice;
        if (rest > TimeSpan.Zero) await Task.Delay(rest);
    }

    public override async Task<long> TakeAsync(Person person)
    {
        var rest = _ends[person.Subject] - DateTimeOffset.UtcNow;
        var at = Stopwatch.GetTimestamp() + (long)(rest.TotalSeconds * Stopwatch.Frequency);
        if (rest > TimeSpan.Zero) await Task.Delay(rest);
        return at;
    }

    private async Task SetAsync(Person person, DateTimeOffset end)
    {
        // The store keeps whole milliseconds.
        end = DateTimeOffset.FromUnixTimeMilliseconds(end.ToUnixTimeMilliseconds());
        _ends[person.Subject] = end;
        await Place.Told.ActAsync(HttpMethod.Put, $"/end-dates/{person.Id}", JsonContent.Create(new { end }));
    }
}
