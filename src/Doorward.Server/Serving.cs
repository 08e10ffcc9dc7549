using System.Globalization;
using Doorward.Server.Proxy;
using Doorward.Server.Routes;

namespace Doorward.Server;

/// <summary>What the request path reads of one configuration, made ready once. Immutable, replaced whole.</summary>
/// <param name="configuration">The configuration.</param>
/// <param name="url">Doorward's own address, as at the start: what people were sent to must go on answering.</param>
internal sealed class Serving(Configuration configuration, Uri url)
{
    public Configuration Configuration { get; } = configuration;

    /// <summary>Doorward's own host, in its normal form.</summary>
    public string OwnHost { get; } = url.IdnHost.ToLowerInvariant();

    public ClientAddress Addresses { get; } = new(configuration.Settings.TrustedProxies);

    /// <summary>The first 64 bits of the configuration's hash: what audit records name it by.</summary>
    public long Version { get; } = long.Parse(configuration.Hash.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
