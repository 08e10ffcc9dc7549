using System.Net;
using System.Text;
using Doorward.EndToEnd.Tests.Lab;
using Doorward.EndToEnd.Tests.Nodes;
using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Apps;

/// <summary>A real app without a sign-in of its own, set up as docs/recipes/radicale.md says.</summary>
public sealed class RadicaleTests(Chromium chromium) : IAsyncLifetime
{
    private const string Calendars = "calendars.door.localhost";
    private const string Ada = "ada@example.com";
    private const string Ben = "ben@example.com";

    private readonly string _folder = Directory.CreateTempSubdirectory("doorward-radicale-").FullName;
    private PeerProgram _radicale = null!;
    private Site _site = null!;
    private NodeClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var port = FreePort.Next();
        var file = Path.Combine(_folder, "config");
        await File.WriteAllTextAsync(file, $"""
            [server]
            hosts = 127.0.0.1:{port}
            [auth]
            type = http_x_remote_user
            [rights]
            type = owner_only
            [storage]
            filesystem_folder = {_folder}/collections
            """);
        _radicale = await PeerProgram.StartAsync(port, Path.Combine(_folder, "log"), "radicale", "--config", file);
        _site = await Site.StartAsync(site => $$"""
              - name: Calendars
                from: "{{site.Origin(Calendars)}}"
                to: http://127.0.0.1:{{port}}
                policy: { allow: { and: [ { authenticated_user: true } ] } }
                identity_headers: { X-Remote-User: email }
            """);
        _site.Balance(await _site.StartAsync("first"));
        _client = _site.Client();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _site.DisposeAsync();
        await _radicale.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Who_signed_in_at_the_door_is_that_person_in_the_app()
    {
        await using var ada = await chromium.NewPersonAsync();
        var page = await _site.SignInAsync(ada, "Ada Lovelace", Calendars);
        await page.WaitForURLAsync(url => url.Contains("/.web", StringComparison.Ordinal));
        await Chromium.ScreenshotAsync(page, "radicale");
        var cookie = await Site.CookieAsync(ada, Calendars);

        Assert.Equal(Ada, await PrincipalAsync(cookie));
        Assert.Equal((int)HttpStatusCode.Created, (await SendAsync("MKCALENDAR", $"/{Ada}/work/", cookie)).Status);
        Assert.True(Directory.Exists(Path.Combine(_folder, "collections", "collection-root", Ada, "work")));
        Assert.Equal((int)HttpStatusCode.MultiStatus, (await SendAsync("PROPFIND", $"/{Ada}/work/", cookie)).Status);
    }

    /// <summary>The spellings that a server which makes variables of headers, as CGI did, takes for one.</summary>
    [Theory]
    [Trait("advisory", "18")]
    [InlineData("X-Remote-User")]
    [InlineData("x-remote-user")]
    [InlineData("X_Remote_User")]
    [InlineData("X-REMOTE_USER")]
    [InlineData("x_remote-user")]
    [InlineData("X.Remote.User")]
    public async Task Who_says_by_a_header_to_be_somebody_else_is_not_believed(string spelling)
    {
        await using var ada = await chromium.NewPersonAsync();
        await _site.SignInAsync(ada, "Ada Lovelace", Calendars);
        Assert.Equal((int)HttpStatusCode.Created, (await SendAsync("MKCALENDAR", $"/{Ada}/work/", await Site.CookieAsync(ada, Calendars))).Status);
        await using var ben = await chromium.NewPersonAsync();
        await _site.SignInAsync(ben, "Ben Okoye", Calendars);
        var his = await Site.CookieAsync(ben, Calendars);

        Assert.Equal(Ben, await PrincipalAsync(his, (spelling, Ada)));
        Assert.Equal((int)HttpStatusCode.Forbidden, (await SendAsync("PROPFIND", $"/{Ada}/work/", his, (spelling, Ada))).Status);
        Assert.Equal((int)HttpStatusCode.Forbidden, (await SendAsync("PROPFIND", $"/{Ada}/work/", his, (spelling, Ada), ("Connection", spelling))).Status);
        Assert.Equal((int)HttpStatusCode.Unauthorized, (await SendAsync("PROPFIND", $"/{Ada}/work/", null, (spelling, Ada))).Status);
    }

    private async Task<string> PrincipalAsync(string cookie, params (string Name, string Value)[] headers)
    {
        var told = await SendAsync("PROPFIND", "/", cookie, headers);
        var from = told.Body.IndexOf("<current-user-principal><href>/", StringComparison.Ordinal);
        Assert.True(from >= 0, told.ToString());
        return WebUtility.UrlDecode(told.Body[from..].Split('/')[1]);
    }

    private async Task<Told> SendAsync(string method, string path, string? cookie, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_site.App(Calendars), path));
        request.Headers.Add("Depth", "0");
        request.Headers.Add("Accept", "application/xml");
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        if (method == "PROPFIND") request.Content = new StringContent("""<?xml version="1.0"?><propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>""", Encoding.UTF8, "application/xml");
        return await _client.SendAsync(request);
    }
}
