using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Access.Locks;
using Doorward.Server.Console.Administration;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Live;

/// <summary>What somebody may ask about why a request was answered so, and what they are told.</summary>
public sealed class ExplanationTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private KestrelUpstream _upstream = null!;
    private LiveDoor _door = null!;

    public async ValueTask InitializeAsync()
    {
        // Certificates are made for these days.
        _time.SetRight();
        _upstream = await StreamingService.StartAsync();
        _door = new LiveDoor { Time = _time, Settings = "staleness: { limit: 15m }" };
        await _door.StartAsync($"- {{ name: app, from: \"https://{LiveDoor.Host}\", to: \"http://127.0.0.1:{_upstream.Port}\", owners: {{ allow: {{ and: [ {{ user: {{ is: service-account/keeper }} }} ] }} }}, policy: {{ allow: {{ and: [ {{ groups: {{ has: finance }} }} ] }} }} }}");
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Owners_ask_about_the_last_seven_days_and_administrators_about_all()
    {
        var (keeper, admin) = (await SecretAsync("keeper", ServiceAccountRole.None), await SecretAsync("robot", ServiceAccountRole.Admin));
        using var refused = await SendAsync($"https://{LiveDoor.Host}/", null);
        var request = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("request_id").GetString()!;
        Assert.Equal(HttpStatusCode.OK, await ExplainAsync(request, keeper));

        await PassAsync(TimeSpan.FromDays(6));
        Assert.Equal(HttpStatusCode.OK, await ExplainAsync(request, keeper));
        await PassAsync(TimeSpan.FromDays(2));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (await ExplainAsync(request, keeper), await ExplainAsync(request, admin)));
    }

    [Fact]
    public async Task A_lock_on_the_device_counts_now_too_where_the_policy_asks_for_none()
    {
        var admin = await SecretAsync("robot", ServiceAccountRole.Admin);
        await _door.Services.GetRequiredService<DeviceStore>().TellAsync(new() { Provider = "corp", Device = "laptop", Source = "a test", At = _time.GetUtcNow(), Compliant = true });
        var (_, cookie) = await _door.SignInAsync(LiveDoor.Said("ada", "finance") with { Device = "laptop" });
        await _door.Services.GetRequiredService<LockStore>().SetAsync(new(LockKind.Device, "corp/laptop"), null, null);
        using var refused = await SendAsync($"https://{LiveDoor.Host}/", null, cookie);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var request = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("request_id").GetString()!;

        using var told = await ExplainedAsync(request, admin);

        Assert.Equal("deny", (await told.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("outcomeNow").GetString());
    }

    // No timer notices: a second's would go off half a million times.
    private Task PassAsync(TimeSpan by)
    {
        _time.StepWallClock(by);
        return Eventually.Comes(_time, TimeSpan.FromMilliseconds(100), () => !_door.Services.GetRequiredService<Freshness>().IsStale);
    }

    private async Task<string> SecretAsync(string name, ServiceAccountRole role) =>
        (await _door.Services.GetRequiredService<ServiceAccountStore>().CreateAsync(name, role, null, null, default))!.Secret;

    private async Task<HttpStatusCode> ExplainAsync(string request, string secret)
    {
        using var answer = await ExplainedAsync(request, secret);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> ExplainedAsync(string request, string secret)
    {
        var asking = SendAsync($"https://{_door.Own}{AdministrationApi.Path}/explanations/{request}", secret);
        // What is not there yet is waited for.
        await Eventually.Comes(_time, TimeSpan.FromMilliseconds(100), () => asking.IsCompleted);
        return await asking;
    }

    private async Task<HttpResponseMessage> SendAsync(string url, string? secret, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { "Accept", "application/json" } } };
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        if (secret is not null) request.Headers.Authorization = new("Bearer", secret);
        return await new HttpMessageInvoker(_door.Handler()).SendAsync(request, default);
    }
}
