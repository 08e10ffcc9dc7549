using System.Buffers;
using System.Collections.Frozen;
using Doorward.Policy;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>Headers that a route sets, removes and rewrites, and the identity that it sends.</summary>
internal sealed class HeaderBuilder(Findings findings)
{
    // RFC 9110 section 5.6.2.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>Headers that say how the message is framed and where it goes; who sets them breaks or smuggles requests.</summary>
    private static readonly FrozenSet<string> Untouchable = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Connection", "Content-Length", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade");

    public HeaderSettings Build(RouteOptions options) => new()
    {
        SetRequest = Templates(options, nameof(options.SetRequestHeaders), options.SetRequestHeaders),
        RemoveRequest = Names(options, nameof(options.RemoveRequestHeaders), options.RemoveRequestHeaders),
        SetResponse = Templates(options, nameof(options.SetResponseHeaders), options.SetResponseHeaders),
        RewriteResponse = [.. options.RewriteResponseHeaders.Select(Rewrite)],
    };

    public IdentityHeaderSettings Identity(RouteOptions options, Compatibility compatibility)
    {
        var claims = options.JwtClaimsHeaders?.Headers ?? new Dictionary<string, string>();
        foreach (var header in options.IdentityHeaders.Keys.Where(header => claims.ContainsKey(header) || options.SetRequestHeaders.ContainsKey(header)))
            findings.Error("DW2038", $"Two keys set the header «{header}».", "Keep one of them.", options.At(nameof(options.IdentityHeaders), header));
        return new()
        {
            Pass = options.PassIdentityHeaders,
            IdentityHeaders = Values(options, nameof(options.IdentityHeaders), options.IdentityHeaders),
            JwtClaimsHeaders = Values(options, nameof(options.JwtClaimsHeaders), claims),
            AssertionGroups = options.AssertionGroups,
            PomeriumCompatibility = compatibility == Compatibility.Pomerium,
        };
    }

    private FrozenDictionary<string, HeaderTemplate> Templates(RouteOptions options, string property, IReadOnlyDictionary<string, string> written)
    {
        var templates = new Dictionary<string, HeaderTemplate>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Values(options, property, written))
        {
            if (HeaderTemplate.Parse(value, out var mistake) is { } template) templates[name] = template;
            else findings.Error("DW2039", $"The value of «{name}» cannot be filled in: {mistake}.", "Write, for example, ${doorward.jwt}; for a dollar sign write $$.", options.At(property, name));
        }

        return templates.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private FrozenDictionary<string, string> Values(RouteOptions options, string property, IReadOnlyDictionary<string, string> written)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in written)
        {
            var place = options.At(property, name);
            Check(name, place);
            if (!seen.TryAdd(name, value))
                findings.Error("DW2038", $"The header «{name}» is there twice; case makes no difference.", "Keep one of them.", place);
            if (value.Any(char.IsControl))
                findings.Error("DW2039", $"The value of «{name}» has a control character or a line end.", "Remove it.", place);
        }

        return seen.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private IReadOnlyList<string> Names(RouteOptions options, string property, IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++) Check(names[i], options.At(property, i));
        return names;
    }

    private ResponseHeaderRewrite Rewrite(HeaderRewriteOptions options)
    {
        Check(options.Header, options.At(nameof(options.Header)));
        return new(options.Header, options.Prefix, options.Value ?? "");
    }

    private void Check(string name, Place place)
    {
        if (name.Length is 0 or > 200 || name.AsSpan().ContainsAnyExcept(TokenCharacters))
            findings.Error("DW2039", $"«{name}» is no name of a header.", "Write letters, digits and dashes.", place);
        else if (Untouchable.Contains(name))
            findings.Error("DW2039", $"The header «{name}» belongs to the connection.", name.Equals("host", StringComparison.OrdinalIgnoreCase) ? "Write «host_rewrite»." : "Remove it.", place);
        else if (name.StartsWith(Product.HeaderPrefix, StringComparison.OrdinalIgnoreCase) && !name.StartsWith(Product.HeaderPrefix + "Claim-", StringComparison.OrdinalIgnoreCase))
            findings.Error("DW2039", $"Headers that begin with «{Product.HeaderPrefix}» are Doorward's own.", "Choose another name.", place);
    }
}
