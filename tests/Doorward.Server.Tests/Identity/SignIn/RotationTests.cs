using System.Net;
using System.Text.Json;
using System.Web;
using Doorward.Server.Audit;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorward.Server.Tests.Identity.SignIn;

/// <summary>Three nodes on one PostgreSQL, and a certified provider that takes a second use of a refresh token for theft and ends the grant.</summary>
public sealed class RotationTests : SessionTest
{
    private const int Sessions = 50;
    private const string Callback = "http://127.0.0.1:1/callback", Secret = "a secret with spaces & signs: +/=%";

    // RFC 7636, appendix B.
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", CodeChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private readonly List<IAsyncDisposable> _undo = [];
    private string _issuer = "";

    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();

    [Fact]
    public async Task Three_nodes_refresh_fifty_sessions_at_once_and_lose_none()
    {
        Time.SetRight();
        var peer = await NodePeer.StartAsync("oidc-provider-peer.mjs", Callback, Callback);
        _undo.Add(peer);
        _issuer = (await peer.Output.ReadLineAsync())!;
        var nodes = (Room[])[await StartAsync(), await StartAsync(), await StartAsync()];
        var sessions = new List<string>();
        for (var i = 0; i < Sessions; i++)
            sessions.Add((await nodes[i % 3].Sessions.SignInAsync(Ada() with { Provider = "certified", Tokens = await SignInAsync() }, Browser, null)).Id);
        var duties = nodes.Select(Refresh).ToList();
        HashSet<string> used = [];

        for (var round = 0; round < 3; round++)
        {
            await PassAsync(nodes[0], TimeSpan.FromMinutes(5));
            var refreshed = await Task.WhenAll(duties.Select(duty => duty.RunAsync(default)));

            Assert.Equal(Sessions, refreshed.Sum());
            foreach (var session in sessions)
            {
                var kept = await nodes[round].Tokens.FindAsync(session, default);
                Assert.True(kept is not null, "A session was lost.");
                Assert.True(used.Add(kept.Refresh!), "A refresh token was kept twice.");
            }
        }
    }

    private protected override async ValueTask CloseAsync()
    {
        foreach (var one in _undo) await one.DisposeAsync();
    }

    /// <summary>The tokens of a sign-in, as any client gets them by the authorization code flow.</summary>
    private async Task<ProviderTokens> SignInAsync()
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() });
        var url = new Uri($"{_issuer}/auth?client_id=doorward&response_type=code&scope=openid%20offline_access&prompt=consent&code_challenge_method=S256&code_challenge={CodeChallenge}&redirect_uri={Uri.EscapeDataString(Callback)}");
        while (!url.AbsoluteUri.StartsWith(Callback, StringComparison.Ordinal))
        {
            using var answer = await client.GetAsync(url);
            Assert.True(answer.Headers.Location is not null, await answer.Content.ReadAsStringAsync());
            url = new Uri(url, answer.Headers.Location);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_issuer}/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code", ["code"] = HttpUtility.ParseQueryString(url.Query)["code"]!, ["code_verifier"] = Verifier, ["redirect_uri"] = Callback,
            }),
        };
        // RFC 6749, 2.3.1: both are form-encoded first.
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"doorward:{Uri.EscapeDataString(Secret)}")));
        using var told = await client.SendAsync(request);
        var tokens = JsonSerializer.Deserialize<JsonElement>(await told.Content.ReadAsStringAsync());
        return new(tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString(), tokens.GetProperty("id_token").GetString(), Time.GetUtcNow().AddMinutes(5));
    }

    private SessionRefresh Refresh(Room room)
    {
        var settings = new ProviderSettings { Name = "certified", Preset = "oidc", Url = _issuer, ClientId = "doorward", ClientSecret = Secret };
        var providers = new ProviderSet([settings], allowLocalHttp: true, Outbound.Connect, Time);
        var trail = AuditTrail.Open(new AuditOptions { Folder = Directory.CreateDirectory(Path.Combine(Lab.Folder, Guid.NewGuid().ToString("N"))).FullName, SegmentBytes = 1024 * 1024 }, Time);
        _undo.Add(trail);
        return new(() => providers, room.Tokens, room.Sessions, trail, Time, NullLogger<SessionRefresh>.Instance);
    }
}
