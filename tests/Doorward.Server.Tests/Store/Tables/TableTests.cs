using System.Collections.Concurrent;
using Doorward.Server.Store;
using Doorward.Server.Store.Feed;
using Doorward.Server.Store.Tables;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Store.Tables;

public sealed class TableTests
{
    private readonly ManualTime _time = new();
    private int _loads;
    private Table<string>? _table;

    [Fact]
    public async Task A_row_is_loaded_once_and_then_read_from_memory()
    {
        var table = Table(key => Task.FromResult<string?>($"row {key}"));
        Assert.False(table.TryGet("a", out _));

        var first = await table.LoadAsync("a");
        var second = await table.LoadAsync("a");

        Assert.Equal(Lookup<string>.Found("row a"), first);
        Assert.Equal(first, second);
        Assert.True(table.TryGet("a", out _));
        Assert.Equal(1, _loads);
    }

    [Fact]
    public async Task A_thousand_who_miss_the_same_row_wait_for_one_load()
    {
        var answer = new TaskCompletionSource<string?>();
        var table = Table(_ => answer.Task);

        var waiting = Enumerable.Range(0, 1000).Select(_ => table.LoadAsync("a").AsTask()).ToArray();
        answer.SetResult("row");

        Assert.All(await Task.WhenAll(waiting), lookup => Assert.Equal("row", lookup.Value));
        Assert.Equal(1, _loads);
    }

    [Fact]
    public async Task Absence_is_not_remembered()
    {
        string? row = null;
        var table = Table(_ => Task.FromResult(row));

        Assert.Equal(Lookup<string>.Absent, await table.LoadAsync("a"));
        row = "made since";

        Assert.Equal("made since", (await table.LoadAsync("a")).Value);
    }

    [Fact]
    public async Task An_outage_does_not_look_like_absence()
    {
        var table = Table(_ => throw new StoreUnavailableException("down"));

        Assert.Equal(LookupKind.Unavailable, (await table.LoadAsync("a")).Kind);
    }

    [Fact]
    public async Task A_load_that_hangs_is_unavailable_after_the_deadline()
    {
        var table = Table(_ => new TaskCompletionSource<string?>().Task);

        var lookup = table.LoadAsync("a").AsTask();
        await Eventually.Holds(() => _loads == 1);
        _time.Advance(new TableOptions().Deadline);

        Assert.Equal(LookupKind.Unavailable, (await lookup).Kind);
    }

    [Fact]
    public async Task Loads_that_hang_keep_their_places_and_the_rest_is_answered_in_time()
    {
        var table = Table(_ => new TaskCompletionSource<string?>().Task, new() { Concurrency = 2 });

        var lookups = Enumerable.Range(0, 10).Select(i => table.LoadAsync($"{i}").AsTask()).ToArray();
        await Eventually.Holds(() => _loads == 2);
        _time.Advance(new TableOptions().Deadline);

        Assert.All(await Task.WhenAll(lookups), lookup => Assert.Equal(LookupKind.Unavailable, lookup.Kind));
        Assert.Equal(2, _loads);
    }

    [Fact]
    public async Task Thousands_that_are_missed_at_once_are_read_together()
    {
        var batches = new ConcurrentBag<int>();
        var first = new TaskCompletionSource();
        var table = Batched(async keys =>
        {
            batches.Add(keys.Count);
            await first.Task;
            return keys.Where(key => key != "4711").ToDictionary(key => key, key => $"row {key}");
        });

        var lookups = Enumerable.Range(0, 5000).Select(i => table.LoadAsync($"{i}").AsTask()).ToArray();
        first.SetResult();
        var found = await Task.WhenAll(lookups);

        Assert.Equal(Lookup<string>.Absent, found[4711]);
        Assert.Equal("row 4712", found[4712].Value);
        Assert.Equal(4999, found.Count(lookup => lookup.Kind == LookupKind.Found));
        Assert.Equal(5000, batches.Sum());
        Assert.InRange(batches.Count, 1, 5000 / new TableOptions().Batch + 1 + new TableOptions().Concurrency);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_keeps_no_other_from_being_read()
    {
        var first = new TaskCompletionSource();
        var table = Batched(async keys =>
        {
            await first.Task;
            return keys.Contains("7") ? throw new FormatException("unreadable") : keys.ToDictionary(key => key, key => key);
        });

        var lookups = Enumerable.Range(0, 200).Select(i => table.LoadAsync($"{i}").AsTask()).ToArray();
        first.SetResult();

        for (var i = 0; i < lookups.Length; i++)
        {
            if (i == 7) await Assert.ThrowsAsync<FormatException>(() => lookups[7]);
            else Assert.Equal($"{i}", (await lookups[i]).Value);
        }
    }

    [Fact]
    public async Task Of_rows_that_are_read_together_the_one_that_changes_meanwhile_is_read_again()
    {
        var (reading, go, second) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource<IReadOnlyList<string>>());
        var table = Batched(
            async keys =>
            {
                if (keys is ["first"])
                {
                    reading.SetResult();
                    await go.Task;
                }
                else if (keys.Count == 2 && second.Task.IsCompleted is false)
                {
                    second.SetResult(keys);
                    await ((IFeedSubscriber)_table!).ApplyAsync([new Change("thing", "a")], default);
                    return keys.ToDictionary(key => key, key => "old");
                }
                return keys.ToDictionary(key => key, key => "new");
            },
            new() { Concurrency = 1 });
        _table = table;
        var first = table.LoadAsync("first").AsTask();
        await reading.Task;
        var (a, b) = (table.LoadAsync("a").AsTask(), table.LoadAsync("b").AsTask());
        go.SetResult();

        Assert.Equal(("new", "old", "new"), ((await a).Value, (await b).Value, (await first).Value));
        Assert.Equal(["a", "b"], (await second.Task).Order());
    }

