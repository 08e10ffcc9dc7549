using Doorward.Server.Proxy.Upstreams;
using Doorward.Server.Routes;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Proxy;

public class BalancingTests
{
    [Fact]
    public void Round_robin_gives_each_its_weight_and_spreads_it()
    {
        var (balancer, _) = Of(LoadBalancing.RoundRobin, 3, 1);
        var turns = string.Concat(Enumerable.Range(0, 8).Select(_ => balancer.Pick(null, "").Id));
        Assert.Equal("00100010", turns);
    }

    [Theory]
    [InlineData(nameof(LoadBalancing.Random))]
    [InlineData(nameof(LoadBalancing.PowerOfTwoChoices))]
    public void Chance_follows_the_weights(string kind)
    {
        var (balancer, _) = Of(Enum.Parse<LoadBalancing>(kind), 3, 1);
        var first = Enumerable.Range(0, 4000).Count(_ => balancer.Pick(null, "").Id == "0");
        Assert.InRange(first, 2600, 4000);
    }

    [Fact]
    public void Least_request_goes_where_least_is_under_way_for_its_weight()
    {
        var (balancer, candidates) = Of(LoadBalancing.LeastRequest, 1, 2, 1);
        foreach (var busy in (int[])[0, 1, 2])
            candidates[busy].Enter();
        Assert.Equal("1", balancer.Pick(null, "").Id);
        candidates[1].Enter();
        candidates[1].Enter();
        candidates[0].Leave();
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal("0", balancer.Pick(null, "").Id));
    }

    [Fact]
    public void A_session_stays_and_losing_one_destination_moves_only_its_own()
    {
        string[] keys = [.. Enumerable.Range(0, 1000).Select(i => $"session-{i}")];
        var (three, _) = Of(LoadBalancing.Session, 1, 1, 1);
        var (same, _) = Of(LoadBalancing.Session, 1, 1, 1);
        var (two, _) = Of(LoadBalancing.Session, 1, 1);
        var chosen = keys.ToDictionary(key => key, key => three.Pick(null, key).Id);
        Assert.All(keys, key => Assert.Equal(chosen[key], same.Pick(null, key).Id));
        Assert.All(keys.Where(key => chosen[key] != "2"), key => Assert.Equal(chosen[key], two.Pick(null, key).Id));
        Assert.All(chosen.Values.CountBy(id => id), each => Assert.InRange(each.Value, 250, 420));
    }

    [Fact]
    public async Task What_answers_a_health_check_badly_gets_no_request()
    {
        await using var well = new RecordingUpstream();
        await using var ill = new RecordingUpstream { Answer = head => head.Contains("/healthz", StringComparison.Ordinal) ? "HTTP/1.1 500 Bad\r\nContent-Length: 0\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nill" };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", Way.UpstreamTo(well.Url, ill.Url) with
        {
            HealthChecks = new(Active: new("/healthz", TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), 2)),
        }));
        // Every other request would go to the ill one: eight good ones in a row mean that none does any more.
        var row = 0;
        await Eventually.Holds(() =>
        {
            row = Wire.GetAsync(door.Port, "app.test", "/").Result.EndsWith("ok", StringComparison.Ordinal) ? row + 1 : 0;
            return row == 8;
        });
        Assert.Contains(ill.Heads, head => head.StartsWith("GET /healthz ", StringComparison.Ordinal));

        ill.Answer = _ => "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nill";
        await Eventually.Holds(() => Wire.GetAsync(door.Port, "app.test", "/").Result.EndsWith("ill", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failures_in_a_row_leave_a_destination_out_for_a_while_and_the_last_is_tried_all_the_same()
    {
        await using var well = new RecordingUpstream();
        await using var ill = new RecordingUpstream { Answer = _ => "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n" };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", Way.UpstreamTo(well.Url, ill.Url) with
        {
            HealthChecks = new(Passive: new(3, TimeSpan.FromMinutes(10))),
        }));
        for (var i = 0; i < 20; i++)
            await Wire.GetAsync(door.Port, "app.test", "/");
        Assert.Equal(3, ill.Heads.Count);
        Assert.Equal(17, well.Heads.Count);

        well.Answer = _ => "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";
        for (var i = 0; i < 5; i++)
            Assert.Equal(503, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", "/")));
        Assert.Equal(25, ill.Heads.Count + well.Heads.Count);
    }

    [Fact]
    public async Task A_client_that_leaves_early_does_not_count_against_the_destination()
    {
        using var arrived = new SemaphoreSlim(0);
        var silent = true;
        await using var upstream = new RecordingUpstream
        {
            Converse = async (_, stream) =>
            {
                arrived.Release();
                if (silent)
                    await Wire.ReadToEndAsync(stream);
                else
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
            },
        };
        await using var other = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", Way.UpstreamTo(upstream.Url, other.Url) with
        {
            LoadBalancing = LoadBalancing.RoundRobin,
            HealthChecks = new(Passive: new(1, TimeSpan.FromMinutes(10))),
        }));
        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", door.Port);
            await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n"u8.ToArray());
            Assert.True(await arrived.WaitAsync(Eventually.Patience));
            client.Client.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        }

        Assert.Equal(Doorward.Server.Proxy.EndedBy.Client, (await door.OutcomeAsync()).EndedBy);
        silent = false;
        for (var i = 0; i < 4; i++)
            Assert.Equal(200, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", "/")));
        Assert.Equal(3, upstream.Heads.Count);
    }

    [Fact]
    [Trait("advisory", "113")]
    public void Upstreams_that_differ_in_anything_share_no_pool()
    {
        Upstream[] upstreams =
        [
            Way.UpstreamTo("https://a.test"),
            Way.UpstreamTo("https://a.test") with { Tls = new(SkipVerify: true) },
            Way.UpstreamTo("https://a.test") with { Tls = new("a", false, "b") },
            Way.UpstreamTo("https://a.test") with { Tls = new("a", false, null, "b") },
            Way.UpstreamTo("https://a.test,2"),
            Way.UpstreamTo("https://a.test", "https://b.test"),
            Way.UpstreamTo("https://a.test") with { LoadBalancing = LoadBalancing.Session },
            Way.UpstreamTo("https://a.test") with { HealthChecks = new(Passive: new(1, TimeSpan.FromSeconds(1))) },
        ];
        Assert.Equal(upstreams.Length, upstreams.Select(UpstreamPool.IdOf).Distinct().Count());
        Assert.Equal(UpstreamPool.IdOf(Way.UpstreamTo("https://a.test")), UpstreamPool.IdOf(upstreams[0] with { Timeout = null }));
    }

    private static (Balancer Balancer, Candidate[] Candidates) Of(LoadBalancing kind, params int[] weights)
    {
        Candidate[] candidates = [.. weights.Select((weight, i) => new Candidate(new Destination(new Uri($"http://10.0.0.{i}:80"), weight), i))];
        return (new Balancer(kind, candidates), candidates);
    }
}
