using Doorward.Policy;
using Doorward.Server.Access;
using Doorward.Server.Identity;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Access;

public sealed class ConnectionTests
{
    private readonly LiveConnections _live = new(new Freshness(new ManualTime(), TimeSpan.FromSeconds(10)), new ManualTime());

    [Fact]
    public void Why_it_was_cut_is_known_until_it_leaves()
    {
        var connection = Opened();

        connection.Cut("first", 0);
        connection.Cut("second", 0);
        Assert.Equal((true, "first"), (connection.IsCut, connection.Ending?.Cause));

        connection.Dispose();
        Assert.Null(connection.Ending);
    }

    [Fact]
    public void What_has_left_is_not_cut()
    {
        var connection = Opened();
        connection.Dispose();

        connection.Cut("too late", 0);

        Assert.False(connection.IsCut);
    }

    /// <summary>Thousands are told one after the other. Where the same client already reads its next answer, that is not to be told of the last.</summary>
    [Fact]
    public async Task What_ends_by_itself_before_its_turn_is_told_nothing()
    {
        var (turn, told) = (new ManualResetEventSlim(), new TaskCompletionSource());
        Connection slow = Opened(), left = Opened(), last = Opened();
        var wrong = false;
        slow.Farewell = _ => Task.FromResult(turn.Wait(TimeSpan.FromMinutes(1)));
        left.Farewell = _ => Task.FromResult(wrong = true);
        last.Farewell = _ => Task.FromResult(told.TrySetResult());
        foreach (var connection in (Connection[])[slow, left, last]) connection.Cut("a test", 0);

        left.Dispose();
        turn.Set();

        await told.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.False(wrong);
        Assert.False(left.Ended.IsCancellationRequested);
    }

    /// <summary>A process that slept hears from the store before it has judged anew whoever has a connection open.</summary>
    [Fact]
    public async Task What_grew_too_old_passes_nothing_on_fresh_facts_before_it_is_judged_by_them()
    {
        var time = new ManualTime();
        var freshness = new Freshness(time, TimeSpan.FromSeconds(10));
        var live = new LiveConnections(freshness, time);
        var fromStore = new Judgement(null, new Decision { Reads = FactKinds.Person }, null, default);
        using var connection = live.Enter("1", Way.To("app.test", "/", "http://127.0.0.1:1"), null);
        connection.Asks = true;
        connection.Open(fromStore, _ => fromStore);
        freshness.Confirm(freshness.Begin());
        Assert.True(await connection.PassAsync(default));
        time.Advance(TimeSpan.FromMinutes(1));

        live.HoldStreams();
        freshness.Confirm(freshness.Begin());

        var passing = connection.PassAsync(default).AsTask();
        Assert.False(passing.IsCompleted);
        connection.Review(Caller.Stranger, "a test", 0);
        Assert.True(await passing.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    private Connection Opened()
    {
        var connection = _live.Enter("1", Way.To("app.test", "/", "http://127.0.0.1:1"), null);
        connection.Open(default, _ => default);
        return connection;
    }
}
