using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Doorward.Peers;

/// <summary>
/// Holds that the whole product was on while it was measured: the upstream got a valid assertion with every request, and Doorward
/// recorded a decision for each.
/// </summary>
internal sealed partial class Proofs(Workspace work)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The upstream writes its log once a second: after two, nothing of the peer before is left to come.</summary>
    private static readonly TimeSpan _flushed = TimeSpan.FromSeconds(2);

    private string Log => Path.Combine(work.Folder, "upstream.access.log");

    /// <summary>Measures one round and checks it.</summary>
    /// <exception cref="InvalidOperationException">Something was missing.</exception>
    public async Task<Measurement> TakeAsync(Peer peer, int connections, int seconds)
    {
        // The certificate is this run's own.
        using var client = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator });
        var before = await DecisionsAsync(client, peer);
        await Task.Delay(_flushed);
        await using (var log = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) log.SetLength(0);
        var taken = await Measurement.TakeAsync(peer, connections, seconds);
        var lines = await LinesAsync(taken.Load.Requests);
        if (lines.Length < taken.Load.Requests || lines.Contains("-")) throw new InvalidOperationException($"{lines.Count(line => line == "-")} of {lines.Length} requests came without an assertion.");
        await VerifyAsync(client, peer, lines.Distinct());
        var decided = await DecisionsAsync(client, peer) - before;
        // Requests that the generator left under way at the end were decided too.
        if (decided < taken.Load.Requests || decided > taken.Load.Requests + connections) throw new InvalidOperationException($"{decided} decisions for {taken.Load.Requests} requests.");
        return taken;
    }

    private static async Task<long> DecisionsAsync(HttpClient client, Peer peer)
    {
        var text = await client.GetStringAsync(peer.Metrics);
        return (long)Decisions().Matches(text).Sum(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    private async Task<string[]> LinesAsync(long expected)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (true)
        {
            var lines = await File.ReadAllLinesAsync(Log, patience.Token);
            if (lines.Length >= expected) return lines;
            await Task.Delay(_pause, patience.Token);
        }
    }

    private static async Task VerifyAsync(HttpClient client, Peer peer, IEnumerable<string> assertions)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(peer.Url), "/.well-known/doorward/jwks.json"));
        request.Headers.Host = $"{Proxies.DoorwardPeer.Host}:{new Uri(peer.Url).Port}";
        using var answer = await client.SendAsync(request);
        var keys = new JsonWebKeySet(await answer.Content.ReadAsStringAsync());
        var rules = new TokenValidationParameters { IssuerSigningKeys = keys.Keys, ValidateIssuer = false, ValidAudience = Proxies.DoorwardPeer.Host };
        var handler = new JsonWebTokenHandler();
        foreach (var assertion in assertions)
        {
            var result = await handler.ValidateTokenAsync(assertion, rules);
            if (!result.IsValid) throw new InvalidOperationException("The upstream got an assertion that is not valid.", result.Exception);
        }
    }

    [GeneratedRegex(@"^doorward_decisions_total\{[^}]*\} ([0-9.e+]+)", RegexOptions.Multiline)]
    private static partial Regex Decisions();
}
