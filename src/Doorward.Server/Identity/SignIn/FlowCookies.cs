using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.SignIn;

/// <summary>Keeps sign-ins under way in the browser that began them, each in a cookie of its own, so that several tabs do not disturb each other.</summary>
internal sealed class FlowCookies(CookieNames names, Sealer sealer)
{
    /// <summary>More at once make room by forgetting the oldest: a browser's headers are limited to 32 KiB.</summary>
    public const int Most = 5;

    private const string Purpose = "sign-in-flow", PostPurpose = "sign-in-post";
    private const int IdLength = 32;

    /// <summary>As long as somebody may take at a provider that posts its answer.</summary>
    private static readonly TimeSpan PostLife = TimeSpan.FromMinutes(5);

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));

    public static bool IsId(string? text) => text is { Length: IdLength } && text.All(char.IsAsciiHexDigitLower);

    public void Keep(HttpContext context, Flow flow, bool posted)
    {
        MakeRoom(context);
        names.Set(context, names.FlowPrefix + flow.Id, sealer.Seal(Purpose, flow.Id, flow, Flow.Life), Flow.Life);
        // This one alone comes along when another site posts to us; it opens nothing but the way to the GET that reads the other.
        if (posted) names.Set(context, names.PostPrefix + flow.Id, sealer.Seal(PostPurpose, flow.Id, flow.Id, PostLife), PostLife, SameSiteMode.None);
    }

    /// <summary>The flow with this id, which this browser began; it is forgotten whatever becomes of it.</summary>
    public Flow? Take(HttpContext context, string id)
    {
        var name = names.FlowPrefix + id;
        if (RequestCookies.Text(context.Request, name) is not { } text) return null;
        names.Delete(context, name);
        return sealer.Open<Flow>(Purpose, id, text) is { } flow && flow.Id == id ? flow : null;
    }

    /// <summary>Whether a posted answer belongs to a flow of this browser.</summary>
    public bool TakePosted(HttpContext context, string id)
    {
        var name = names.PostPrefix + id;
        if (RequestCookies.Text(context.Request, name) is not { } text) return false;
        names.Delete(context, name, SameSiteMode.None);
        return sealer.Open<string>(PostPurpose, id, text) == id;
    }

    private void MakeRoom(HttpContext context)
    {
        var kept = RequestCookies.Names(context.Request, names.FlowPrefix).Distinct(StringComparer.Ordinal)
            .Select(name => (name, sealer.Open<Flow>(Purpose, name[names.FlowPrefix.Length..], RequestCookies.Text(context.Request, name))?.Started))
            .OrderByDescending(cookie => cookie.Started)
            .Skip(Most - 1);
        foreach (var (name, _) in kept) names.Delete(context, name);
    }
}
