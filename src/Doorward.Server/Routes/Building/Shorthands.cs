using Doorward.Policy.Documents;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>The keys of a route that stand for a policy: one allow rule, in which each of them is an alternative.</summary>
internal static class Shorthands
{
    /// <summary>Those that are written and mean something.</summary>
    public static List<string> Written(RouteOptions options)
    {
        var written = new List<string>();
        if (options.AllowPublicUnauthenticatedAccess) written.Add("allow_public_unauthenticated_access");
        if (options.AllowAnyAuthenticatedUser) written.Add("allow_any_authenticated_user");
        if (options.AllowedDomains.Count > 0) written.Add("allowed_domains");
        if (options.AllowedIdpClaims.Count > 0) written.Add("allowed_idp_claims");
        if (options.AllowedUsers.Count > 0) written.Add("allowed_users");
        return written;
    }

    /// <summary>Whoever lets everybody pass and names some besides has a mistake in one of the two.</summary>
    public static void Check(RouteOptions options, List<string> written, Findings findings)
    {
        if (written.Count > 1 && written[0].StartsWith("allow_", StringComparison.Ordinal))
            findings.Error("DW2045", $"«{written[0]}» lets everybody pass whom «{written[1]}» names.", "Keep one of them.", options.Place);
    }

    /// <summary>The policy; null where nothing stands for one.</summary>
    public static Node? ToPolicy(RouteOptions options)
    {
        var place = options.Place;
        var criteria = new List<Node>();
        if (options.AllowPublicUnauthenticatedAccess) criteria.Add(Map("accept", True()));
        if (options.CorsAllowPreflight) criteria.Add(Map("cors_preflight", True()));
        if (options.AllowAnyAuthenticatedUser) criteria.Add(Map("authenticated_user", True()));
        criteria.AddRange(options.AllowedDomains.Select(domain => Map("domain", Map("is", Text(domain)))));
        foreach (var (claim, values) in options.AllowedIdpClaims)
            criteria.AddRange(values.Select(value => Map("claim/" + claim, Text(value))));
        foreach (var user in options.AllowedUsers)
        {
            criteria.Add(Map("user", Map("is", Text(user))));
            criteria.Add(Map("email", Map("is", Text(user))));
        }

        return criteria.Count == 0 ? null : Map("allow", Map("or", new SequenceNode(criteria, place)));

        MappingNode Map(string key, Node value) => new([new(key, place, value)], place);
        ScalarNode Text(string text) => new(ScalarKind.Text, text, place);
        ScalarNode True() => new(ScalarKind.Boolean, "true", place);
    }
}
