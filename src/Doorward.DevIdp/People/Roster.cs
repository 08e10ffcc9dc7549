using System.Collections.Immutable;

namespace Doorward.DevIdp.People;

/// <summary>The people, and the one way to change them.</summary>
internal sealed class Roster : IDisposable
{
    private readonly Func<PersonChange, CancellationToken, Task> _tell;
    private readonly StateFile<List<Person>> _file;
    private readonly SemaphoreSlim _changing = new(1);
    private volatile ImmutableSortedDictionary<string, Person> _people;

    /// <param name="options">Whom it starts with.</param>
    /// <param name="tell">Hears of each change before whoever made it goes on.</param>
    public Roster(DevIdpOptions options, Func<PersonChange, CancellationToken, Task> tell)
    {
        _tell = tell;
        _file = new(options.StateFolder, "people.json");
        _people = (_file.Load() ?? options.People).ToImmutableSortedDictionary(p => p.UserName, p => p, StringComparer.OrdinalIgnoreCase);
    }

    public IEnumerable<Person> All => _people.Values;

    public Person? Find(string userName) => _people.GetValueOrDefault(userName);

    public Person? FindBySubject(string subject) => _people.Values.FirstOrDefault(p => p.Subject == subject);

    /// <summary>Changes one person and tells of it; the change stands even if the telling fails.</summary>
    public async Task<Person> ChangeAsync(string userName, Func<Person, Person> change, CancellationToken cancellation = default)
    {
        await _changing.WaitAsync(cancellation);
        try
        {
            var before = _people[userName];
            var after = change(before);
            _people = _people.SetItem(userName, after);
            _file.Save([.. _people.Values]);
            if (after != before)
                await _tell(new(before, after), cancellation);
            return after;
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();
}
