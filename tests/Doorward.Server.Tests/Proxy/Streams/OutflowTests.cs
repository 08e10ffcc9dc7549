using System.Security.Cryptography;
using CsCheck;
using Doorward.Server.Access;
using Doorward.Server.Proxy.Streams;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Tests.Proxy.Streams;

/// <summary>What passes to a client, while it is open and while it is held.</summary>
public sealed class OutflowTests
{
    [Fact]
    public Task Any_bytes_in_any_pieces_arrive_unchanged() =>
        Gen.Byte.Array[0, 3000].Select(Gen.Int[1, 700].Array[1, 20]).SampleAsync(async (bytes, steps) =>
        {
            using var arrived = new MemoryStream();
            using var connection = Opened(new ManualTime(), out _);
            var outflow = OutflowTo(arrived, connection);
            for (int at = 0, step = 0; at < bytes.Length; step++)
            {
                var next = Math.Min(bytes.Length, at + steps[step % steps.Length]);
                await outflow.WriteAsync(bytes.AsMemory(at..next), default);
                at = next;
            }

            Assert.Equal(bytes, arrived.ToArray());
        });

    [Fact]
    public async Task A_held_stream_lets_no_byte_pass_and_goes_on_where_it_was()
    {
        using var arrived = new MemoryStream();
        using var connection = Opened(new ManualTime(), out _);
        var outflow = OutflowTo(arrived, connection);
        await outflow.WriteAsync("one"u8.ToArray(), default);

        connection.Hold("a test", 0);
        var writing = outflow.WriteAsync("two"u8.ToArray(), default).AsTask();
        Assert.Equal(3, arrived.Length);
        Assert.False(writing.IsCompleted);

        connection.Review(default, "a test", 0);
        await writing;
        Assert.Equal("onetwo"u8.ToArray(), arrived.ToArray());
    }

    [Fact]
    public async Task Facts_that_grew_too_old_hold_the_next_byte_without_any_review()
    {
        var time = new ManualTime();
        using var arrived = new MemoryStream();
        using var connection = Opened(time, out var freshness);
        var outflow = OutflowTo(arrived, connection);
        await outflow.WriteAsync("one"u8.ToArray(), default);

        // As for a process that slept.
        time.Advance(TimeSpan.FromSeconds(11));
        var writing = outflow.WriteAsync("two"u8.ToArray(), default).AsTask();
        Assert.Equal((ConnectionState.Held, 3), (connection.State, (int)arrived.Length));

        freshness.Confirm(freshness.Begin());
        connection.Review(default, "a test", 0);
        await writing;
        Assert.Equal(6, arrived.Length);
    }

    [Fact]
    public async Task A_stream_that_was_held_and_is_cut_lets_nothing_more_pass()
    {
        using var arrived = new MemoryStream();
        using var connection = Opened(new ManualTime(), out _);
        var outflow = OutflowTo(arrived, connection);
        await outflow.WriteAsync(new byte[] { 0x81, 5, 1 }, default);
        connection.Hold("a test", 0);
        var writing = outflow.WriteAsync(RandomNumberGenerator.GetBytes(4), default).AsTask();

        connection.Cut("a test", 0);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        Assert.Equal(3, arrived.Length);
        Assert.True(connection.Ended.IsCancellationRequested);
    }

    private static Outflow OutflowTo(Stream arrived, Connection connection)
    {
        var outflow = new Outflow(new DefaultHttpContext(), connection, LastWord.OfSwitched("websocket"), TimeProvider.System);
        outflow.Open(arrived);
        return outflow;
    }

    private static Connection Opened(ManualTime time, out Freshness freshness)
    {
        freshness = new Freshness(time, TimeSpan.FromSeconds(10));
        freshness.Confirm(freshness.Begin());
        var connection = new LiveConnections(freshness, time).Enter("1", Way.To("app.test", "/", "http://127.0.0.1:1"), null);
        var fromStore = new Judgement(null, new Policy.Decision { Reads = Policy.FactKinds.Person }, null, default);
        connection.Open(fromStore, _ => fromStore);
        return connection;
    }
}
