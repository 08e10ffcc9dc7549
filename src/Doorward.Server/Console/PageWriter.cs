using System.Globalization;
using Doorward.Server.Access;
using Doorward.Server.Console.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Console;

/// <summary>
/// Writes pages: made on the server, without scripts, everything that comes from outside escaped. Each page is a component that
/// shows a plain record.
/// </summary>
/// <param name="log">For the renderer's own complaints.</param>
/// <param name="banner">Said at the top of every page, such as that this server does not encrypt; null for nothing.</param>
internal sealed class PageWriter(ILoggerFactory log, string? banner = null)
{
    // The pages inject nothing: whatever they show is in their model.
    private static readonly IServiceProvider NoServices = new ServiceCollection().BuildServiceProvider();

    /// <summary>What a server says of itself on every page where its own address is not encrypted.</summary>
    public static string? BannerFor(Uri url) =>
        url.Scheme == Uri.UriSchemeHttp ? "For trying out: nothing here is encrypted, and cookies lack their strongest protection." : null;

    /// <summary>Matches <see cref="RefusalPage"/>.</summary>
    public Task RefusalAsync(HttpContext http, Refusal refusal) => MessageAsync(http, RefusalTexts.Of(refusal));

    /// <summary>What went wrong without anybody having refused: 400, 404, 500, 502, 504 and the like.</summary>
    public Task ErrorAsync(HttpContext http, int status, string requestId) => MessageAsync(http, ErrorTexts.Of(status, requestId));

    public Task MessageAsync(HttpContext http, MessageModel model) => WriteAsync<Message>(http, model, model.Status);

    public Task SignInAsync(HttpContext http, SignInModel model) => WriteAsync<SignIn>(http, model);

    /// <param name="http">The request.</param>
    /// <param name="model">The page's model.</param>
    /// <param name="leadsTo">Other origins that the form's redirects pass: browsers hold them to the page's policy too.</param>
    public Task SignOutAsync(HttpContext http, SignOutModel model, params IEnumerable<string> leadsTo) =>
        WriteAsync<SignOut>(http, model, StatusCodes.Status200OK, leadsTo);

    public Task SignedOutAsync(HttpContext http, SignedOutModel model) => WriteAsync<SignedOut>(http, model);

    public Task PortalAsync(HttpContext http, PortalModel model) => WriteAsync<Portal>(http, model);

    public Task SessionsAsync(HttpContext http, SessionsModel model) => WriteAsync<Sessions>(http, model);

    private async Task WriteAsync<TPage>(HttpContext http, object model, int status = StatusCodes.Status200OK, IEnumerable<string>? leadsTo = null)
        where TPage : IComponent
    {
        var html = await RenderAsync<TPage>(model);
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = Answer.RetryAfter;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers.ContentSecurityPolicy = string.Create(CultureInfo.InvariantCulture,
            $"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action {string.Join(' ', ["'self'", .. leadsTo ?? []])}");
        if (!HttpMethods.IsHead(http.Request.Method)) await response.WriteAsync(html, http.RequestAborted);
    }

    private async Task<string> RenderAsync<TPage>(object model)
        where TPage : IComponent
    {
        await using var renderer = new HtmlRenderer(NoServices, log);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(CascadingValue<>.Value)] = banner,
                [nameof(CascadingValue<>.IsFixed)] = true,
                [nameof(CascadingValue<>.ChildContent)] = Page<TPage>(model),
            });
            return (await renderer.RenderComponentAsync<CascadingValue<string?>>(parameters)).ToHtmlString();
        });
    }

    private static RenderFragment Page<TPage>(object model)
        where TPage : IComponent => builder =>
    {
        builder.OpenComponent<TPage>(0);
        builder.AddComponentParameter(1, "Model", model);
        builder.CloseComponent();
    };
}
