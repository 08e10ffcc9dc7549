using System.Diagnostics;
using Doorward.Revocation.Site;

namespace Doorward.Revocation.Sources;

/// <summary>A file of the configuration is put in place by a rename; it denies one more person.</summary>
internal sealed class FileEdit(Place place) : Source(place)
{
    /// <summary>
    /// Reloads beforehand. In life they are seldom; here seven a second make .NET compile all that they run again, beside the trials: 5,200
    /// methods, 40 ms of processor time beside each of the first two hundred reloads, 5 from then on. Twice as many, for there is a load too.
    /// </summary>
    private const int WarmUp = 400;

    private readonly List<string> _denied = [];
    private Action? _rename;
    private bool _isWarm;

    public override string Name => "configuration: file renamed";

    public override async Task PrepareAsync(IReadOnlyList<Person> people)
    {
        for (var i = 0; i < WarmUp && !_isWarm; i++)
        {
            (await Place.PoliciesAsync([$"nobody-{i}@example.com"]))();
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
        _isWarm = true;
    }

    public override async Task ReadyAsync(Person person)
    {
        _denied.Add(person.Email);
        _rename = await Place.PoliciesAsync(_denied);
    }

    public override Task<long> TakeAsync(Person person)
    {
        _rename!();
        return Task.FromResult(Stopwatch.GetTimestamp());
    }
}
