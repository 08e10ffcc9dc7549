using System.Globalization;
using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>From <c>to</c>, <c>redirect</c> and <c>response</c> to what a route does.</summary>
internal sealed class ActionBuilder(Findings findings)
{
    public RouteAction? Build(RouteOptions options)
    {
        var written = (options.To.Count > 0 ? 1 : 0) + (options.Redirect is null ? 0 : 1) + (options.Response is null ? 0 : 1);
        if (written != 1)
        {
            if (options.Has(nameof(options.To)) && written == 0 && options.Faulty) return null;
            findings.Error("DW2026", written == 0 ? "The route leads nowhere." : "The route leads to more than one thing.",
                "Write exactly one of «to», «redirect» and «response».", options.Place);
            return null;
        }

        if (options.Response is { } response) return new ResponseAction(response.Status, response.Body ?? "");
        return options.Redirect is { } redirect ? Redirect(redirect) : Forward(options);
    }

    private RedirectAction? Redirect(RedirectOptions options)
    {
        if (options.HttpsRedirect && options.SchemeRedirect is not null)
            findings.Error("DW2027", "«https_redirect» and «scheme_redirect» say the same thing twice.", "Keep one of them.", options.Place);
        if (options.PathRedirect is not null && options.PrefixRewrite is not null)
            findings.Error("DW2027", "«path_redirect» replaces the whole path, and «prefix_rewrite» a part of it.", "Keep one of them.", options.Place);
        if (options.ResponseCode is not (301 or 302 or 303 or 307 or 308))
            findings.Error("DW2028", $"{options.ResponseCode} is no status of a redirect.", "Write 301, 302, 303, 307 or 308.", options.At(nameof(options.ResponseCode)));
        if (options.SchemeRedirect is not (null or "http" or "https"))
            findings.Error("DW2028", $"«{options.SchemeRedirect}» is no scheme to redirect to.", "Write http or https.", options.At(nameof(options.SchemeRedirect)));
        string? host = null;
        if (options.HostRedirect is { } written && (host = HostName.Canonical(written)) is null)
            findings.Error("DW2028", $"«{written}» is no host name.", "Write a name such as new.example.com; a port is written as «port_redirect».", options.At(nameof(options.HostRedirect)));
        foreach (var (path, property) in new[] { (options.PathRedirect, nameof(options.PathRedirect)), (options.PrefixRewrite, nameof(options.PrefixRewrite)) })
            if (path is not null && PathForm.Of(path) is null)
                findings.Error("DW2024", $"«{path}» is no path that a request can have.", "Begin with a slash, and write no query.", options.At(property));
        return new(new(options.ResponseCode, options.HttpsRedirect, options.SchemeRedirect, host, options.PortRedirect,
            options.PathRedirect is { } whole ? PathForm.Of(whole) : null, options.PrefixRewrite is { } prefix ? PathForm.Of(prefix) : null, options.StripQuery));
    }

    private ForwardAction? Forward(RouteOptions options)
    {
        var destinations = new List<Destination>();
        for (var i = 0; i < options.To.Count; i++)
            if (Destination(options.To[i], options, i) is { } destination) destinations.Add(destination);
        if (destinations.Count < options.To.Count) return null;
        var rewrites = new RewriteBuilder(findings);
        return new(new Upstream
        {
            Destinations = destinations,
            LoadBalancing = options.LoadBalancingPolicy,
            Tls = new UpstreamTlsBuilder(findings).Build(options, destinations),
            HealthChecks = Health(options),
            Rewrite = rewrites.Path(options),
            HostRewrite = rewrites.Host(options),
            Timeout = options.Timeout == TimeSpan.Zero ? null : options.Timeout,
            IdleTimeout = options.IdleTimeout == TimeSpan.Zero ? null : options.IdleTimeout,
            AllowWebSockets = options.AllowWebsockets,
            AllowSpdy = options.AllowSpdy,
        });
    }

    private Destination? Destination(string written, RouteOptions options, int index)
    {
        var place = options.At(nameof(options.To), index);
        var comma = written.LastIndexOf(',');
        var weight = 1;
        if (comma >= 0 && (!int.TryParse(written.AsSpan(comma + 1), NumberStyles.None, CultureInfo.InvariantCulture, out weight) || weight is 0 or > 1_000_000))
        {
            findings.Error("DW2029", $"«{written[(comma + 1)..]}» is no weight.", "Write a whole number from 1 to 1000000 after the comma.", place);
            return null;
        }

        var address = comma < 0 ? written : written[..comma];
        if (address.Contains('@', StringComparison.Ordinal))
        {
            // Not repeated: what stands before it is often a password.
            findings.Error("DW2030", "An address of an upstream has no user and no password.", "Write them as «set_request_headers: { Authorization: ... }».", place);
            return null;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            findings.Error("DW2030", $"«{address}» is no address of an upstream.", "Write, for example: http://127.0.0.1:8080", place);
            return null;
        }

        if (url.Scheme is not ("http" or "https" or "h2c"))
        {
            findings.Error("DW2030", $"Upstreams that speak {url.Scheme} are not there yet.", "Write http, https or h2c.", place);
            return null;
        }

        if (url.AbsolutePath is "/" or "" && url.Query.Length == 0 && url.Fragment.Length == 0) return new(url, weight);
        findings.Error("DW2030", $"«{address}» has more than a scheme, a host and a port.", "Write a path as «prefix_rewrite».", place);
        return null;
    }

    private HealthChecks? Health(RouteOptions options)
    {
        if (options.HealthChecks.Count > 1)
            findings.Error("DW2031", "A route has one health check.", "Keep one of them.", options.At(nameof(options.HealthChecks), 1));
        ActiveHealthCheck? active = null;
        if (options.HealthChecks is [var check, ..])
        {
            if (PathForm.Of(check.HttpHealthCheck.Path) is null)
                findings.Error("DW2024", $"«{check.HttpHealthCheck.Path}» is no path that a request can have.", "Begin with a slash, and write no query.", check.HttpHealthCheck.Place);
            active = new(check.HttpHealthCheck.Path, check.Interval, check.Timeout, check.UnhealthyThreshold);
        }

        var passive = options.OutlierDetection is { } outlier ? new PassiveHealthCheck(outlier.Consecutive5xx, outlier.BaseEjectionTime) : null;
        return active is null && passive is null ? null : new(active, passive);
    }
}
