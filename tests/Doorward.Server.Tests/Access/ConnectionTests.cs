using Doorward.Server.Access;
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

    private Connection Opened()
    {
        var connection = _live.Enter("1", Way.To("app.test", "/", "http://127.0.0.1:1"), null);
        connection.Open(default, _ => default);
        return connection;
    }
}
