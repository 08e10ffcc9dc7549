namespace Doorward.Server.Store;

/// <summary>
/// Writes of one kind that come at the same time go together: whoever comes while a transaction is under way waits, and the next one
/// takes all that wait. Where one comes at a time each has a transaction of its own; where thousands come, they share the round trips and
/// the disk's word. Each is answered once its transaction is committed, and for itself. Nobody's going away stops it.
/// </summary>
/// <param name="write">Does these in one transaction, and says what became of each, in their order. What it throws is about all of them.</param>
/// <param name="mayJoin">Whether one may go with those that are chosen already; where not, it goes in a later transaction, and keeps its turn.</param>
/// <param name="most">In one transaction; after one that the store did not get to in time half as many, until others are through.</param>
internal sealed class Together<TAsked, TBecame>(Func<IReadOnlyList<TAsked>, Task<IReadOnlyList<TBecame>>> write, Func<IReadOnlyList<TAsked>, TAsked, bool> mayJoin, int most)
{
    private readonly Lock _gate = new();
    private List<Waiting> _waiting = [];
    private bool _isUnderWay;
    private int _halvings;

    private int Room => Math.Max(1, most >> _halvings);

    public Task<TBecame> AskAsync(TAsked asked)
    {
        var one = new Waiting(asked);
        lock (_gate)
        {
            _waiting.Add(one);
            if (!_isUnderWay) Start();
            _isUnderWay = true;
        }
        return one.Became.Task;
    }

    // It works for all that come, not in the name of whoever came first.
    private void Start()
    {
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        while (Take() is { Count: > 0 } taken) await WriteAsync(taken);
    }

    private async Task WriteAsync(IReadOnlyList<Waiting> taken)
    {
        try
        {
            var became = await write([.. taken.Select(one => one.Asked)]);
            for (var i = 0; i < taken.Count; i++) taken[i].Became.TrySetResult(became[i]);
            if (taken.Count == Room) _halvings = Math.Max(0, _halvings - 1);
        }
        catch (Exception e) when (taken.Count == 1 || e is StoreUnavailableException)
        {
            // What is too much at once would come again as it was.
            if (taken.Count > 1) _halvings++;
            foreach (var one in taken) one.Became.TrySetException(e);
        }
        catch (Exception)
        {
            // One of them cannot be written: the others can.
            foreach (var one in taken) await WriteAsync([one]);
        }
    }

    private List<Waiting> Take()
    {
        lock (_gate)
        {
            var (taken, asked, left) = (new List<Waiting>(), new List<TAsked>(), new List<Waiting>());
            foreach (var one in _waiting)
            {
                if (taken.Count < Room && mayJoin(asked, one.Asked))
                {
                    taken.Add(one);
                    asked.Add(one.Asked);
                }
                else
                {
                    left.Add(one);
                }
            }
            _waiting = left;
            _isUnderWay = taken.Count > 0;
            return taken;
        }
    }

    private sealed record Waiting(TAsked Asked)
    {
        public TaskCompletionSource<TBecame> Became { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
