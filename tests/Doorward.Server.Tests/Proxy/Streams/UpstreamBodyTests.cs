using Doorward.Server.Proxy.Upstreams;

namespace Doorward.Server.Tests.Proxy.Streams;

/// <summary>What an upstream sends, read as YARP reads it: first no bytes, to wait for some; then those.</summary>
public sealed class UpstreamBodyTests : IDisposable
{
    private readonly Inner _inner = new();
    private readonly CancellationTokenSource _cancel = new();

    public void Dispose()
    {
        _inner.Dispose();
        _cancel.Dispose();
    }

    [Fact]
    public async Task Its_end_is_an_end_for_who_waits_and_a_cancelled_read_for_the_upstream()
    {
        using var body = new UpstreamBody(_inner, _cancel.Token);
        var waiting = body.ReadAsync(Memory<byte>.Empty, _cancel.Token);
        Assert.False(waiting.IsCompleted);

        body.End();

        Assert.Equal(0, await waiting);
        Assert.True(_inner.Given.IsCancellationRequested);
        Assert.False(_cancel.IsCancellationRequested);
        // What still comes is nobody's.
        _inner.Arrives();
        Assert.Equal(0, await body.ReadAsync(new byte[10], _cancel.Token));
    }

    [Fact]
    public async Task Nothing_ends_where_nobody_waits()
    {
        using var body = new UpstreamBody(_inner, _cancel.Token);
        body.End();
        var waiting = body.ReadAsync(Memory<byte>.Empty, _cancel.Token);
        _inner.Arrives();
        await waiting;
        body.End();

        var reading = body.ReadAsync(new byte[10], _cancel.Token);
        body.End();
        Assert.False(reading.IsCompleted);
        _inner.Arrives(7);
        Assert.Equal(7, await reading);
    }

    [Fact]
    public async Task Bytes_pass_again_and_again()
    {
        using var body = new UpstreamBody(_inner, _cancel.Token);
        for (var i = 1; i < 5; i++)
        {
            var waiting = body.ReadAsync(Memory<byte>.Empty, _cancel.Token);
            _inner.Arrives();
            Assert.Equal(0, await waiting);
            var reading = body.ReadAsync(new byte[10], _cancel.Token);
            _inner.Arrives(i);
            Assert.Equal(i, await reading);
        }
    }

    [Fact]
    public async Task Who_waits_hears_of_a_failure()
    {
        using var body = new UpstreamBody(_inner, _cancel.Token);
        var waiting = body.ReadAsync(Memory<byte>.Empty, _cancel.Token).AsTask();
        _inner.Fails(new IOException("reset"));
        Assert.Equal("reset", (await Assert.ThrowsAsync<IOException>(() => waiting)).Message);
    }

    [Fact]
    public async Task Who_waits_can_be_cancelled_as_ever()
    {
        using var body = new UpstreamBody(_inner, _cancel.Token);
        var waiting = body.ReadAsync(Memory<byte>.Empty, _cancel.Token).AsTask();
        await _cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    /// <summary>A stream that gives what it is told to give, when it is told to.</summary>
    private sealed class Inner : MemoryStream
    {
        private TaskCompletionSource<int> _reading = new();

        public CancellationToken Given { get; private set; }

        public void Arrives(int length = 0) => _reading.TrySetResult(length);

        public void Fails(Exception failure) => _reading.SetException(failure);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            (_reading, Given) = (new(), cancellationToken);
            return await _reading.Task.WaitAsync(cancellationToken);
        }
    }
}
