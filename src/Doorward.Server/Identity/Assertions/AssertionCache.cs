using System.Collections.Concurrent;
using Doorward.Server.Routes;
using Doorward.Server.Store.Keys;

namespace Doorward.Server.Identity.Assertions;

/// <summary>
/// Remembers assertions for half their life, so that signing is not paid for every request. Whatever an assertion was made of is in
/// its key: a change of session, person, route or signing key finds nothing. A hit allocates nothing.
/// </summary>
internal sealed class AssertionCache
{
    /// <summary>Bytes, roughly: 30,000 assertions of 2 KiB. What does not fit is signed anew.</summary>
    public const long DefaultSize = 64 * 1024 * 1024;

    // Beside the texts: the key, the entry, the dictionary's node.
    private const int Overhead = 400;

    private readonly AssertionWriter _writer;
    private readonly SigningKeys _keys;
    private readonly TimeProvider _time;
    private readonly long _half;
    private volatile Halves _halves;

    public AssertionCache(AssertionWriter writer, SigningKeys keys, TimeProvider time, long size = DefaultSize) =>
        (_writer, _keys, _time, _half, _halves) = (writer, keys, time, size / 2, new(new(time), new(time)));

    /// <param name="session">The caller's session.</param>
    /// <param name="person">The caller.</param>
    /// <param name="route">Where they go.</param>
    /// <param name="host">The host that was requested, lower case.</param>
    public IdentityHeaders Get(Session session, Person person, Route route, string host)
    {
        var signing = _keys.Active(KeyPurpose.Assertion);
        var key = new Key(session.Id, session.Version, person.Version, route.Name, route.Version, host, signing.Id);
        var now = _time.GetUtcNow();
        var halves = _halves;
        if ((halves.Young.Entries.TryGetValue(key, out var found) || halves.Old.Entries.TryGetValue(key, out found)) && found.Until > now) return found.Headers;

        var headers = _writer.Write(new Testimony(session, person, route), host, signing, now);
        Remember(halves, key, new Entry(headers, now + (AssertionText.Life / 2)));
        return headers;
    }

    // Two halves: when the young one is full, or as old as its entries live, it becomes the old one, and the old one is forgotten whole.
    private void Remember(Halves halves, Key key, Entry entry)
    {
        var size = Overhead + (2 * ((entry.Headers.Assertion?.Length ?? 0) + entry.Headers.Values.Sum(value => value.Key.Length + value.Value.Length)));
        var young = halves.Young;
        young.Entries[key] = entry;
        var full = Interlocked.Add(ref young.Size, size) >= _half;
        if (full || _time.GetElapsedTime(young.Since) > AssertionText.Life / 2)
            Interlocked.CompareExchange(ref _halves, new Halves(new(_time), young), halves);
    }

    private readonly record struct Key(string Session, long SessionVersion, long PersonVersion, string Route, long RouteVersion, string Host, string SigningKey);

    private sealed record Entry(IdentityHeaders Headers, DateTimeOffset Until);

    private sealed record Halves(Half Young, Half Old);

    private sealed class Half(TimeProvider time)
    {
        public readonly ConcurrentDictionary<Key, Entry> Entries = new();
        public readonly long Since = time.GetTimestamp();
        public long Size;
    }
}