    [Fact]
    public async Task A_change_forgets_exactly_its_row()
    {
        var table = Table(key => Task.FromResult<string?>(key));
        await table.LoadAsync("a");
        await table.LoadAsync("b");

        await table.ApplyAsync([new Change("thing", "a"), new Change("other", "b")], default);

        Assert.False(table.TryGet("a", out _));
        Assert.True(table.TryGet("b", out _));
    }

    [Fact]
    public async Task A_row_that_changes_while_it_is_loaded_is_loaded_again()
    {
        var reading = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var inStore = "old";
        var table = Table(async _ =>
        {
            var read = inStore;
            reading.TrySetResult();
            await go.Task;
            return read;
        });

        var lookup = table.LoadAsync("a").AsTask();
        await reading.Task;
        inStore = "new";
        await table.ApplyAsync([new Change("thing", "a")], default);
        go.SetResult();

        Assert.Equal("new", (await lookup).Value);
        Assert.Equal("new", (await table.LoadAsync("a")).Value);
    }

    [Fact]
    public async Task What_was_loaded_before_the_feed_began_is_not_kept()
    {
        var table = Table(key => Task.FromResult<string?>(key));
        await table.LoadAsync("a");

        await ((IFeedSubscriber)table).LoadAsync(default);

        Assert.False(table.TryGet("a", out _));
    }

    [Fact]
    public async Task No_interleaving_of_loads_and_changes_leaves_an_old_row_behind()
    {
        for (var round = 0; round < 300; round++)
        {
            var inStore = 0;
            var table = new Table<string>("thing", async (_, _) =>
            {
                var read = Volatile.Read(ref inStore);
                await Task.Yield();
                return $"{read}";
            }, new(), TimeProvider.System);

            var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < 20; i++)
                    await table.LoadAsync("a");
            }));
            var writer = Task.Run(async () =>
            {
                for (var i = 0; i < 20; i++)
                {
                    Interlocked.Increment(ref inStore);
                    await table.ApplyAsync([new Change("thing", "a")], default);
                }
            });
            await Task.WhenAll([.. readers, writer]);

            Assert.True(!table.TryGet("a", out var kept) || kept == "20", $"An old row stayed: {kept}");
        }
    }

    [Fact]
    public async Task A_hit_allocates_nothing()
    {
        var table = Table(key => Task.FromResult<string?>(key));
        await table.LoadAsync("a");
        Hit(table);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Hit(table);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Hit(Table<string> table)
        {
            for (var i = 0; i < 1000; i++)
                Assert.True(table.TryGet("a", out _));
        }
    }

    [Fact]
    public async Task Memory_is_bounded_and_what_is_in_use_stays()
    {
        var table = Table(key => Task.FromResult<string?>(key), new() { Capacity = 1000 });
        await table.LoadAsync("in use");

        for (var i = 0; i < 20_000; i++)
        {
            await table.LoadAsync($"{i}");
            Assert.True(i % 50 != 0 || table.TryGet("in use", out _));
        }

        Assert.InRange(table.Count, 900, 1000);
    }

    private Table<string> Batched(Func<IReadOnlyList<string>, Task<Dictionary<string, string>>> load, TableOptions? options = null) =>
        new("thing", async (IReadOnlyList<string> keys, CancellationToken _) => await load(keys), options ?? new(), _time);

    private Table<string> Table(Func<string, Task<string?>> load, TableOptions? options = null) => new("thing", (key, _) =>
    {
        Interlocked.Increment(ref _loads);
        return load(key);
    }, options ?? new(), _time);
}
