using System.Buffers;
using System.Net;
using System.Text;
using Doorward.Server.Identity;
using Doorward.Server.Proxy;
using Doorward.Server.Proxy.Headers;
using Doorward.Server.Proxy.Targets;
using Microsoft.AspNetCore.Http;

namespace Doorward.Fuzz;

/// <summary>What any stranger sends: the target, the host, cookies, forwarded headers. None may throw, and what passes must stand still.</summary>
internal static class RequestTargets
{
    private static readonly ClientAddress _believing = new([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("::1/128")]);

    private static readonly SearchValues<char> _forbidden = SearchValues.Create("\\# \0\r\n\u007f");

    /// <summary>A normal form is its own normal form, and holds nothing that another server reads differently.</summary>
    public static void Target(byte[] input)
    {
        if (RequestTarget.Parse(Text(input), out var target) != Defect.None) return;
        Require(RequestTarget.Parse(target.Text, out var again) == Defect.None && again.Text == target.Text, "The normal form has another normal form.");
        Require(target.Path is ['/', ..] && !target.Path.ContainsAny(_forbidden), "A path holds what it must not.");
        foreach (var element in target.PathText.Split('/')) Require(element is not ("." or ".."), "A path holds a dot segment.");
        Require(again.LenientPath == target.LenientPath, "The lenient reading depends on the spelling.");
    }

    /// <summary>A host that is read is written and read as itself.</summary>
    public static void Host(byte[] input)
    {
        if (RequestHost.Parse(Text(input), https: true, out var host) != Defect.None) return;
        Require(RequestHost.Parse(host.ToString(), https: true, out var again) == Defect.None && again == host, "The host has two readings.");
    }

    /// <summary>A cookie that is ours reaches no upstream, however it stands between others.</summary>
    public static void Cookie(byte[] input)
    {
        var context = new DefaultHttpContext();
        var text = Text(input);
        context.Request.Headers.Cookie = text;
        var found = RequestCookies.Find(context.Request, "__Host-doorward");
        Require(found.IsEmpty || text.AsSpan().Contains(found, StringComparison.Ordinal), "A value was made up.");
        RequestCookies.Names(context.Request, "__Host-doorward-flow-");
        OurCookies.Sets(text);
        context.Request.Headers.Cookie = OurCookies.Remove(context.Request.Headers.Cookie);
        Require(RequestCookies.Find(context.Request, "__Host-doorward").IsEmpty, "A cookie of ours was left.");
    }

    /// <summary>Whatever stands there, there is one client, and a stranger is never a listed proxy by its own word.</summary>
    public static void Forwarded(byte[] input)
    {
        var parts = Text(input).Split('\n');
        foreach (var peer in (IPAddress[])[IPAddress.Parse("10.0.0.1"), IPAddress.Parse("192.0.2.1")])
        {
            var context = new DefaultHttpContext();
            context.Connection.RemoteIpAddress = peer;
            context.Request.Headers["X-Forwarded-For"] = parts[0];
            if (parts.Length > 1) context.Request.Headers["X-Forwarded-Proto"] = parts[1];
            var origin = _believing.Read(context);
            Require(origin.Address is not null && (peer.GetAddressBytes()[0] == 10 || origin.Address.Equals(peer)), "A stranger was believed.");
        }
    }

    private static string Text(byte[] input) => Encoding.Latin1.GetString(input);

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException(what);
    }
}
