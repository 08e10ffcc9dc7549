using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Audit;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Tests.Audit;
using Doorward.Server.Tests.Lab;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Doorward.Server.Tests.Live;

/// <summary>Posture sources tell of devices by signed webhooks; whatever is wrong with one changes nothing.</summary>
public sealed class PostureTests : IAsyncLifetime
{
    private const string Secret = DeviceDoor.Secret, Other = "another-secret-of-another-posture-source";

    private DeviceDoor _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await DeviceDoor.StartAsync(
        $"posture: [ {{ name: own, provider: corp, secret: {Secret} }}, {{ name: intune, kind: intune, provider: corp, secret: {Other} }}, "
        + $"{{ name: fleet, kind: fleet, provider: corp, secret: third-{Other}, signature_header: X-Sig, timestamp_header: X-Sig-Time }}, {{ name: serial, kind: fleet, device_id: hardware_serial, provider: corp, secret: fourth-{Other} }} ]");

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task What_is_told_counts_for_the_next_request_once_it_is_answered()
    {
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("own", """{"devices":[{"id":"d1","compliant":true,"owner":"ada@example.com","attributes":{"os":"linux","patches":12,"disks":["a","b"],"locked":false}}]}"""));
        Assert.Equal(HttpStatusCode.OK, await _lab.StatusAsync("d1"));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("own", """{"id":"d1","compliant":false}"""));
        Assert.Equal(HttpStatusCode.Forbidden, await _lab.StatusAsync("d1"));
        var device = await DeviceAsync("d1");
        Assert.Equal(["attributes", "compliant"], device!.Told.Select(fact => fact.Name is "compliant" ? "compliant" : "attributes").Distinct().Order());
        Assert.Equal(("linux", 12.0, "ada@example.com"), (device.Facts.Attributes["os"].Value, device.Facts.Attributes["patches"].Value, device.Facts.Attributes["owner"].Value));
        Assert.All(device.Told, fact => Assert.Equal("posture/own", fact.Source));
        await AssertRecordedAsync(body => body.GetProperty("act").GetString() == "posture" && body.GetProperty("succeeded").GetBoolean(), 2);
    }

    [Fact]
    public async Task Intunes_devices_are_read_as_Microsoft_Graph_writes_them()
    {
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("intune", await FixtureAsync("intune.json"), secret: Other));
        var (one, two) = ((await DeviceAsync("d1"))!.Facts, (await DeviceAsync("d2"))!.Facts);
        Assert.Equal((false, true, false, "Windows", "SN-0001"), (one.Compliant, one.Attributes["managed"].Value, one.Attributes["encrypted"].Value, one.Attributes["os"].Value, one.Attributes["serial"].Value));
        Assert.Equal((true, false, false, "bob@example.com"), (two.Compliant, two.Attributes["managed"].Value, two.Attributes["jailbroken"].Value, two.Attributes["owner"].Value));
        Assert.DoesNotContain("jailbroken", one.Attributes);
    }

    [Theory]
    [InlineData("compliant", true)]
    [InlineData("noncompliant", false)]
    [InlineData("conflict", false)]
    [InlineData("error", false)]
    [InlineData("unknown", false)]
    [InlineData("something new", false)]
    [InlineData("configManager", null)]
    public async Task Only_what_Intune_calls_compliant_is(string state, bool? compliant)
    {
        await SendAsync("intune", $$"""{"azureADDeviceId":"d1","complianceState":"{{state}}","deviceName":"x"}""", secret: Other);
        Assert.Equal(compliant, (await DeviceAsync("d1"))!.Facts.Compliant);
    }

    [Fact]
    public async Task Fleets_hosts_comply_where_they_fail_no_policy()
    {
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("fleet", await FixtureAsync("fleet-hosts.json"), secret: "third-" + Other, headers: ("X-Sig", "X-Sig-Time")));
        var (one, two) = ((await DeviceAsync("d1"))!.Facts, (await DeviceAsync("d2"))!.Facts);
        Assert.Equal((true, true, true, "macOS 26.1"), (one.Compliant, one.Attributes["managed"].Value, one.Attributes["encrypted"].Value, one.Attributes["os_version"].Value));
        Assert.Equal((false, false, 2.0), (two.Compliant, two.Attributes["managed"].Value, two.Attributes["failing_policies"].Value));

        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("fleet", await FixtureAsync("fleet-webhook.json"), secret: "third-" + Other, headers: ("X-Sig", "X-Sig-Time")));
        Assert.Equal((false, "The disk is encrypted"), ((await DeviceAsync("d1"))!.Facts.Compliant, (await DeviceAsync("d1"))!.Facts.Attributes["failing_policy"].Value));

        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("serial", await FixtureAsync("fleet-hosts.json"), secret: "fourth-" + Other));
        Assert.NotNull(await DeviceAsync("C02-0001"));
    }

    [Fact]
    public async Task The_same_message_again_changes_nothing_and_outlasts_no_later_one()
    {
        var then = DateTimeOffset.UtcNow.AddSeconds(-20);
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("own", """{"id":"d1","compliant":true}""", at: then));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("own", """{"id":"d1","compliant":false}"""));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("own", """{"id":"d1","compliant":true}""", at: then));
        Assert.False((await DeviceAsync("d1"))!.Facts.Compliant);
    }

    [Fact]
    public async Task A_message_of_a_clock_that_is_ahead_restores_nothing_when_it_comes_again()
    {
        var ahead = DateTimeOffset.UtcNow.AddSeconds(30);
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("own", """{"id":"d9","compliant":true}""", at: ahead));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("own", """{"id":"d9","compliant":false}"""));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync("own", """{"id":"d9","compliant":true}""", at: ahead));
        Assert.False((await DeviceAsync("d9"))!.Facts.Compliant);
    }

    public static TheoryData<string, string, string, string> Hostile => new()
    {
        { "intune", Other, "azureADDeviceId", """{"value":[{"azureADDeviceId":"bad","complianceState":"noncompliant","deviceName":HOSTILE,"osVersion":HOSTILE,"isEncrypted":"yes"},ODD,{"azureADDeviceId":"good","complianceState":"compliant"}]}""" },
        { "fleet", "third-" + Other, "uuid", """{"hosts":[{"uuid":"bad","issues":{"failing_policies_count":1},"display_name":HOSTILE,"os_version":HOSTILE,"disk_encryption_enabled":"yes"},ODD,{"uuid":"good","issues":{"failing_policies_count":0}}]}""" },
        { "own", Secret, "id", """{"devices":[{"id":"bad","compliant":false,"attributes":{"name":HOSTILE,"os_version":HOSTILE,"encrypted":{"a":1}}},ODD,{"id":"good","compliant":true}]}""" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_device_that_is_told_wrongly_keeps_no_other_from_being_heard_and_its_own_attributes_do_not_stay_good(string source, string secret, string id, string body)
    {
        (string, string)? headers = source == "fleet" ? ("X-Sig", "X-Sig-Time") : null;
        foreach (var device in (string[])["bad", "good"])
            await _lab.Devices.TellAsync(new() { Provider = "corp", Device = device, Source = "a test", At = DateTimeOffset.UtcNow.AddMinutes(-1), Compliant = device == "bad", Attributes = new Dictionary<string, FactValue> { ["os_version"] = new("26.1") } });

        foreach (var odd in (string[])[$$"""{"{{id}}":""}""", $$"""{"{{id}}":"\u0007"}""", $$"""{"{{id}}":"00000000-0000-0000-0000-000000000000","complianceState":"compliant","compliant":true,"issues":{"failing_policies_count":0} }""", $$"""{"{{id}}":7}""", "[]"])
        {
            using var answer = await _lab.SendAsync(DeviceDoor.Message(source, body.Replace("ODD", odd, StringComparison.Ordinal).Replace("HOSTILE", "\"\\u0000" + new string('x', 2000) + "\"", StringComparison.Ordinal), secret, headers: headers));
            var told = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((202, 2, 1, 3), ((int)answer.StatusCode, told.GetProperty("devices").GetInt32(), told.GetProperty("skipped").GetInt32(), told.GetProperty("unreadable").GetInt32()));
        }

        var (bad, good) = ((await DeviceAsync("bad"))!.Facts, (await DeviceAsync("good"))!.Facts);
        Assert.Equal((false, false), (bad.Compliant, bad.Attributes.ContainsKey("os_version")));
        Assert.Equal((true, "26.1"), (good.Compliant, good.Attributes["os_version"].Value));
        await AssertRecordedAsync(record => record.ToString().Contains(", 1 skipped, 3 attributes not readable", StringComparison.Ordinal), 5);
        Assert.Contains(_lab.Door.Log, line => line.Contains($"«posture/{source}» told in a way that cannot be read of devices: 1, of attributes: 3", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\\ud800", 2, 0, 1)]
    [InlineData("x\\uDBFF\\ud800\\udc00\\ud83d", 2, 0, 1)]
    [InlineData("\\udc00\\\\ud800", 2, 0, 1)]
    [InlineData("\",\"\\uDfff\":\"", 1, 1, 0)]
    [InlineData("\",\"\\uDfff\":1,\"\\uDffe\":\"", 1, 1, 0)]
    [InlineData("\\\\ud800 \\ud83d\\ude00", 2, 0, 0)]
    public async Task Half_a_character_in_what_one_device_says_of_itself_keeps_no_other_from_being_heard(string name, int devices, int skipped, int unreadable)
    {
        await _lab.Devices.TellAsync(new() { Provider = "corp", Device = "good", Source = "a test", At = DateTimeOffset.UtcNow.AddMinutes(-1), Compliant = true });
        using var answer = await _lab.SendAsync(DeviceDoor.Message("own", $$"""{"devices":[{"id":"bad","compliant":false,"attributes":{"name":"{{name}}"} },{"id":"good","compliant":false}]}"""));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.False((await DeviceAsync("good"))!.Facts.Compliant);
        if (skipped + unreadable > 0)
        {
            var told = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((devices, skipped, unreadable), (told.GetProperty("devices").GetInt32(), told.GetProperty("skipped").GetInt32(), told.GetProperty("unreadable").GetInt32()));
            await AssertRecordedAsync(record => record.ToString().Contains($", {skipped} skipped, {unreadable} attributes not readable", StringComparison.Ordinal), 1);
        }
        else
        {
            Assert.Equal("\\ud800 \ud83d\ude00", (await DeviceAsync("bad"))!.Facts.Attributes["name"].Value);
        }
    }

    [Fact]
    public async Task A_thousand_devices_are_told_in_one_message_to_a_store_that_is_far_away()
    {
        var postgres = new NpgsqlConnectionStringBuilder(await Postgres.NewDatabaseAsync());
        await using var proxy = FaultProxy.Start(postgres.Port);
        await using var lab = await DeviceDoor.StartAsync($"posture: [ {{ name: own, provider: corp, secret: {Secret} }} ]", $"Host=127.0.0.1;Port={proxy.Port};Username=postgres;Database={postgres.Database}");
        proxy.Latency = TimeSpan.FromMilliseconds(10);
        foreach (var compliant in (string[])["true", "false"])
        {
            var devices = Enumerable.Range(0, 999).Select(i => $$"""{"id":"d{{i}}","compliant":{{compliant}},"managed":true,"attributes":{"os":"linux","name":"host {{i}}","disk":"encrypted"} }""");
            // One twice: of two words of one instant the worse counts.
            using var answer = await lab.SendAsync(DeviceDoor.Message("own", $$"""{"devices":[{"id":"d7","compliant":false},{{string.Join(',', devices)}}]}"""));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            Assert.Equal((false, compliant == "true"), ((await lab.FindAsync("d7"))!.Facts.Compliant, (await lab.FindAsync("d998"))!.Facts.Compliant));
        }
    }

    public static TheoryData<string, string, int, string> Refusals => new()
    {
        { "unsigned", """{"id":"d1","compliant":true}""", 401, "signature" },
        { "of another source", """{"id":"d1","compliant":true}""", 401, "signature" },
        { "changed on the way", """{"id":"d1","compliant":true}""", 401, "signature" },
        { "signed without its time", """{"id":"d1","compliant":true}""", 401, "signature" },
        { "no hash", """{"id":"d1","compliant":true}""", 401, "signature" },
        { "two signatures", """{"id":"d1","compliant":true}""", 401, "signature" },
        { "a time that is none", """{"id":"d1","compliant":true}""", 401, "signature" },
        { "beyond the calendar", """{"id":"d1","compliant":true}""", 401, "time" },
        { "replayed", """{"id":"d1","compliant":true}""", 401, "time" },
        { "from the future", """{"id":"d1","compliant":true}""", 401, "time" },
        { "a form", """id=d1""", 415, "type" },
        { "packed", """{"id":"d1","compliant":true}""", 415, "type" },
        { "got", "", 405, "method" },
        { "oversized", "", 413, "size" },
        { "not JSON", """{"id":"d1","compliant":true""", 400, "invalid" },
        { "a list", """[{"id":"d1","compliant":true}]""", 400, "invalid" },
        { "a member twice", """{"id":"d1","compliant":true,"compliant":true}""", 400, "invalid" },
        { "deep", """{"id":"d1","compliant":true,"attributes":{"a":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}}""", 400, "invalid" },
        { "no device", """{"devices":[]}""", 400, "invalid" },
        { "no id", """{"compliant":true}""", 400, "invalid" },
        { "an id with a control character", """{"id":"d1\u0000","compliant":true}""", 400, "invalid" },
        { "an id with a space before it", """{"id":" d1","compliant":true}""", 400, "invalid" },
        { "a word for a truth value", """{"id":"d1","compliant":"yes"}""", 400, "invalid" },
        { "a time to come", """{"id":"d1","compliant":true,"at":"2999-01-01T00:00:00Z"}""", 400, "invalid" },
        { "no time", """{"id":"d1","compliant":true,"at":"soon"}""", 400, "invalid" },
        { "attributes that are none", """{"id":"d1","compliant":true,"attributes":["os"]}""", 400, "invalid" },
        { "an id that is a lone surrogate", """{"id":"\ud800","compliant":true}""", 400, "invalid" },
        { "a name that is a lone surrogate", """{"id":"d1","compliant":true,"attributes":{"\ud800":"linux"}}""", 400, "invalid" },
        { "one wrong one after another", """{"devices":[{"compliant":true},{"id":"d1","compliant":"yes"}]}""", 400, "invalid" },
        { "devices that are none", """{"devices":["d1"]}""", 400, "invalid" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_is_wrong_is_told_and_changes_nothing_and_has_its_record(string how, string body, int status, string error)
    {
        var now = DateTimeOffset.UtcNow;
        if (how == "oversized") body = $$"""{"id":"d1","compliant":true,"owner":"{{new string('x', 1024 * 1024)}}"}""";
        var request = DeviceDoor.Message("own", body, how == "of another source" ? Other : Secret, how switch { "replayed" => now.AddMinutes(-6), "from the future" => now.AddMinutes(6), _ => now });
        switch (how)
        {
            case "unsigned": request.Headers.Remove("X-Doorward-Signature"); break;
            case "changed on the way": request.Content = new StringContent(body.Replace("d1", "d2", StringComparison.Ordinal), null, "application/json"); break;
            case "signed without its time": Replace(request, "X-Doorward-Signature", DeviceDoor.Hash(Secret, body)); break;
            case "no hash": Replace(request, "X-Doorward-Signature", "sha256=zz"); break;
            case "two signatures": request.Headers.Add("X-Doorward-Signature", "sha256=00"); break;
            case "a time that is none": Replace(request, "X-Doorward-Timestamp", "now"); break;
            case "beyond the calendar":
                Replace(request, "X-Doorward-Timestamp", "999999999999");
                Replace(request, "X-Doorward-Signature", DeviceDoor.Hash(Secret, "999999999999." + body));
                break;
            case "a form": request.Content = new StringContent(body, null, "application/x-www-form-urlencoded"); break;
            case "packed": request.Content!.Headers.ContentEncoding.Add("gzip"); break;
            case "got": (request.Method, request.Content) = (HttpMethod.Get, null); break;
        }
        using var answer = await _lab.SendAsync(request);
        Assert.Equal((status, error), ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString()));
        Assert.Null(await DeviceAsync("d1"));
        await AssertRecordedAsync(record => record.GetProperty("act").GetString() == "refused" && !record.GetProperty("succeeded").GetBoolean() && record.ToString().Contains($"\"{error}\"", StringComparison.Ordinal), 1);
    }

    [Fact]
    public async Task A_source_that_is_not_configured_is_not_there() =>
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync("none", """{"id":"d1","compliant":true}"""));

    private Task<Device?> DeviceAsync(string id) => _lab.FindAsync(id);

    private async Task<HttpStatusCode> SendAsync(string source, string body, string secret = Secret, DateTimeOffset? at = null, (string Signature, string Time)? headers = null)
    {
        using var answer = await _lab.SendAsync(DeviceDoor.Message(source, body, secret, at, headers));
        return answer.StatusCode;
    }

    private static void Replace(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.Add(name, value);
    }

    private async Task AssertRecordedAsync(Func<JsonElement, bool> matches, int count)
    {
        var trail = new TrailFolder(_lab.Door.Services.GetRequiredService<AuditTrail>().Folder);
        await Eventually.Holds(() => trail.Records().Select(TrailFolder.Body).Count(body => TrailFolder.KindOf(body) == "signal" && matches(body)) == count);
    }

    private static Task<string> FixtureAsync(string name, [CallerFilePath] string here = "") => File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(here)!, "Fixtures", name));
}
