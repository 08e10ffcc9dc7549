using Doorward.Server.Store;

namespace Doorward.Server.Tests.Store;

/// <summary>Those who write at the same time write together, and each is answered for itself.</summary>
public sealed class TogetherTests
{
    private readonly List<IReadOnlyList<int>> _written = [];
    private readonly TaskCompletionSource _began = new();
    private readonly TaskCompletionSource _open = new();

    [Fact]
    public async Task Whoever_comes_meanwhile_goes_together_in_the_next()
    {
        var together = Held();
        var first = await BeginAsync(together);
        var others = Enumerable.Range(1, 6).Select(together.AskAsync).ToList();
        _open.SetResult();
        var became = await Task.WhenAll([first, .. others]);
        Assert.Equal(Enumerable.Range(0, 7).Select(number => $"became {number}"), became);
        Assert.Equal([[0], [1, 2, 3, 4], [5, 6]], _written.Select(batch => batch.ToArray()));
    }

    [Fact]
    public async Task Whoever_may_not_join_waits_and_keeps_its_turn()
    {
        var together = Held((chosen, one) => chosen.All(other => other % 10 != one % 10));
        var first = await BeginAsync(together);
        var others = ((int[])[1, 11, 2, 21]).Select(together.AskAsync).ToList();
        _open.SetResult();
        await Task.WhenAll([first, .. others]);
        Assert.Equal([[0], [1, 2], [11], [21]], _written.Select(batch => batch.ToArray()));
    }

    [Fact]
    public async Task One_that_cannot_be_written_harms_only_itself()
    {
        var together = Held(fault: batch => batch.Contains(3) ? new InvalidOperationException("three") : null);
        var first = await BeginAsync(together);
        var others = Enumerable.Range(1, 4).Select(together.AskAsync).ToList();
        _open.SetResult();
        await first;
        Assert.Equal("three", (await Assert.ThrowsAsync<InvalidOperationException>(() => others[2])).Message);
        var became = await Task.WhenAll(others[0], others[1], others[3]);
        Assert.Equal(["became 1", "became 2", "became 4"], became);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_not_asked_for_each()
    {
        var together = Held(fault: batch => batch.Count > 1 ? new StoreUnavailableException("away") : null);
        var first = await BeginAsync(together);
        var others = Enumerable.Range(1, 4).Select(together.AskAsync).ToList();
        _open.SetResult();
        await first;
        foreach (var other in others) await Assert.ThrowsAsync<StoreUnavailableException>(() => other);
        Assert.Equal([[0], [1, 2, 3, 4]], _written.Select(batch => batch.ToArray()));
        Assert.Equal("became 5", await together.AskAsync(5));
    }

    [Fact]
    public async Task What_was_too_much_at_once_comes_in_halves()
    {
        var (asked, again) = (new TaskCompletionSource(), new TaskCompletionSource());
        Task Hold(IReadOnlyList<int> batch)
        {
            if (!batch.Contains(5)) return Task.CompletedTask;
            asked.SetResult();
            return again.Task;
        }
        var together = Held(fault: batch => batch.Count > 2 ? new StoreUnavailableException("too much") : null, holds: Hold);
        var first = await BeginAsync(together);
        var others = Enumerable.Range(1, 4).Select(together.AskAsync).ToList();
        _open.SetResult();
        await first;
        foreach (var other in others) await Assert.ThrowsAsync<StoreUnavailableException>(() => other);

        var next = together.AskAsync(5);
        await asked.Task;
        var later = Enumerable.Range(6, 4).Select(together.AskAsync).ToList();
        again.SetResult();
        await Task.WhenAll([next, .. later]);
        Assert.Equal([[0], [1, 2, 3, 4], [5], [6, 7], [8, 9]], _written.Select(batch => batch.ToArray()));
    }

    [Fact]
    public async Task Nobody_is_forgotten_and_never_are_two_under_way()
    {
        var (underWay, most) = (0, 0);
        var together = new Together<int, int>(
            async batch =>
            {
                most = Math.Max(most, Interlocked.Increment(ref underWay));
                await Task.Yield();
                Interlocked.Decrement(ref underWay);
                return [.. batch.Select(number => -number)];
            },
            (_, _) => true,
            7);
        await Parallel.ForAsync(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) => Assert.Equal(-number, await together.AskAsync(number)));
        Assert.Equal(1, most);
    }

    /// <summary>The first is being written.</summary>
    private async Task<Task<string>> BeginAsync(Together<int, string> together)
    {
        var became = together.AskAsync(0);
        await _began.Task;
        return became;
    }

    // The first is written once the test has asked for the others.
    private Together<int, string> Held(Func<IReadOnlyList<int>, int, bool>? mayJoin = null, Func<IReadOnlyList<int>, Exception?>? fault = null, Func<IReadOnlyList<int>, Task>? holds = null) => new(
        async batch =>
        {
            _written.Add(batch);
            _began.TrySetResult();
            if (batch.Contains(0)) await _open.Task;
            if (holds is not null) await holds(batch);
            return fault?.Invoke(batch) is { } thrown ? throw thrown : [.. batch.Select(number => $"became {number}")];
        },
        mayJoin ?? ((_, _) => true),
        4);
}
