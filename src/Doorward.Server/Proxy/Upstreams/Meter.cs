using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>
/// Counts the bytes of what has no known length, or a long one that may be broken off: streams, downloads, upgrades. The place where a
/// cut will speak inside the stream. Short answers go without.
/// </summary>
internal sealed class Meter : IHttpResponseBodyFeature, IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    /// <summary>Bytes; a shorter body costs less than counting it.</summary>
    public const int Threshold = 64 * 1024;

    private readonly Exchange _exchange;
    private readonly IHttpResponseBodyFeature _body;
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;
    private MeteredStream? _stream;

    private Meter(HttpContext context, Exchange exchange)
    {
        _exchange = exchange;
        _body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _upgrade = context.Features.Get<IHttpUpgradeFeature>();
        _connect = context.Features.Get<IHttpExtendedConnectFeature>();
    }

    public long BytesOut { get; set; }

    public Stream Stream => _stream ??= new MeteredStream(_body.Stream, this, null);

    public PipeWriter Writer => _body.Writer;

    public bool IsUpgradableRequest => _upgrade?.IsUpgradableRequest == true;

    public bool IsExtendedConnect => _connect?.IsExtendedConnect == true;

    public string? Protocol => _connect?.Protocol;

    public static Meter Install(HttpContext context, Exchange exchange)
    {
        var meter = new Meter(context, exchange);
        context.Features.Set<IHttpResponseBodyFeature>(meter);
        if (meter._upgrade is not null)
            context.Features.Set<IHttpUpgradeFeature>(meter);
        if (meter._connect is not null)
            context.Features.Set<IHttpExtendedConnectFeature>(meter);
        return meter;
    }

    public async Task<Stream> UpgradeAsync() =>
        new MeteredStream(await (_upgrade ?? throw new InvalidOperationException("Not upgradable.")).UpgradeAsync(), this, _exchange);

    public async ValueTask<Stream> AcceptAsync() =>
        new MeteredStream(await (_connect ?? throw new InvalidOperationException("Not extended CONNECT.")).AcceptAsync(), this, _exchange);

    public void DisableBuffering() => _body.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => _body.StartAsync(cancellationToken);

    public Task CompleteAsync() => _body.CompleteAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        _body.SendFileAsync(path, offset, count, cancellationToken);
}
