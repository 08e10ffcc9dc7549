using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Doorward.EndToEnd.Tests.Lab;
using Doorward.Server.Tests.Lab;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Playwright;

namespace Doorward.EndToEnd.Tests.Nodes;

/// <summary>
/// The store goes away. What a browser, curl and a gRPC client are then shown leads to the answer, as soon as there is a store again to ask
/// (tests/Doorward.Tests/Commands/Auditing/ExplainTests.cs has the outcomes for which none has to be away).
/// </summary>
[Collection(nameof(Crowd))]
public sealed partial class ExplainedTests(Chromium chromium) : IAsyncLifetime
{
    private const string Node = "first", Impatient = "impatient.door.localhost";

    private PostgresCluster _postgres = null!;
    private Site _site = null!;

    public async ValueTask InitializeAsync()
    {
        _postgres = await PostgresCluster.StartAsync();
        _site = await Site.StartAsync(
            site => $"  - {{ name: Impatient, from: \"{site.Origin(Impatient)}\", response: {{ status: 200, body: hello }}, policy: staff, staleness: {{ limit: 2s }} }}\n", await _postgres.NewDatabaseAsync("site"));
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task What_was_refused_for_want_of_the_store_is_explained_from_the_id_that_each_client_was_shown()
    {
        await using var ada = await chromium.NewPersonAsync();
        await using var ben = await chromium.NewPersonAsync();
        var node = await _site.StartAsync(Node);
        _site.Balance(node);
        var (hers, his) = (await _site.SignInAsync(ada, "Ada Lovelace", Site.Handbook), await _site.SignInAsync(ben, "Ben Okoye", Site.Handbook));
        await hers.GotoAsync(_site.App(Impatient).AbsoluteUri);
        var (herCookie, hisCookie) = (await Site.CookieAsync(ada, Impatient), await Site.CookieAsync(ben, Site.Handbook));
        // In another life it knows Ada, who asks before the store goes away, and not Ben, who does not.
        await node.KillAsync();
        node = await _site.StartAsync(Node);
        _site.Balance(node);
        using var client = _site.Client();
        await Eventually.Holds(async () => (await client.AskAsync(_site.App(Impatient), herCookie)).Status == 200);
        await _postgres.StopAsync();

        var unavailable = await AskAsync(his, hisCookie, Site.Handbook, "unavailable");
        await Eventually.Holds(async () => (await client.AskAsync(_site.App(Impatient), herCookie)).Body.Contains("\"stale\"", StringComparison.Ordinal));
        var stale = await AskAsync(hers, herCookie, Impatient, "stale");
        using var administrator = _site.Administrator(Node);
        Assert.Equal(503, (await administrator.AskAsync(new($"http://localhost/.doorward/api/explanations/{stale[0]}"))).Status);
        var (code, told) = await RunAsync("explain", stale[0]);
        Assert.True(code == 2 && told.Contains("The store does not answer, or is not ready yet.", StringComparison.Ordinal), told);

        await _postgres.RunAsync();
        foreach (var id in stale)
        {
            var explained = await ExplainAsync(id);
            Assert.Equal(("Impatient", "stale", "allow"), (Text(explained, "route"), Text(explained, "outcome"), Text(explained, "outcome_now")));
            var criterion = AssertOnePolicy(explained);
            Assert.Equal(("true. Of the groups that matter to the policy you are in «staff».", "true. Your groups are «staff», «sre»."), (Text(criterion, "then"), Text(criterion, "now")));
            Assert.Equal("the provider «certified», at sign-in or since", Text(criterion, "source"));
            Assert.StartsWith("It would be enough if the store had been heard from in time", Assert.Single(Texts(explained, "change")), StringComparison.Ordinal);
            Assert.Equal("ada@example.com", Text(explained, "email"));
        }

        foreach (var id in unavailable)
        {
            var explained = await ExplainAsync(id);
            Assert.Equal(("Handbook", "unavailable", null), (Text(explained, "route"), Text(explained, "outcome"), Text(explained, "outcome_now")));
            // Whoever could not be looked up is not said to have been a stranger, nor to be one now.
            var criterion = AssertOnePolicy(explained);
            Assert.Equal(("unknown. The store did not answer who asked.", null), (Text(criterion, "then"), Text(criterion, "now")));
            Assert.Equal("nobody: the store did not answer who asked", Text(criterion, "source"));
            Assert.Equal("It would be enough if the store had answered in time.", Assert.Single(Texts(explained, "change")));
            Assert.Contains(Texts(explained, "notes"), note => note.StartsWith("Who asked is not known", StringComparison.Ordinal));
        }
    }

    /// <summary>The ids that a browser, curl and a gRPC client are shown at a host.</summary>
    private async Task<string[]> AskAsync(IPage page, string cookie, string host, string refusal)
    {
        var answer = await page.GotoAsync(_site.App(host).AbsoluteUri);
        Assert.Equal(503, answer!.Status);
        var json = JsonSerializer.Deserialize<JsonElement>(await CurlAsync(host, cookie));
        Assert.Equal(refusal, Text(json, "error"));
        var failure = await GrpcAsync(host, cookie);
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        return [Ids().Match(await page.InnerTextAsync("body")).Value, Text(json, "request_id")!, Ids().Match(failure.Status.Detail).Value];
    }

    private async Task<string> CurlAsync(string host, string cookie)
    {
        var url = _site.App(host);
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-sS", "--cacert", _site.AuthorityFile, "--resolve", $"{host}:{url.Port}:127.0.0.1", "-b", cookie, url.AbsoluteUri]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = curl.StandardError.ReadToEndAsync();
        var said = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        Assert.True(curl.ExitCode == 0, await errors);
        return said;
    }

    private async Task<RpcException> GrpcAsync(string host, string cookie)
    {
        var bytes = Marshallers.Create(static message => message, static message => message);
        using var channel = GrpcChannel.ForAddress(_site.App(host), new() { HttpHandler = NodeClient.HandlerTo(new IPEndPoint(IPAddress.Loopback, _site.App(host).Port), _site.AuthorityFile), DisposeHttpClient = true });
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(new Method<byte[], byte[]>(MethodType.Unary, "books.Books", "Read", bytes, bytes), null, new CallOptions(new Metadata { { "cookie", cookie } }), []);
        return await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
    }

    /// <summary>When the record has come into the store, and how it ended.</summary>
    private async Task<JsonElement> ExplainAsync(string id)
    {
        Assert.Equal(20, id.Length);
        var explained = default(JsonElement);
        await Eventually.Holds(async () =>
        {
            var (code, told) = await RunAsync("explain", id, "--json");
            if (code != 0) return false;
            explained = JsonSerializer.Deserialize<JsonElement>(told);
            return Text(explained, "end") is not null;
        });
        Assert.StartsWith("status ", Text(explained, "end"), StringComparison.Ordinal);
        return explained;
    }

    /// <summary>By the policy of then, which is still in force, and its only criterion.</summary>
    private static JsonElement AssertOnePolicy(JsonElement explained)
    {
        Assert.True(explained.GetProperty("same_policy").GetBoolean());
        Assert.Contains("«staff»", Text(Assert.Single(explained.GetProperty("criteria").EnumerateArray()), "asked"), StringComparison.Ordinal);
        Assert.Contains("staff", Assert.Single(Texts(explained, "policy_lines")), StringComparison.Ordinal);
        return explained.GetProperty("criteria")[0];
    }

    private async Task<(int Code, string Told)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        return (await CommandLine.RunAsync([.. args, "--config", _site.ConfigurationOf(Node)], output, output), output.ToString());
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement json, string name) => json.GetProperty(name).EnumerateArray().Select(text => text.GetString()!);

    [GeneratedRegex("\\b[0-9a-z]{20}\\b")]
    private static partial Regex Ids();
}
