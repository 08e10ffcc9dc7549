using CsCheck;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Matching;
using static Doorward.Server.Tests.Routes.Matching.Tables;

namespace Doorward.Server.Tests.Routes.Matching;

public sealed class RouteTableTests
{
    private static readonly string[] Hosts = ["a.test", "b.test", "x.a.test", "y.x.a.test", "test", "[::1]", "10.0.0.1"];

    private static readonly Gen<string> GenPath = Gen.OneOf("a", "b", "ab", "a%2Fb", "", "v1").Array[0, 4].Select(elements => "/" + string.Join('/', elements));

    private static readonly Gen<HostPattern> GenHost = Gen.Select(Gen.OneOf(Hosts), Gen.Enum<HostPatternKind>(), (host, kind) =>
        kind switch
        {
            HostPatternKind.Any => new HostPattern(kind, ""),
            HostPatternKind.Exact => new(kind, host),
            _ => new(kind, host.StartsWith('[') || char.IsAsciiDigit(host[0]) ? "a.test" : host),
        });

    private static readonly Gen<RouteMatch> GenMatch = Gen.Select(GenHost, Gen.OneOf<int?>(null, null, 443, 8443), GenPath, Gen.Int[0, 3], (host, port, path, kind) => kind switch
    {
        0 => new RouteMatch(host, port, Path: path),
        1 => new RouteMatch(host, port, Prefix: path.TrimEnd('/')),
        2 => new RouteMatch(host, port, Regex: Whole(path.TrimEnd('/').Replace("b", "[ab]+", StringComparison.Ordinal) + "(/.*)?")),
        _ => new RouteMatch(host, port),
    });

    [Fact]
    public void The_table_finds_what_a_scan_of_all_routes_finds() =>
        Gen.Select(GenMatch.Array[0, 25], Gen.OneOf(Hosts), Gen.OneOf(443, 8443, 80), GenPath).Sample((matches, host, port, path) =>
        {
            var routes = matches.Select((match, i) => Route($"r{i}", match)).ToList();
            Assert.Equal(Scan(routes, host, port, path)?.Name, new RouteTable(routes).Find(host, port, path)?.Name);
        }, iter: 20_000);

    [Fact]
    public void The_order_of_the_file_decides_only_between_equals() =>
        Gen.Select(GenMatch.Array[1, 12], Gen.Int, Gen.OneOf(Hosts), GenPath).Sample((matches, seed, host, path) =>
        {
            var routes = matches.DistinctBy(match => match.Key).Where(match => match.Regex is null).Select((match, i) => Route($"r{i}", match)).ToArray();
            var shuffled = routes.OrderBy(route => (route.Name + seed).GetHashCode(StringComparison.Ordinal)).ToArray();
            Assert.Equal(new RouteTable(routes).Find(host, 443, path)?.Name, new RouteTable(shuffled).Find(host, 443, path)?.Name);
        }, iter: 5_000);

    [Fact]
    public void A_prefix_holds_by_whole_elements()
    {
        var table = new RouteTable([Route("api", new(Host("a.test"), Prefix: "/api"))]);
        Assert.Equal("api", table.Find("a.test", 443, "/api")?.Name);
        Assert.Equal("api", table.Find("a.test", 443, "/api/v1")?.Name);
        Assert.Equal("api", table.Find("a.test", 443, "/api/")?.Name);
        Assert.Null(table.Find("a.test", 443, "/apis"));
        Assert.Null(table.Find("a.test", 443, "/api%2Fv1"));
        Assert.Null(table.Find("a.test", 443, "//api"));
    }

    [Fact]
    public void A_host_that_is_known_exactly_is_not_answered_by_a_wildcard()
    {
        var table = new RouteTable([Route("wide", new(Host("*.test"))), Route("narrow", new(Host("a.test"), Prefix: "/only"))]);
        Assert.Null(table.Find("a.test", 443, "/other"));
        Assert.Equal("wide", table.Find("b.test", 443, "/other")?.Name);
    }

    [Fact]
    public void A_wildcard_of_a_file_is_one_label_and_of_the_gateway_any_number()
    {
        var table = new RouteTable([Route("one", new(Host("*.a.test"))), Route("many", new(Host("*.b.test", HostPatternKind.Suffix)))]);
        Assert.Equal("one", table.Find("x.a.test", 443, "/")?.Name);
        Assert.Null(table.Find("y.x.a.test", 443, "/"));
        Assert.Null(table.Find("a.test", 443, "/"));
        Assert.Equal("many", table.Find("y.x.b.test", 443, "/")?.Name);
        Assert.Null(table.Find("b.test", 443, "/"));
    }

    [Fact]
    public void Hosts_match_whatever_their_case()
    {
        var table = new RouteTable([Route("a", new(Host("A.Test"))), Route("w", new(Host("*.b.test")))]);
        Assert.Equal("a", table.Find("a.TEST", 443, "/")?.Name);
        Assert.Equal("w", table.Find("X.B.test", 443, "/")?.Name);
        Assert.True(table.Knows("a.test"));
        Assert.False(table.Knows("c.test"));
    }

    [Fact]
    public void A_lookup_allocates_nothing()
    {
        var routes = Enumerable.Range(0, 1000).Select(i => Route($"r{i}", new(Host($"h{i % 100}.test"), Prefix: $"/p{i}/q")))
            .Append(Route("x", new(Host("*.w.test"), Regex: Whole("/[a-z]+/.*")))).ToList();
        var table = new RouteTable(routes);
        string[] hosts = ["h7.test", "x.w.test", "unknown.test"];
        Route? found = null;
        void Look()
        {
            foreach (var host in hosts) found = table.Find(host, 443, "/p7/q/r/s/t") ?? found;
        }

        for (var i = 0; i < 2000; i++) Look();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Look();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotNull(found);
    }

    [Fact]
    public void A_hundred_thousand_routes_are_found_each_by_its_own_request()
    {
        var routes = Enumerable.Range(0, 100_000).Select(i => Route($"r{i}", new(Host($"h{i / 10}.test"), Prefix: $"/p{i % 10}"))).ToList();
        var table = new RouteTable(routes);
        for (var i = 0; i < routes.Count; i += 97) Assert.Same(routes[i], table.Find($"h{i / 10}.test", 443, $"/p{i % 10}/deep/er"));
    }
}
