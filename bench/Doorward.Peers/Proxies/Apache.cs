using System.Net;
using Doorward.DevIdp;
using Doorward.DevIdp.People;
using Microsoft.AspNetCore.WebUtilities;

namespace Doorward.Peers.Proxies;

/// <summary>Apache with mod_auth_openidc, and a session that it really gave after a sign-in at the practice provider.</summary>
internal static class Apache
{
    private const string ClientId = "apache";
    private const string Secret = "a-secret-for-measuring-only";

    public static async Task<Peer> StartAsync(Stage stage, CancellationToken cancellation)
    {
        var work = stage.Work;
        var url = new Uri($"http://localhost:{work["apache"]}/");
        await using var provider = await DevIdpServer.StartAsync(new()
        {
            StartedBy = "bench/run",
            Url = new("http://localhost:0"),
            Clients = [new(ClientId, Secret, [new(url, "callback")], [])],
        }, cancellation);
        work.Set("issuer", provider.Issuer);
        work.Set("client", ClientId);
        work.Set("secret", Secret);
        var process = stage.Commands.Start(Commands.ProxyCore, "apache2", ["-D", "FOREGROUND", "-f", work.Fill("apache.conf")]);
        await Ready.WaitAsync(url, cancellation);
        var cookie = await SignInAsync(url, SamplePeople.All[0].UserName, cancellation);
        return new Peer("apache + mod_auth_openidc", url.AbsoluteUri, work.Write("apache.lua", Lua.Rotating(url.Authority, [cookie])), [process.Id]);
    }

    private static async Task<string> SignInAsync(Uri url, string person, CancellationToken cancellation)
    {
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = cookies });
        // It sends only those to sign in who say that they read pages.
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var form = await browser.GetAsync(url, cancellation);
        var page = form.RequestMessage!.RequestUri!;
        // The form repeats the authorization request, and the button adds who.
        var request = QueryHelpers.ParseQuery(page.Query).Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()));
        using var pressed = new FormUrlEncodedContent([.. request, new("login_as", person)]);
        using var answer = await browser.PostAsync(new Uri(page, page.AbsolutePath), pressed, cancellation);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"Signing in ended at {answer.RequestMessage!.RequestUri} with {answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}");
        return string.Join("; ", cookies.GetCookies(url).Where(cookie => cookie.Name.StartsWith("mod_auth_openidc_session", StringComparison.Ordinal)));
    }
}
