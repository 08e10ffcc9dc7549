using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers.Presets;

/// <summary>
/// Microsoft Entra ID. Its <c>email</c> is what an administrator of any tenant typed: it counts as verified only where Microsoft checked
/// the domain's owner (<c>xms_edov</c>) or the operator named the domain. Above 200 groups the token only says that there are more;
/// then Microsoft Graph is asked, at its known address and never at the one that the token names.
/// </summary>
internal static class Entra
{
    // With 999 a page: far more than Entra lets one person be in.
    private const int MostPages = 20;

    public static Preset Preset { get; } = new()
    {
        Name = "entra",
        Title = "Microsoft",
        Scopes = ["openid", "profile", "email", "offline_access", "User.Read"],
        // The authorities for many tenants announce a pattern instead of an issuer.
        Issuer = static url => url
            .Replace("/common/", $"/{IssuerRule.Tenant}/", StringComparison.Ordinal)
            .Replace("/organizations/", $"/{IssuerRule.Tenant}/", StringComparison.Ordinal),
        EmailVerified = static claims =>
            EmailAddress.IsTrue(claims, "xms_edov") || claims.Text("xms_edov") == "1"
            || (claims.TryGetProperty("xms_edov", out var value) && value.ValueKind == JsonValueKind.Number && value.GetRawText() == "1"),
        DeviceClaim = "deviceid",
        MoreGroups = FetchAsync,
    };

    private static async Task<IReadOnlyList<GroupFact>?> FetchAsync(GroupsRequest request, CancellationToken cancel)
    {
        if (!Overflows(request.Claims)) return null;
        var graph = Graph(new Uri(request.Settings.Url!).Host);
        var groups = new List<GroupFact>();
        var next = new Uri(graph, "/v1.0/me/transitiveMemberOf/microsoft.graph.group?$select=id,displayName,mail&$top=999");
        for (var page = 0; ; page++)
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, next);
            ask.Headers.Authorization = new AuthenticationHeaderValue("Bearer", request.AccessToken);
            var answer = await request.Http.SendAsync(ask, ProviderStep.Groups, cancel);
            if (answer.Status != HttpStatusCode.OK || page == MostPages || !StrictJson.TryObject(answer.Body, out var body)
                || !body.Value.TryGetProperty("value", out var found) || found.ValueKind != JsonValueKind.Array)
            {
                throw new ProviderFaultException(ProviderStep.Groups, ProviderFault.UnexpectedStatus, $"Microsoft Graph answered {(int)answer.Status}; the app needs User.Read or GroupMember.Read.All");
            }

            foreach (var group in found.EnumerateArray())
                if (group.ValueKind == JsonValueKind.Object && group.Text("id") is { } id) groups.Add(new GroupFact(id, group.Text("displayName"), group.Text("mail")));
            if (body.Value.Text("@odata.nextLink") is not { } link) return groups;
            // The person's token goes nowhere else.
            if (!Uri.TryCreate(link, UriKind.Absolute, out next!) || next.Scheme != graph.Scheme || next.Authority != graph.Authority)
                throw new ProviderFaultException(ProviderStep.Groups, ProviderFault.InsecureUrl, "Microsoft Graph's next page is on another host");
        }
    }

    private static bool Overflows(JsonElement claims) =>
        EmailAddress.IsTrue(claims, "hasgroups")
        || (claims.TryGetProperty("_claim_names", out var names) && names.ValueKind == JsonValueKind.Object && names.Has("groups"));

    private static Uri Graph(string authority) => new(authority switch
    {
        "login.microsoftonline.us" => "https://graph.microsoft.us",
        "login.partner.microsoftonline.cn" => "https://microsoftgraph.chinacloudapi.cn",
        _ => "https://graph.microsoft.com",
    });
}
