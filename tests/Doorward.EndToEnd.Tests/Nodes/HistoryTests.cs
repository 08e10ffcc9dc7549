using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Doorward.EndToEnd.Tests.Lab;
using Doorward.Server.Store;
using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Nodes;

/// <summary>
/// Random interleavings of signing in, requests, revocations, crashes, pauses and partitions on three nodes. Everything is written down
/// by one clock and judged afterwards. <c>TEST_SEED</c> repeats the choices of a run, though not what the machine makes of them.
/// </summary>
[Collection(nameof(Crowd))]
public sealed class HistoryTests : IDisposable
{
    private const int Askers = 4;

    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("TEST_SEED"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();
    private readonly History _history = new();
    private readonly ConcurrentDictionary<Member, bool> _members = [];
    private readonly CancellationTokenSource _over = new();
    private Fleet _fleet = null!;
    private int _number;

    private static TimeSpan Length => TimeSpan.FromSeconds(Fleet.IsLong ? 600 : 45);

    [Fact]
    public async Task Whatever_happens_nobody_is_let_in_after_their_revocation_and_nothing_acknowledged_is_lost()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"TEST_SEED={_seed}");
        await using var fleet = _fleet = await Fleet.StartAsync();
        for (var i = 0; i < 10; i++) await SignInAsync();
        await _fleet.LetInAsync([.. _members.Keys]);

        // Each with choices of its own, so that a run is repeated as far as it can be.
        Task[] loops =
        [
            .. Enumerable.Range(0, Askers).Select(i => LoopAsync(1 + i, AskAsync)), LoopAsync(100, FollowAsync), LoopAsync(101, FollowAsync),
            LoopAsync(200, TakeAwayAsync), LoopAsync(300, BefallAsync), LoopAsync(400, JoinAsync),
        ];
        await Task.Delay(Length);
        await _over.CancelAsync();
        await Task.WhenAll(loops);

