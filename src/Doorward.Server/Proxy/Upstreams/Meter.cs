using System.IO.Pipelines;
using Doorward.Server.Proxy.Streams;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>
/// Stands between YARP and the client's side of what has no known length, or a long one that may be broken off: streams, downloads,
/// upgrades. Counts the bytes, and lets a cut speak inside the stream. Short answers go without.
/// </summary>
internal sealed class Meter : IHttpResponseBodyFeature, IHttpUpgradeFeature, IHttpExtendedConnectFeature, IHttpResetFeature, IHttpRequestLifetimeFeature
{
    /// <summary>Bytes; a shorter body costs less than counting it.</summary>
    public const int Threshold = 64 * 1024;

    /// <summary>The stream is not wanted any more (RFC 9113, 7).</summary>
    private const int Cancel = 8;

    private readonly HttpContext _context;
    private readonly Exchange _exchange;
    private readonly IHttpResponseBodyFeature _body;
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;
    private readonly IHttpResetFeature? _reset;
    private readonly IHttpRequestLifetimeFeature _lifetime;
    private Outflow? _outflow;
    private MeteredStream? _stream;
    private bool? _clientHadGone;

    private Meter(HttpContext context, Exchange exchange)
    {
        (_context, _exchange) = (context, exchange);
        _body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _upgrade = context.Features.Get<IHttpUpgradeFeature>();
        _connect = context.Features.Get<IHttpExtendedConnectFeature>();
        _reset = context.Features.Get<IHttpResetFeature>();
        _lifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
    }

    public long BytesOut { get; set; }

    public Stream Stream => _stream ??= Measured(_body.Stream, LastWord.OfResponse(_context), null, awaitsAnswer: false);

    public PipeWriter Writer => _body.Writer;

    public bool IsUpgradableRequest => _upgrade?.IsUpgradableRequest == true;

    public bool IsExtendedConnect => _connect?.IsExtendedConnect == true;

    public string? Protocol => _connect?.Protocol;

    public CancellationToken RequestAborted
    {
        get => _lifetime.RequestAborted;
        set => _lifetime.RequestAborted = value;
    }

    /// <summary>The client read to the end that we wrote: that is an end, and no break.</summary>
    public bool EndsCleanly => _outflow?.HasSaid == true;

    public static Meter Install(HttpContext context, Exchange exchange)
    {
        var meter = new Meter(context, exchange);
        meter.Set(meter, meter._upgrade is null ? null : meter, meter._connect is null ? null : meter, meter._reset is null ? null : meter, meter);
        return meter;
    }

    /// <summary>For what we answer ourselves, where nothing of the upstream's answer has gone out.</summary>
    public void Remove() => Set(_body, _upgrade, _connect, _reset, _lifetime);

    public async Task<Stream> UpgradeAsync() =>
        Switched(await (_upgrade ?? throw new InvalidOperationException("Not upgradable.")).UpgradeAsync(), _exchange.Protocol);

    public async ValueTask<Stream> AcceptAsync() =>
        Switched(await (_connect ?? throw new InvalidOperationException("Not extended CONNECT.")).AcceptAsync(), _exchange.Protocol);

    public void DisableBuffering() => _body.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => _body.StartAsync(cancellationToken);

    public Task CompleteAsync() => _body.CompleteAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        _body.SendFileAsync(path, offset, count, cancellationToken);

    /// <summary>Whether the client went before anybody on this side broke off; afterwards the server no longer tells one from the other.</summary>
    public bool ClientHasGone => _clientHadGone ?? RequestAborted.IsCancellationRequested;

    // YARP breaks off what it was cancelled in.
    public void Reset(int errorCode)
    {
        _clientHadGone ??= RequestAborted.IsCancellationRequested;
        if (!EndsCleanly) _reset!.Reset(_exchange.Connection.IsCut ? Cancel : errorCode);
    }

    public void Abort()
    {
        _clientHadGone ??= RequestAborted.IsCancellationRequested;
        if (!EndsCleanly) _lifetime.Abort();
    }

    private MeteredStream Switched(Stream inner, string? protocol)
    {
        var word = LastWord.OfSwitched(protocol ?? "");
        return Measured(inner, word, word is null ? null : new WebSocketFrames(), awaitsAnswer: word is not null, _exchange);
    }

    private MeteredStream Measured(Stream inner, LastWord? word, WebSocketFrames? incoming, bool awaitsAnswer, Exchange? reads = null)
    {
        _outflow = new Outflow(_context, _exchange.Connection, word, _exchange.Time) { AwaitsAnswer = awaitsAnswer, Body = _exchange.Body };
        _outflow.Open(inner);
        return new MeteredStream(inner, this, _outflow, incoming, reads);
    }

    private void Set(
        IHttpResponseBodyFeature body, IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect, IHttpResetFeature? reset, IHttpRequestLifetimeFeature lifetime)
    {
        var features = _context.Features;
        features.Set(body);
        features.Set(lifetime);
        if (upgrade is not null) features.Set(upgrade);
        if (connect is not null) features.Set(connect);
        if (reset is not null) features.Set(reset);
    }
}
