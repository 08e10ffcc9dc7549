using System.Collections.Concurrent;
using System.Diagnostics;
using Doorward.Server.Tests.Lab;
using Doorward.EndToEnd.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Nodes;

/// <summary>Three processes on one PostgreSQL: any may die, sleep or be cut off, and none gives a wrong answer.</summary>
[Collection(nameof(Crowd))]
public sealed class ThreeNodesTests : IAsyncLifetime
{
    private Fleet _fleet = null!;
    private Member _ada = null!, _ben = null!;

    private FleetNode First => _fleet.Nodes[0];

    private FleetNode Second => _fleet.Nodes[1];

    public async ValueTask InitializeAsync()
    {
        _fleet = await Fleet.StartAsync();
        (_ada, _ben) = (await _fleet.SignInAsync("ada"), await _fleet.SignInAsync("ben"));
        await _fleet.LetInAsync(_ada, _ben);
    }

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task A_session_ended_at_one_node_is_refused_by_all_and_stays_so_through_a_crash()
    {
        var watching = await Task.WhenAll(_fleet.Nodes.Select(node => node.WatchAsync(Fleet.Strict, _ada.Cookies[Fleet.Strict])));
        await using var bystander = await Second.WatchAsync(Fleet.Lenient, _ben.Cookies[Fleet.Lenient]);

        await EndAsync(First, _ada);

        foreach (var watcher in watching) AssertTold(await watcher.EndAsync());
        foreach (var node in _fleet.Nodes)
            for (var i = 0; i < 20; i++) await AssertRefusedAsync(node, _ada);
        var before = bystander.Count;
        await Eventually.Holds(() => bystander.Count > before + 10);

        await Second.Process.KillAsync();
        for (var i = 0; i < 20; i++) Assert.Equal(200, await Fleet.StatusAsync(First, Fleet.Lenient, _ben));
        await Second.StartAsync();
        await _fleet.LetInAsync(_ben);
        await AssertRefusedAsync(Second, _ada);
    }

    [Fact]
    public async Task A_node_that_slept_refuses_before_its_first_answer()
    {
        await using var watcher = await First.WatchAsync(Fleet.Strict, _ada.Cookies[Fleet.Strict]);
        await Eventually.Holds(() => watcher.Count > 0);
        await First.Process.PauseAsync();
        await EndAsync(Second, _ada);
        var ended = Stopwatch.GetTimestamp();
        await Task.Delay(Fleet.IsLong ? TimeSpan.FromSeconds(30) : Fleet.Limit + TimeSpan.FromSeconds(1));

        // They wait at its door when it wakes up: on a connection that was open, and on new ones.
        var waiting = Enumerable.Range(0, 20).Select(i => First.AskAsync(Fleet.Strict, _ada.Cookies[Fleet.Strict], $"/slept/{i}")).ToList();
        await First.Process.ResumeAsync();

        Assert.DoesNotContain(await Task.WhenAll(waiting), told => told.Status == 200);
        Assert.DoesNotContain(_fleet.Upstream.Reached, reached => reached.Path.StartsWith("/slept/", StringComparison.Ordinal));
        AssertTold(await watcher.EndAsync());
        Assert.True(watcher.Last <= ended, "What was sent after the revocation did not arrive.");
        await _fleet.LetInAsync(_ben);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_cut_off_from_the_store_refuses_by_itself_and_the_others_go_on(bool oneWay)
    {
        var others = Work(_fleet.Nodes.Skip(1));
        First.Network.Blackhole(oneWay ? Direction.ToClient : Direction.Both);
        await EndAsync(Second, _ada);
        var ended = Stopwatch.GetTimestamp();
        foreach (var node in _fleet.Nodes.Skip(1)) await Eventually.Holds(async () => await Fleet.StatusAsync(node, Fleet.Strict, _ada) == 401);

        await Eventually.Holds(async () =>
        {
            var began = Stopwatch.GetElapsedTime(ended);
            var status = await Fleet.StatusAsync(First, Fleet.Strict, _ada);
            Assert.False(status == 200 && began > Fleet.Limit, "Allowed on facts older than the limit.");
            return status != 200;
        });
        Assert.Equal(200, (await First.AskAsync(Fleet.Open, null)).Status);
        await AssertUnnoticedAsync(others);

        First.Network.Heal();
        await _fleet.LetInAsync(_ben);
        await AssertRefusedAsync(First, _ada);
    }

    [Fact]
    public async Task An_outage_shorter_than_the_limit_is_noticed_by_nobody()
    {
        var watching = await Task.WhenAll(_fleet.Nodes.Select(node => node.WatchAsync(Fleet.Lenient, _ben.Cookies[Fleet.Lenient])));
        var working = Work(_fleet.Nodes);

        await _fleet.Store.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(Fleet.IsLong ? 8 : 4));
        await _fleet.Store.RunAsync();
        await _fleet.LetInAsync(_ben);

        await AssertUnnoticedAsync(working);
        Assert.All(watching, watcher => Assert.False(watcher.IsOver));
        await EndAsync(First, _ben);
        foreach (var watcher in watching) AssertTold(await watcher.EndAsync());
    }

