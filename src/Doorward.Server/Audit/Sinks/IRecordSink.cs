namespace Doorward.Server.Audit.Sinks;

/// <summary>
/// Somewhere that records go to from the segments. It gets them in order, and again from where it was when it failed: at least
/// once, told apart by node and sequence. It may be slow or away for as long as it likes; no request waits for it.
/// </summary>
internal interface IRecordSink : IAsyncDisposable
{
    /// <summary>For health, metrics and the file that remembers how far it is.</summary>
    string Name { get; }

    /// <summary>How far it is, in this node's chain; null where it cannot tell, and the drain has to remember.</summary>
    Task<long?> TakenAsync(string node, CancellationToken cancellation);

    /// <summary>Takes records over: when it returns, they need not be kept for its sake.</summary>
    Task TakeAsync(IReadOnlyList<ChainedRecord> records, CancellationToken cancellation);
}
