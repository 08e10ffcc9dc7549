namespace Doorward.Peers.Proxies;

/// <summary>The peers that need a configuration file and nothing else.</summary>
internal static class SimplePeers
{
    public static void StartUpstream(Stage stage) => stage.Commands.Start(Commands.LoadCore, "nginx", ["-c", stage.Work.Fill("upstream.nginx.conf")]);

    /// <summary>The platform's own cost, asked by the script of whoever it is compared with.</summary>
    public static Peer StartYarp(Stage stage, string script)
    {
        var work = stage.Work;
        var yarp = stage.Commands.Start(Commands.ProxyCore, Path.Combine(AppContext.BaseDirectory, "Doorward.Peers"), ["yarp", work["yarp"], work["upstream"]]).Id;
        return new("YARP forwarder, no auth", $"http://127.0.0.1:{work["yarp"]}/", script, [yarp]) { WarmsUp = true };
    }

    public static IReadOnlyList<Peer> Start(Stage stage)
    {
        var (work, commands) = (stage.Work, stage.Commands);
        var script = work.Write("plain.lua", Lua.Rotating("localhost", ["app_session=0123456789abcdef0123456789abcdef"]));
        // Asking happens on the proxy's core, as a sidecar's would: its CPU counts.
        var ask = commands.Start(Commands.ProxyCore, "nginx", ["-c", work.Fill("ask.nginx.conf")]).Id;
        var nginx = commands.Start(Commands.ProxyCore, "nginx", ["-c", work.Fill("nginx.conf")]).Id;
        var haproxy = commands.Start(Commands.ProxyCore, "haproxy", ["-db", "-f", work.Fill("haproxy.cfg")]).Id;
        var caddy = commands.Start(Commands.ProxyCore, "caddy", ["run", "--adapter", "caddyfile", "--config", work.Fill("Caddyfile")],
            new Dictionary<string, string> { ["GOMAXPROCS"] = "1", ["HOME"] = work.Folder }).Id;
        return
        [
            new("upstream directly", Url("upstream"), script, []),
            new("haproxy, plain", Url("haproxy"), script, [haproxy]),
            new("nginx, plain", Url("nginx"), script, [nginx]),
            new("nginx + auth_request", Url("nginxauth"), script, [nginx, ask]),
            new("caddy + forward_auth", Url("caddy"), script, [caddy, ask]),
            StartYarp(stage, script),
        ];

        string Url(string port) => $"http://127.0.0.1:{work[port]}/";
    }
}
