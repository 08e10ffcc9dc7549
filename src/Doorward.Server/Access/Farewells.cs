using System.Collections.Concurrent;
using System.Diagnostics;

namespace Doorward.Server.Access;

/// <summary>
/// Begins to tell the clients of what was cut, one after the other, and only as fast as the thread pool keeps up: a policy that ends
/// twenty-five thousand streams must not keep everybody else waiting. Nothing passes in any of them meanwhile.
/// </summary>
internal sealed class Farewells
{
    /// <summary>The first of a crowd: begun without a look at the pool.</summary>
    private const int Few = 16;

    /// <summary>Begun from one look at the pool to the next: even where it is never idle, a thousand a second. Each is several pieces of work, and whoever comes meanwhile waits behind all of them.</summary>
    private const int Batch = 2;

    /// <summary>Work that waits in the pool; where there is more, somebody else's request is waiting.</summary>
    private const int Backlog = 4;

    /// <summary>Begun from one sweep to the next. Counted anew whenever nothing waits: for fewer than these a sweep would hold up whoever comes next for longer than it saves anybody.</summary>
    private const int BetweenSweeps = 32;

    // By the system's clock: it is about what this machine does.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(1);

    private readonly ConcurrentQueue<Func<Task>> _waiting = [];
    private int _isRunning;

    /// <summary>Returns at once.</summary>
    public void Begin(Func<Task> farewell)
    {
        _waiting.Enqueue(farewell);
        // Never on the thread of the review: what is cancelled runs on it.
        if (Interlocked.Exchange(ref _isRunning, 1) == 0) _ = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        do
        {
            for (var begun = 1; _waiting.TryDequeue(out var farewell); begun++)
            {
                _ = farewell();
                if (begun % BetweenSweeps == 0) await SweepAsync();
                else if (begun > Few && begun % Batch == 0 && ThreadPool.PendingWorkItemCount > Backlog) await Task.Delay(Breath, TimeProvider.System);
            }
            Interlocked.Exchange(ref _isRunning, 0);
        }
        // One that came while the flag was still up has nobody else to begin it.
        while (!_waiting.IsEmpty && Interlocked.Exchange(ref _isRunning, 1) == 0);
    }

    /// <summary>
    /// A cut changes objects that have long been there, all over the heap. The garbage collector stops everybody for as long as it takes to go
    /// through all that were changed since it last did: left to itself, for 50 ms and more at a time; called after a few, for 5.
    /// </summary>
    private static async Task SweepAsync()
    {
        for (var swept = false; !swept;)
        {
            var (began, before) = (Stopwatch.GetTimestamp(), GC.CollectionCount(generation: 1));
            // Not blocking: a blocking one was seen to take the oldest generation too, half a second in one piece. The young ones are done all the same when it returns.
            GC.Collect(generation: 1, GCCollectionMode.Forced, blocking: false);
            // Where the oldest is collected in the background just now it does nothing, and nothing is begun until that is over.
            swept = GC.CollectionCount(generation: 1) != before;
            // Twice as long as it took nothing is begun: at most a third of the time goes into sweeps.
            await Task.Delay(swept ? 2 * Stopwatch.GetElapsedTime(began) : Breath, TimeProvider.System);
        }
    }
}
