using Doorward.Server.Routes;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>A destination with what is known about it right now.</summary>
internal sealed class Candidate(Destination destination, int index)
{
    private int _active;
    private int _failures;

    public Destination Destination { get; } = destination;

    public int Weight { get; } = Math.Max(1, destination.Weight);

    /// <summary>Its name in YARP's cluster.</summary>
    public string Id { get; } = index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Scheme and authority; h2c is a way to speak http.</summary>
    public string Prefix { get; } =
        destination.PriorKnowledgeHttp2 ? "http" + destination.Address.GetLeftPart(UriPartial.Authority)[3..] : destination.Address.GetLeftPart(UriPartial.Authority);

    /// <summary>Requests under way.</summary>
    public int Active => Volatile.Read(ref _active);

    public void Enter() => Interlocked.Increment(ref _active);

    public void Leave() => Interlocked.Decrement(ref _active);

    /// <summary>Failures in a row, this one among them; 0 after a success.</summary>
    public int Count(bool failed)
    {
        if (failed)
            return Interlocked.Increment(ref _failures);
        if (Volatile.Read(ref _failures) != 0)
            Volatile.Write(ref _failures, 0);
        return 0;
    }
}