    [Fact]
    public async Task A_longer_outage_holds_then_cuts_and_everything_goes_on_afterwards()
    {
        await using var strict = await First.WatchAsync(Fleet.Strict, _ada.Cookies[Fleet.Strict]);
        await using var patient = await First.WatchAsync(Fleet.Patient, _ada.Cookies[Fleet.Patient]);
        await Eventually.Holds(() => strict.Count > 0 && patient.Count > 0);

        // Whatever a node confirms afterwards, it asked before.
        var stopped = Stopwatch.GetTimestamp();
        await _fleet.Store.StopAsync();
        stopped = Math.Max(stopped, Stopwatch.GetTimestamp());
        var end = Fleet.IsLong ? TimeSpan.FromSeconds(60) : Fleet.Limit + Fleet.Grace + TimeSpan.FromSeconds(3);
        var refused = 0;
        for (TimeSpan began; (began = Stopwatch.GetElapsedTime(stopped)) < end;)
        {
            var told = await First.AskAsync(Fleet.Strict, _ada.Cookies[Fleet.Strict]);
            Assert.Contains(told.Status, (int[])[200, 503]);
            if (began > Fleet.Limit) Assert.Equal(503, told.Status);
            if (told.Status == 503) refused++;
            await Task.Delay(20);
            Assert.Equal(200, (await First.AskAsync(Fleet.Open, null)).Status);
        }

        Assert.True(refused > 0);
        Assert.Contains("stale", await strict.EndAsync(), StringComparison.Ordinal);
        Assert.False(patient.IsOver);
        var held = stopped + (long)(Fleet.Limit.TotalSeconds * Stopwatch.Frequency);
        Assert.True(strict.Last <= held && patient.Last <= held, "No byte passes on facts older than the limit.");
        await _fleet.Store.RunAsync();

        // Nobody has to sign in again, and what was held goes on where it was.
        await _fleet.LetInAsync(_ada, _ben);
        var before = patient.Count;
        await Eventually.Holds(() => patient.Count > before + 10);
    }

    [Fact]
    public async Task A_store_whose_answers_come_byte_by_byte_keeps_nobody_waiting_who_asks_nothing_of_it()
    {
        First.Network.Trickle = TimeSpan.FromMilliseconds(1);
        // Long enough for some looks at the feed. A node whose sockets all wait for one row would answer after the driver's 30 s.
        for (var i = 0; i < 150; i++)
        {
            var told = await First.AskAsync(Fleet.Open, null).WaitAsync(TimeSpan.FromSeconds(15));
            Assert.Equal(200, told.Status);
            await Task.Delay(20);
        }

        First.Network.Heal();
        await _fleet.LetInAsync(_ada, _ben);
    }

    [Fact]
    public async Task A_restored_backup_never_gives_back_what_was_taken_away()
    {
        await _fleet.Store.StopAsync();
        await _fleet.Store.BackUpAsync();
        await _fleet.Store.RunAsync();
        await _fleet.LetInAsync(_ada, _ben);
        await EndAsync(Second, _ada);
        foreach (var node in _fleet.Nodes) await Eventually.Holds(async () => await Fleet.StatusAsync(node, Fleet.Strict, _ada) == 401);

        // With a limit that the outage does not reach, so that nothing else refuses.
        await using var asking = new Refused(_fleet.Nodes, _ada);
        await _fleet.Store.StopAsync();
        _fleet.Store.PutBack();
        await _fleet.Store.RunAsync();

        // The store says that ada's session lives, and every node knows better, also before it has noticed; ben's was granted in the same history.
        foreach (var node in _fleet.Nodes)
            await Eventually.Holds(async () => await Fleet.StatusAsync(node, Fleet.Lenient, _ben) == 401);
        await asking.StopAsync();
        Assert.Empty(asking.Wrong);

        await _fleet.LetInAsync(await _fleet.SignInAsync("ada"));
    }

    private static async Task EndAsync(FleetNode node, Member member) =>
        Assert.Equal(200, (await node.AdministerAsync(HttpMethod.Delete, $"/sessions/{member.Session}")).Status);

    // An ended session is asked for in the store each time: where a busy machine's store is late, the truth is «try again».
    private static async Task AssertRefusedAsync(FleetNode node, Member member) => Assert.Contains(await Fleet.StatusAsync(node, Fleet.Strict, member), (int[])[401, 503]);

    /// <summary>Ben works on at these nodes, and must not notice anything.</summary>
    private Traffic[] Work(IEnumerable<FleetNode> nodes) =>
        [.. nodes.Select(node => new Traffic(node.Client, [new(new($"http://{Fleet.Lenient}/"), _ben.Cookies[Fleet.Lenient], 200, _ben.Person)], mayBreak: false))];

    private static async Task AssertUnnoticedAsync(Traffic[] working)
    {
        foreach (var one in working)
        {
            await Eventually.Holds(() => one.Answers > 0);
            await one.DisposeAsync();
            Assert.Empty(one.Wrong);
        }
    }

    /// <summary>Somebody who asks again and again and must not be let in, whatever else the answer is.</summary>
    /// <summary>Why it ended; or broken off, where the machine was too busy to say it within the 250 ms of a last word.</summary>
    private static void AssertTold(string? end) => Assert.Contains("sign-in", end ?? "sign-in", StringComparison.Ordinal);

    private sealed class Refused : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task[] _asking;
        private readonly ConcurrentQueue<string> _wrong = [];

        public Refused(IEnumerable<FleetNode> nodes, Member member) => _asking = [.. nodes.Select(node => Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
                if (await Fleet.StatusAsync(node, Fleet.Lenient, member) is not (401 or 503) and var status) _wrong.Enqueue($"{node.Name}: {status}; {string.Join('\n', node.Process.Log.TakeLast(3))}");
        }))];

        public IReadOnlyCollection<string> Wrong => _wrong;

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_asking);
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stop.Dispose();
        }
    }
}
