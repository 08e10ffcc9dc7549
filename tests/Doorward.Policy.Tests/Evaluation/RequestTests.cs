using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Evaluation;

public class RequestTests
{
    [Theory]
    [InlineData("{'http_method': {'not': 'GET'}}", "http-method-unauthorized")]
    [InlineData("{'http_path': {'not': '/'}}", "http-path-unauthorized")]
    [InlineData("{'http_host': {'not': 'x'}}", "http-host-unauthorized")]
    [InlineData("{'http_header/x': {'exclude': 'x'}}", "http-header-unauthorized")]
    [InlineData("{'http_query/x': {'exclude': 'x'}}", "http-query-unauthorized")]
    [InlineData("{'cors_preflight': true}", "non-cors-request")]
    [InlineData("{'source_ip': '0.0.0.0/0'}", "source-ip-unauthorized")]
    [InlineData("{'client_certificate': {'san_dns': {'not': 'x'}}}", "client-certificate-unauthorized")]
    [InlineData("{'mcp_tool': {'not': 'x'}}", "mcp-not-a-tool-call")]
    [InlineData("{'ssh_publickey': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA=='}", "ssh-publickey-unauthorized")]
    [InlineData("{'ssh_ca': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA=='}", "ssh-publickey-unauthorized")]
    [InlineData("{'ssh_username': {'not': 'x'}}", "ssh-username-unauthorized")]
    [InlineData("{'kubernetes/verb': {'not': 'get'}}", "kubernetes-unauthorized")]
    [InlineData("{'kubernetes/group': {'not': 'x'}}", "kubernetes-unauthorized")]
    [InlineData("{'kubernetes/resource': {'not': 'x'}}", "kubernetes-unauthorized")]
    [InlineData("{'kubernetes/subresource': {'not': 'x'}}", "kubernetes-unauthorized")]
    [InlineData("{'kubernetes/namespace': {'not': 'x'}}", "kubernetes-unauthorized")]
    [InlineData("{'kubernetes/name': {'not': 'x'}}", "kubernetes-unauthorized")]
    [InlineData("{'kubernetes/exec_class': false}", "kubernetes-unauthorized")]
    public void What_was_not_told_is_unknown_and_asks_nothing(string criterion, string reason) =>
        Assert.Equal("unknown " + reason, Verdict.Of(criterion, new Facts { Now = Some.Now }));

    [Fact]
    [Trait("advisory", "174")]
    public void An_address_that_is_not_known_allows_nothing_and_is_refused_by_what_denies_addresses()
    {
        var facts = new Facts { Now = Some.Now };
        Assert.Equal(Outcome.Deny, Policies.Allowing("{'source_ip': '0.0.0.0/0'}").Decide(facts).Outcome);
        Assert.Equal(Outcome.Deny, Policies.Of("{'allow': {'or': [{'accept': true}]}, 'deny': {'or': [{'source_ip': '192.0.2.0/24'}]}}").Decide(facts).Outcome);
    }

    [Theory]
    [InlineData("'GET'", "true http-method-ok")]
    [InlineData("{'in': ['PUT', 'POST']}", "false http-method-unauthorized")]
    [InlineData("{'matches': 'get'}", "false http-method-unauthorized")]
    public void A_method_is_compared_as_sent(string matcher, string verdict) => Assert.Equal(verdict, Verdict.Of("{'http_method': " + matcher + "}", Some.Stranger()));

    [Theory]
    [InlineData("'APP.example.com'", "true http-host-ok")]
    [InlineData("{'ends_with': '.Example.COM'}", "true http-host-ok")]
    [InlineData("'other.example.com'", "false http-host-unauthorized")]
    public void A_host_is_compared_without_case(string matcher, string verdict)
    {
        Assert.Equal(verdict, Verdict.Of("{'http_host': " + matcher + "}", Some.Stranger()));
        Assert.Equal(verdict, Verdict.Of("{'http_host': " + matcher + "}", Some.WithRequest(Some.Request(host: "App.Example.com"))));
    }

