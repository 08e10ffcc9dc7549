using Doorward.DevIdp.People;
using Microsoft.Extensions.Logging;

namespace Doorward.DevIdp.Telling;

/// <summary>
/// Tells the listener what happens here: of groups, accounts and end dates as a directory, of devices and sessions as a transmitter of
/// security events. A change stands even where it cannot be told; the page then says so.
/// </summary>
internal sealed partial class Teller(DirectorySender directory, SignalSender signals, Func<IEnumerable<Person>> people, TimeProvider time, ILogger<Teller> log)
{
    /// <summary>As many as the page shows.</summary>
    private const int Remembered = 8;

    private readonly Lock _lock = new();
    private readonly List<Told> _told = [];

    /// <summary>What was told lately, the latest first.</summary>
    public IReadOnlyList<Told> Lately
    {
        get
        {
            lock (_lock) return [.. _told];
        }
    }

    /// <summary>Everybody and every group, as when a directory is first connected.</summary>
    public async Task TellAllAsync(CancellationToken cancellation)
    {
        Person[] all = [.. people()];
        foreach (var person in all)
        {
            await directory.KeepPersonAsync(person, cancellation);
            if (person.DeviceCompliant is { } compliant) await signals.ComplyAsync(person, null, compliant, cancellation);
        }
        foreach (var group in SamplePeople.Groups.Union(all.SelectMany(person => person.Groups)))
            await directory.KeepGroupAsync(group, all.Where(person => person.Groups.Contains(group)), cancellation);
    }

    public async Task TellAsync(PersonChange change, CancellationToken cancellation)
    {
        var (before, after) = change;
        foreach (var left in before.Groups.Except(after.Groups)) await TellAsync("SCIM", $"{after.Name} leaves {left}", () => directory.LeaveAsync(after, left, cancellation));
        foreach (var joined in after.Groups.Except(before.Groups)) await TellAsync("SCIM", $"{after.Name} joins {joined}", () => directory.JoinAsync(after, joined, cancellation));
        if (after.EndDate != before.EndDate)
            await TellAsync("SCIM", after.EndDate is { } end ? $"{after.Name} ends at {end.UtcDateTime:HH:mm:ss} UTC" : $"{after.Name} has no end date", () => directory.EndAsync(after, cancellation));
        if (after.Active != before.Active) await TellAsync("SCIM", $"{after.Name} is {(after.Active ? "active" : "not active")}", () => directory.ActivateAsync(after, cancellation));
        if (after.DeviceCompliant is { } compliant && compliant != before.DeviceCompliant)
            await TellAsync("CAEP", $"{after.DeviceId} is {(compliant ? "compliant" : "not compliant")}", () => signals.ComplyAsync(after, before.DeviceCompliant, compliant, cancellation));
    }

    public Task RevokeAsync(Person person, CancellationToken cancellation) =>
        TellAsync("CAEP", $"{person.Name}'s sessions are over", () => signals.RevokeAsync(person, cancellation));

    private async Task TellAsync(string by, string what, Func<Task<int>> tell)
    {
        int? answer = null;
        try
        {
            answer = await tell();
        }
        catch (HttpRequestException e)
        {
            answer = (int?)e.StatusCode;
            LogUntold(log, by, what, e);
        }
        lock (_lock)
        {
            _told.Insert(0, new(time.GetUtcNow(), by, what, answer));
            if (_told.Count > Remembered) _told.RemoveAt(Remembered);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The listener did not take by {By} that {What}")]
    private static partial void LogUntold(ILogger logger, string by, string what, Exception e);
}
