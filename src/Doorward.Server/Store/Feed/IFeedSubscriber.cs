namespace Doorward.Server.Store.Feed;

/// <summary>Something in memory that the change feed keeps true. Called by the feed alone, one call at a time.</summary>
internal interface IFeedSubscriber
{
    /// <summary>Forgets everything at once, and refuses until it is loaded anew.</summary>
    void Drop();

    /// <summary>Loads what must be known whole; nothing, where things are loaded on first use. After the start and after <see cref="Drop"/>.</summary>
    Task LoadAsync(CancellationToken cancellation);

    /// <summary>Makes what is in memory as true as the store. May be called twice with the same changes.</summary>
    Task ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellation);
}