    [Theory]
    [Trait("advisory", "3")]
    [InlineData("'user'", "true")]
    [InlineData("'admin'", "true")]
    [InlineData("{'exclude': 'admin'}", "false")]
    [InlineData("{'is': 'user'}", "false")]
    [InlineData("{'not': 'admin'}", "unknown")]
    public void A_header_sent_twice_is_one_list(string matcher, string truth)
    {
        foreach (string[] values in new[] { new[] { "admin", "user" }, ["user", "admin"] })
        {
            var request = new RequestFacts { Method = "GET", Host = "h", Path = "/", Header = name => name == "X-Role" ? values : [], Query = name => name == "role" ? values : [] };
            Assert.StartsWith(truth, Verdict.Of("{'http_header/X-Role': " + matcher + "}", Some.WithRequest(request)), StringComparison.Ordinal);
            Assert.StartsWith(truth, Verdict.Of("{'http_query/role': " + matcher + "}", Some.WithRequest(request)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("'x'", "false http-header-unauthorized")]
    [InlineData("{'exclude': 'x'}", "true http-header-ok")]
    [InlineData("{'not': 'x'}", "unknown http-header-unauthorized")]
    public void A_header_that_was_not_sent_is_an_empty_list(string matcher, string verdict)
    {
        Assert.Equal(verdict, Verdict.Of("{'http_header/x': " + matcher + "}", Some.Stranger()));
        Assert.Equal(verdict.Replace("header", "query", StringComparison.Ordinal), Verdict.Of("{'http_query/x': " + matcher + "}", Some.Stranger()));
    }

    [Theory]
    [InlineData("OPTIONS", true, true, true)]
    [InlineData("GET", true, true, false)]
    [InlineData("options", true, true, false)]
    [InlineData("OPTIONS", false, true, false)]
    [InlineData("OPTIONS", true, false, false)]
    public void A_preflight_has_the_method_and_both_headers(string method, bool asks, bool origin, bool holds)
    {
        IReadOnlyList<string> Header(string name) => (name, asks, origin) switch
        {
            ("Access-Control-Request-Method", true, _) => ["GET"],
            ("Origin", _, true) => ["https://x"],
            _ => [],
        };
        var request = new RequestFacts { Method = method, Host = "h", Path = "/", Header = Header };
        Assert.Equal(holds ? "true cors-request" : "false non-cors-request", Verdict.Of("{'cors_preflight': true}", Some.WithRequest(request)));
    }

    [Theory]
    [InlineData("tools/call", "list", "true mcp-tool-match")]
    [InlineData("tools/call", "drop", "false mcp-tool-no-match")]
    [InlineData("tools/call", null, "unknown mcp-tool-no-match")]
    [InlineData("tools/list", "list", "false mcp-not-a-tool-call")]
    [InlineData("TOOLS/CALL", "list", "false mcp-not-a-tool-call")]
    [InlineData(null, "list", "false mcp-not-a-tool-call")]
    public void A_tool_is_compared_where_one_is_called(string? method, string? tool, string verdict) =>
        Assert.Equal(verdict, Verdict.Of("{'mcp_tool': 'list'}", new Facts { Now = Some.Now, Mcp = new McpFacts(method, tool) }));

    [Theory]
    [InlineData("{'kubernetes/verb': 'create'}", true)]
    [InlineData("{'kubernetes/group': 'apps'}", true)]
    [InlineData("{'kubernetes/resource': 'pods'}", true)]
    [InlineData("{'kubernetes/subresource': 'exec'}", true)]
    [InlineData("{'kubernetes/namespace': {'starts_with': 'prod'}}", true)]
    [InlineData("{'kubernetes/name': 'web-0'}", true)]
    [InlineData("{'kubernetes/name': ''}", false)]
    [InlineData("{'kubernetes/verb': 'get'}", false)]
    [InlineData("{'kubernetes/exec_class': true}", true)]
    [InlineData("{'kubernetes/exec_class': false}", false)]
    public void A_kubernetes_request_is_compared_by_its_parts(string criterion, bool holds)
    {
        var facts = new Facts { Now = Some.Now, Kubernetes = new KubernetesFacts("create", "apps", "pods", "exec", "prod-eu", "web-0") };
        Assert.Equal(holds ? "true kubernetes-ok" : "false kubernetes-unauthorized", Verdict.Of(criterion, facts));
    }

    [Theory]
    [InlineData("get", "exec", true)]
    [InlineData("get", "attach", true)]
    [InlineData("get", "portforward", true)]
    [InlineData("patch", "ephemeralcontainers", true)]
    [InlineData("get", "proxy", true)]
    [InlineData("proxy", "", true)]
    [InlineData("get", "log", false)]
    [InlineData("get", "", false)]
    public void What_opens_a_way_into_a_pod_is_of_the_exec_class_whatever_the_verb(string verb, string subresource, bool exec)
    {
        var facts = new Facts { Now = Some.Now, Kubernetes = new KubernetesFacts(verb, "", "nodes", subresource, "", "") };
        Assert.StartsWith(exec ? "true" : "false", Verdict.Of("{'kubernetes/exec_class': true}", facts), StringComparison.Ordinal);
        Assert.StartsWith(exec ? "false" : "true", Verdict.Of("{'kubernetes/exec_class': false}", facts), StringComparison.Ordinal);
    }
}
