using System.Diagnostics;
using Doorward.Revocation.Site;
using Doorward.Revocation.Sources;
using Doorward.Revocation.Streams;

namespace Doorward.Revocation.Matrix;

/// <summary>One person, with a stream of each protocol open at one node, loses access; told to another node where there are several.</summary>
internal sealed class Trial
{
    /// <summary>Whatever has not ended after this has not ended.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly Place _place;
    private readonly Person _person;
    private readonly Dictionary<Protocol, Task<End>> _streams = [];

    private Trial(Place place, Person person) => (_place, _person) = (place, person);

    /// <summary>The cell of new requests.</summary>
    public const string Request = "request";

    public Person Person => _person;

    public static async Task<Trial> OpenAsync(Place place, Person person, int number)
    {
        var trial = new Trial(place, person);
        // Not at the node that is told, where there is another.
        var holder = place.Nodes.Count == 1 ? place.Nodes[0] : place.Nodes[1 + (number % (place.Nodes.Count - 1))];
        foreach (var protocol in Protocol.All) trial._streams[protocol] = await protocol.OpenAsync(holder, person);
        return trial;
    }

    public async Task<IReadOnlyList<Sample>> RunAsync(Source source)
    {
        await source.ReadyAsync(_person);
        var probes = _place.Nodes.Select(node => new Probe(node, _person)).ToArray();
        using var patience = new CancellationTokenSource(_patience);
        var refused = probes.Select(probe => probe.RefusedAsync(patience.Token)).ToArray();
        await Task.WhenAll(probes.Select(probe => probe.LetIn));
        if (_streams.FirstOrDefault(pair => pair.Value.IsCompleted) is { Key: { } early, Value: var ended })
            throw new InvalidOperationException($"{early.Name} of {_person.Subject} ended before the trial: {(await ended).Told}.");
        var began = await source.TakeAsync(_person);
        List<Sample> samples = [new(Request, Milliseconds(began, (await Task.WhenAll(refused)).Max()), "refused", true)];
        foreach (var (protocol, stream) in _streams)
        {
            try
            {
                var end = await stream.WaitAsync(patience.Token);
                samples.Add(new(protocol.Name, Milliseconds(began, end.At), end.Told, end.IsRight));
            }
            catch (OperationCanceledException)
            {
                samples.Add(new(protocol.Name, _patience.TotalMilliseconds, "nothing", false));
            }
        }
        foreach (var probe in probes)
            if (await probe.IsLetInAsync()) throw new InvalidOperationException($"{_person.Subject} was refused, and let in again.");
        return samples;
    }

    private static double Milliseconds(long from, long to) => (to - from) * 1000.0 / Stopwatch.Frequency;
}

/// <summary>One cell's figure of one trial.</summary>
/// <param name="Protocol">Which stream, or new requests.</param>
/// <param name="Milliseconds">From the sender's 2xx; below zero where it was over before the sender knew.</param>
/// <param name="Told">What the client was told.</param>
/// <param name="IsRight">Whether it was told as it should be.</param>
internal sealed record Sample(string Protocol, double Milliseconds, string Told, bool IsRight);
