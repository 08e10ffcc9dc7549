using static Doorward.Server.Tests.Routes.Reload.ConfigurationFolder;

namespace Doorward.Server.Tests.Routes.Reload;

/// <summary>A faulty object harms only itself.</summary>
public sealed class ReloadTests
{
    [Fact]
    public void A_wrong_route_denies_and_the_others_change_as_written()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound("routes:\n" + Route("one") + Route("two"))).Start();
        folder.Write("doorward.yaml", Sound("routes:\n" + Route("one", "allow_public_unauthenticated_access: true, timeuot: 1s") + Route("two", "allow_any_authenticated_user: true")));
        Assert.True(folder.Settle());
        Assert.Equal("Deny by one", folder.Answer("one.example.com"));
        Assert.Equal("SignIn by two", folder.Answer("two.example.com"));
        Assert.Equal(HealthState.Degraded, folder.Reload.Health().State);
        Assert.Contains("«timeuot»", folder.Reload.Health().Detail, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("advisory", "64")]
    public void A_wrong_route_keeps_a_broader_one_from_answering()
    {
        var wide = "  - { name: wide, from: \"https://*.example.com\", to: \"http://127.0.0.1:1\", allow_public_unauthenticated_access: true }\n";
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound("routes:\n" + wide + Route("one", "allow_any_authenticated_user: true"))).Start();
        Assert.Equal("SignIn by one", folder.Answer("one.example.com"));
        // Even its place cannot be read any more: it stays where it was.
        folder.Write("doorward.yaml", Sound("routes:\n" + wide + "  - { name: one, from: \"https://one example.com\", to: \"http://127.0.0.1:1\", allow_any_authenticated_user: true }\n"));
        Assert.True(folder.Settle());
        Assert.Equal("Deny by one", folder.Answer("one.example.com"));
        Assert.Equal("Allow by wide", folder.Answer("two.example.com"));
    }

    [Fact]
    public void A_new_wrong_route_denies_where_it_would_stand()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound("routes:\n" + Route("one"))).Start();
        folder.Write("doorward.yaml", Sound("routes:\n" + Route("one") + Route("two", "policy: nobody-knows") + Route("three", "regex: \"(\", allow_public_unauthenticated_access: true")));
        Assert.True(folder.Settle());
        Assert.Equal("Deny by two", folder.Answer("two.example.com"));
        Assert.Equal("Deny by three", folder.Answer("three.example.com", "/anything"));
    }

    [Fact]
    public void Of_a_wrong_policy_the_last_good_stays()
    {
        const string good = "policies: { p: { allow: { and: [ { accept: true } ] } } }\nroutes:\n";
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound(good + Route("one", "policy: p"))).Start();
        folder.Write("doorward.yaml", Sound("policies: { p: { allow: { and: [ { acept: true } ] } } }\nroutes:\n" + Route("one", "policy: p") + Route("two", "policy: p")));
        Assert.True(folder.Settle());
        Assert.Equal("Allow by one", folder.Answer("one.example.com"));
        Assert.Equal("Allow by two", folder.Answer("two.example.com"));
        Assert.Equal(1, folder.Reload.Status.Errors);
        folder.Write("doorward.yaml", Sound("policies: {}\nroutes:\n" + Route("one", "policy: p")));
        Assert.True(folder.Settle());
        Assert.Equal("Deny by one", folder.Answer("one.example.com"));
    }

    [Fact]
    public void Of_a_wrong_guardrail_the_last_good_stays()
    {
        static string Rails(string deny) => $"guardrails: [ {{ name: g, hosts: [\"*\"], policy: {{ deny: {{ or: [ {{ {deny} }} ] }} }} }} ]\nroutes:\n";
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound(Rails("http_path: { is: /x }") + Route("one"))).Start();
        var before = Assert.Single(folder.Value.Guardrails);
        folder.Write("doorward.yaml", Sound(Rails("htp_path: { is: /y }") + Route("one")));
        Assert.True(folder.Settle());
        Assert.Same(before, Assert.Single(folder.Value.Guardrails));
        Assert.Contains(folder.Value.RouteNamed("one")!.Policy.Rules, rule => rule.Denies && rule.Origin == "g");
    }

    [Fact]
    public void Of_a_wrong_setting_the_last_good_stays_and_the_others_change()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound("session: { absolute: 2h }\nstaleness: { limit: 5s }\n")).Start();
        folder.Write("doorward.yaml", Sound("session: { absolute: soon }\nstaleness: { limit: 7s }\n"));
        Assert.True(folder.Settle());
        Assert.Equal(TimeSpan.FromHours(2), folder.Value.Settings.Session.Absolute);
        Assert.Equal(TimeSpan.FromSeconds(7), folder.Value.Settings.Staleness.Limit);
        folder.Write("doorward.yaml", Sound("session: { absolute: 1h, idle: 2h }\nstaleness: { limit: 8s }\n"));
        Assert.True(folder.Settle());
        Assert.Equal(TimeSpan.FromHours(2), folder.Value.Settings.Session.Absolute);
        Assert.Equal(TimeSpan.FromSeconds(8), folder.Value.Settings.Staleness.Limit);
    }

    [Fact]
    public void A_key_written_twice_makes_its_route_deny_and_no_other()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound("routes:\n" + Route("one") + Route("two"))).Start();
        folder.Write("doorward.yaml", Sound("routes:\n" + Route("one") + Route("two", "allow_public_unauthenticated_access: true, timeout: 1s, timeout: 2s") + Route("three")));
        Assert.True(folder.Settle());
        Assert.Equal("Allow by one", folder.Answer("one.example.com"));
        Assert.Equal("Deny by two", folder.Answer("two.example.com"));
        Assert.Equal("Allow by three", folder.Answer("three.example.com"));
    }

    [Fact]
    public void A_list_of_routes_written_twice_leaves_the_file_as_it_was()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound("routes:\n" + Route("one"))).Start();
        folder.Write("doorward.yaml", Sound("routes:\n" + Route("one") + Route("two") + "routes:\n" + Route("three")));
        Assert.True(folder.Settle());
        Assert.Equal(["one"], folder.Value.Routes.Select(route => route.Name));
        folder.Write("doorward.yaml", Sound("routes:\n" + Route("one") + "  - words\n"));
        Assert.True(folder.Settle());
        Assert.Equal(["one"], folder.Value.Routes.Select(route => route.Name));
    }

    [Theory]
    [InlineData("      deny:\n        or: [ { http_path: { is: /x } } ]\n      allow:\n        or: [ { accept: true } ]\n")]
    [InlineData("      allow:\n        or: [ { accept: true } ]\n      # Nobody\n      deny:\n        or: [ { http_path: { is: /x } } ]\n")]
    public void Rules_that_moved_within_their_policy_are_told_where_they_are(string moved)
    {
        const string rules = "      allow:\n        or: [ { accept: true } ]\n      deny:\n        or: [ { http_path: { is: /x } } ]\n";
        static string Text(string rules) => Sound($"policies:\n  p:\n{rules.Replace("      ", "    ", StringComparison.Ordinal)}routes:\n  - name: one\n    from: https://one.example.com\n    to: \"http://127.0.0.1:1\"\n    policy:\n{rules}"
            + "  - { name: two, from: \"https://two.example.com\", to: \"http://127.0.0.1:1\", policy: p }\n");
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Text(rules)).Start();
        var before = folder.Value.RouteNamed("one")!;
        folder.Write("doorward.yaml", Text(moved));
        Assert.True(folder.Settle());
        var lines = File.ReadAllLines(folder.Main);
        foreach (var rule in new[] { "one", "two" }.SelectMany(name => folder.Value.RouteNamed(name)!.Policy.Explain(new() { Now = folder.Time.GetUtcNow(), Request = new() { Method = "GET", Host = "", Path = "/x" } }).Rules))
            Assert.Equal(rule.Denies ? "deny:" : "allow:", lines[rule.Place.Line - 1].Trim());
        // Nothing else is: who is connected is not judged by something new.
        Assert.Equal(before.Version, folder.Value.RouteNamed("one")!.Version);
    }

    [Fact]
    public void What_did_not_change_is_the_same_object()
    {
        const string policies = "policies: { p: { allow: { and: [ { accept: true } ] } } }\nroutes:\n";
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound(policies + Route("one", "policy: p") + Route("two", "policy: p"))).Start();
        var (one, two) = (folder.Value.RouteNamed("one"), folder.Value.RouteNamed("two")!);
        Assert.Same(one!.Policy, two.Policy);
        folder.Write("doorward.yaml", Sound(policies + Route("one", "policy: p") + Route("two", "policy: p, timeout: 1s")));
        Assert.True(folder.Settle());
        Assert.Same(one, folder.Value.RouteNamed("one"));
        Assert.NotEqual(two.Version, folder.Value.RouteNamed("two")!.Version);
        Assert.Equal(two.Policy.Digest, folder.Value.RouteNamed("two")!.Policy.Digest);
    }

    [Fact]
    public void Listeners_are_told_in_order_once_the_new_one_is_in_force()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Sound("routes:\n" + Route("one"))).Start();
        var told = new List<string>();
        using var first = folder.Current.OnReplaced((before, after) => told.Add($"{before.Routes.Count} {after.Routes.Count} {ReferenceEquals(after, folder.Value)}"));
        var second = folder.Current.OnReplaced((_, _) => told.Add("second"));
        folder.Write("doorward.yaml", Sound("routes:\n" + Route("one") + Route("two")));
        Assert.True(folder.Settle());
        Assert.Equal(["1 2 True", "second"], told);
        second.Dispose();
        Assert.False(folder.Settle());
        folder.Reload.Refresh();
        Assert.Equal(["1 2 True", "second", "2 2 True"], told);
    }
}