        // The store may have come back this instant, and whoever could not reach it asks again within a second.
        Member? newcomer = null;
        await Eventually.Holds(async () => (newcomer = await TrySignInAsync()) is not null);
        await _fleet.LetInAsync(newcomer!);
        await AssertTakenAsync();
        Told("allowed after a revocation", _history.AllowedTooLate(Fleet.Limit));
        Told("somebody else's answer", _history.Mistaken());
        Told("an answer that nothing explains", _history.Unexplained());
        await AssertRecordedAsync();
        // The run was worth something.
        Assert.True(_history.Asked.Count(asked => asked.Status == 200) > 100 && _history.Taken.Count(taken => taken.Acknowledged != 0) > 5, $"Too little happened. TEST_SEED={_seed}");
    }

    public void Dispose() => _over.Dispose();

    private async Task LoopAsync(int salt, Func<Random, Task> step)
    {
        var random = new Random(unchecked((_seed * 397) ^ salt));
        while (!_over.IsCancellationRequested) await step(random);
    }

    private async Task<Member> SignInAsync()
    {
        var member = await _fleet.SignInAsync($"person{Interlocked.Increment(ref _number)}");
        _members[member] = true;
        return member;
    }

    /// <returns>Null: the store is away just now; whoever signs in is told so.</returns>
    private async Task<Member?> TrySignInAsync()
    {
        try
        {
            return await SignInAsync();
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private async Task JoinAsync(Random random)
    {
        await TrySignInAsync();
        await Task.Delay(random.Next(300, 1000));
    }

    private async Task AskAsync(Random random)
    {
        var (node, member) = (Any(random, _fleet.Nodes), Any(random, _members.Keys.ToList()));
        var path = $"/asked/{Interlocked.Increment(ref _number)}";
        var began = Stopwatch.GetTimestamp();
        try
        {
            var told = await node.AskAsync(Fleet.Strict, member.Cookies[Fleet.Strict], path);
            _history.Asked.Enqueue(new(member, node.Name, path, began, told.Status, told.Body));
        }
        catch (Exception broken) when (broken is HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            // Its node died: nothing was answered.
            await Task.Delay(20);
        }
    }

    private async Task TakeAwayAsync(Random random)
    {
        var (node, member) = (Any(random, _fleet.Nodes), Any(random, _members.Keys.ToList()));
        var taken = random.Next(4) switch
        {
            0 => new TakenAway("lock", member),
            1 => new TakenAway("end date", member),
            2 => new TakenAway("directory", member),
            _ => new TakenAway("end session", member),
        };
        // From its sending on it may count.
        _history.Taken.Enqueue(taken);
        try
        {
            var told = await SendAsync(node, taken);
            if (told.Status is >= 200 and < 300) taken.Acknowledged = Stopwatch.GetTimestamp();
        }
        catch (Exception broken) when (broken is HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
        }

        await Task.Delay(random.Next(100, 1500));
    }

    private static Task<Told> SendAsync(FleetNode node, TakenAway taken) => taken.How switch
    {
        "lock" => node.AdministerAsync(HttpMethod.Put, $"/locks/person/{taken.Member.Person}", """{"reason":"a test"}"""),
        "end date" => node.AdministerAsync(HttpMethod.Put, $"/end-dates/{taken.Member.Person}", """{"end":"2020-01-01T00:00:00Z"}"""),
        "directory" => node.TellAsync(HttpMethod.Post, "/Users", $$"""{"userName":"{{taken.Member.Person.Split('/')[1]}}","active":false}"""),
        _ => node.AdministerAsync(HttpMethod.Delete, $"/sessions/{taken.Member.Session}"),
    };

    /// <summary>Follows a stream for a while: a byte that passes is like a request that began when it was sent.</summary>
    private async Task FollowAsync(Random random)
    {
        var (node, member) = (Any(random, _fleet.Nodes), Any(random, _members.Keys.ToList()));
        try
        {
            await using var watcher = await node.WatchAsync(Fleet.Patient, member.Cookies[Fleet.Patient]);
            for (var patience = Stopwatch.StartNew(); !watcher.IsOver && !_over.IsCancellationRequested && patience.Elapsed < Length / 4;) await Task.Delay(20);
            if (watcher.Count > 0) _history.Asked.Enqueue(new(member, node.Name, "/events", watcher.Last, 200, member.Person));
        }
        catch (Exception broken) when (broken is HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            await Task.Delay(20);
        }
    }

    /// <summary>One thing after another befalls a node, its network or the store.</summary>
    private async Task BefallAsync(Random random)
    {
        await Task.Delay(random.Next(100, 1500));
        var node = Any(random, _fleet.Nodes);
        var length = TimeSpan.FromMilliseconds(random.Next(100, (int)(2 * Fleet.Limit.TotalMilliseconds)));
        var (what, befall) = Any<(string, Func<Task>)>(random,
        [
            ("killed", async () =>
            {
                await node.Process.KillAsync();
                await node.StartAsync();
            }),
            ("asleep", async () =>
            {
                await node.Process.PauseAsync();
                await Task.Delay(length);
                await node.Process.ResumeAsync();
            }),
            ("cut off", () => HoldAsync(() => node.Network.Blackhole())),
            ("deaf", () => HoldAsync(() => node.Network.Blackhole(Direction.ToClient))),
            ("slow", () => HoldAsync(() => node.Network.Latency = length / 8)),
            ("half open", () => HoldAsync(node.Network.HalfOpen)),
            ("reset", () => HoldAsync(node.Network.Reset)),
            ("to lose an answer to COMMIT", () => HoldAsync(() => node.Network.CutOnce("COMMIT\0", delivered: true))),
            ("to lose a COMMIT", () => HoldAsync(() => node.Network.CutOnce("COMMIT\0", delivered: false))),
            ("without a store, as all are", async () =>
            {
                await _fleet.Store.StopAsync();
                await Task.Delay(length);
                await _fleet.Store.RunAsync();
            }),
        ]);
        _history.Note($"{node.Name} is {what}");
        await befall();
        _history.Note($"{node.Name} is well");

        async Task HoldAsync(Action fault)
        {
            fault();
            await Task.Delay(length);
            node.Network.Heal();
        }
    }

    /// <summary>Every acknowledged change is in the store; one that was not acknowledged is there whole, or not at all.</summary>
    private async Task AssertTakenAsync()
    {
        foreach (var taken in _history.Taken.DistinctBy(taken => (taken.How, taken.Member)))
        {
            var acknowledged = _history.Taken.Any(one => one.How == taken.How && one.Member == taken.Member && one.Acknowledged != 0);
            var sessions = await CountAsync("SELECT count(*) FROM sessions WHERE id = @Key", taken.Member.Session);
            var there = taken.How switch
            {
                "lock" => await CountAsync("SELECT count(*) FROM locks WHERE kind = 'person' AND key = @Key", taken.Member.Person),
                "end date" => await CountAsync("SELECT count(*) FROM directory WHERE person = @Key AND end_date IS NOT NULL", taken.Member.Person),
                "directory" => await CountAsync("SELECT count(*) FROM directory WHERE person = @Key AND active = 0", taken.Member.Person),
                _ => 1 - sessions,
            };
            Assert.True(there == 1 || (there == 0 && !acknowledged), $"{taken}: {there} in the store. TEST_SEED={_seed}");
            if (taken.How == "directory" && there == 1) Assert.True(sessions == 0, $"{taken}: half of it is in the store. TEST_SEED={_seed}");
        }
    }

    private Task<long> CountAsync(string sql, string key) => _fleet.Database.ReadAsync(connection => connection.FindAsync<long>(sql, new { Key = key }));

    /// <summary>Nothing reached the upstream without a record that it may, with the same session and person; and no record is missing.</summary>
    private async Task AssertRecordedAsync()
    {
        var reached = _fleet.Upstream.Reached.Where(one => one.Path.StartsWith("/asked/", StringComparison.Ordinal)).ToList();
        ILookup<string, Reached> allowed = null!;
        await Eventually.Holds(() =>
        {
            allowed = _fleet.Nodes.SelectMany(node => AuditChain.Allowed(node.Records)).ToLookup(one => one.Path);
            return reached.All(one => allowed.Contains(one.Path));
        });
        Told("another identity in the record", reached.Where(one => !allowed[one.Path].Contains(one)).Select(one => $"{one} and {string.Join(", ", allowed[one.Path])}"));
        foreach (var node in _fleet.Nodes) AuditChain.AssertWhole(node.Records);
    }

    private void Told(string wrong, IEnumerable<string> found)
    {
        var all = found.ToList();
        Assert.True(all.Count == 0, $"{all.Count} times {wrong}, the first: {all.FirstOrDefault()}. TEST_SEED={_seed}");
    }

    private static T Any<T>(Random random, IReadOnlyList<T> among) => among[random.Next(among.Count)];
}
