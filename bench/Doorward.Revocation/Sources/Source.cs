using Doorward.Revocation.Site;

namespace Doorward.Revocation.Sources;

/// <summary>Something that takes a person's access away.</summary>
internal abstract class Source(Place place)
{
    protected Place Place => place;

    public abstract string Name { get; }

    /// <summary>What the provider tells of these people's groups.</summary>
    public virtual IReadOnlyList<string> Groups => [Place.Staff];

    /// <summary>Before their streams are opened; their trials follow one by one.</summary>
    public virtual Task PrepareAsync(IReadOnlyList<Person> people) => Task.CompletedTask;

    /// <summary>Shortly before <see cref="TakeAsync"/>: returns when the trial may begin to watch.</summary>
    public virtual Task ReadyAsync(Person person) => Task.CompletedTask;

    /// <summary>Takes a person's access away.</summary>
    /// <returns>The stopwatch's timestamp from which on it should be gone: the sender's 2xx, where there is one.</returns>
    public abstract Task<long> TakeAsync(Person person);
}
