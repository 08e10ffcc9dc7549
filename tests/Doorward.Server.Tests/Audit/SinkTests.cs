using System.Text.Json;
using System.Text.RegularExpressions;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Sinks;
using Doorward.Server.Audit.Verification;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Doorward.Server.Tests.Audit;

/// <summary>Sinks that are other programs: a syslog receiver, a collector. Each may be away; then it gets what it missed.</summary>
public sealed partial class SinkTests : IDisposable
{
    private readonly TestCa _ca = new();

    public void Dispose() => _ca.Dispose();

    [Fact]
    public async Task Syslog_gets_every_record_in_order_over_tls()
    {
        using var certificate = _ca.ServerFor("127.0.0.1");
        await using var receiver = new SyslogReceiver(certificate);
        using var folder = new TrailFolder();
        await using (var trail = folder.Open())
        await using (var drains = new Drains(trail, folder.Options, null, [Syslog(receiver.Port)], TimeProvider.System))
        {
            for (var i = 0; i < 700; i++) await trail.Append(TrailFolder.Decision($"r{i}", i == 7 ? null : "corp/u1"));
            await DrainTests.Caught(drains.Others[0], trail);
            await Eventually.Holds(() => { lock (receiver.Messages) return receiver.Messages.Count == 701; });
        }
        Assert.All(receiver.Messages, message => Assert.Matches(Header(), message));
        Assert.Single(receiver.Messages, message => message.StartsWith("<109>1 ", StringComparison.Ordinal));
        var records = receiver.Messages.Select(LineOf).ToList();
        Assert.Equal(Enumerable.Range(1, 701), records.Select(record => (int)record.Sequence));
        // The very bytes: an auditor can verify what the receiver kept.
        var verifier = new ChainVerifier([]);
        verifier.Add(records);
        Assert.True(verifier.Finish(whole: true).IsSound);
    }

    [Fact]
    public async Task A_receiver_that_hangs_up_and_comes_back_has_every_record()
    {
        using var certificate = _ca.ServerFor("127.0.0.1");
        await using var receiver = new SyslogReceiver(certificate, hangUpAfter: 40);
        using var folder = new TrailFolder();
        await using var trail = folder.Open();
        await using var drains = new Drains(trail, folder.Options, null, [Syslog(receiver.Port)], TimeProvider.System);
        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(Appended.Written, await trail.Append(TrailFolder.Decision($"r{i}")));
            if (i % 100 == 99) await trail.FlushAsync();
        }
        await Eventually.Holds(() => receiver.Connections > 1);
        receiver.HangUpAfter = int.MaxValue;
        // Something more must be said before a broken connection is noticed by those who only write.
        await Eventually.Holds(async () =>
        {
            await trail.Append(TrailFolder.Decision("late"));
            await trail.FlushAsync();
            await Task.Delay(100);
            lock (receiver.Messages) return receiver.Messages.Select(LineOf).Select(record => record.Sequence).Distinct().Count() >= 501;
        });
    }

    [Fact]
    public async Task A_receiver_whose_certificate_is_another_authoritys_gets_nothing()
    {
        using var other = new TestCa("CN=Other CA");
        using var certificate = other.ServerFor("127.0.0.1");
        await using var receiver = new SyslogReceiver(certificate);
        using var folder = new TrailFolder();
        await using var trail = folder.Open();
        await using var drains = new Drains(trail, folder.Options, null, [Syslog(receiver.Port)], TimeProvider.System);
        await trail.Append(TrailFolder.Decision("r1"));
        await Eventually.Holds(() => drains.Others[0].Trouble is not null);
        Assert.Contains("certificate", drains.Others[0].Trouble, StringComparison.Ordinal);
        Assert.Empty(receiver.Messages);
    }

    [Fact]
    public async Task A_collector_gets_every_record_as_an_otlp_log_and_what_it_missed_when_it_is_back()
    {
        var (taken, status) = (new List<JsonElement>(), 503);
        string? authorization = null;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.Run(async context =>
        {
            var body = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
            context.Response.StatusCode = Volatile.Read(ref status);
            if (context.Response.StatusCode != 200) return;
            authorization = context.Request.Headers.Authorization;
            lock (taken) taken.Add(body);
        });
        await collector.StartAsync(TestContext.Current.CancellationToken);
        using var folder = new TrailFolder();
        await using var trail = folder.Open();
        await using var drains = new Drains(trail, folder.Options, null, [new OtlpSink(new HttpClient(), new($"{collector.Urls.Single()}/v1/logs"), "Bearer canary")], TimeProvider.System);
        for (var i = 0; i < 1200; i++) await trail.Append(TrailFolder.Decision($"r{i}") with { TraceId = "0af7651916cd43dd8448eb211c80319c" });
        await Eventually.Holds(() => drains.Others[0].Trouble is not null);
        Assert.DoesNotContain("canary", drains.Others[0].Trouble, StringComparison.Ordinal);
        Volatile.Write(ref status, 200);
        await DrainTests.Caught(drains.Others[0], trail);

        var logs = taken.SelectMany(body => body.GetProperty("resourceLogs").EnumerateArray()).SelectMany(resource => resource.GetProperty("scopeLogs").EnumerateArray())
            .SelectMany(scope => scope.GetProperty("logRecords").EnumerateArray()).ToList();
        var records = logs.Select(log => RecordLines.Read(System.Text.Encoding.UTF8.GetBytes(log.GetProperty("body").GetProperty("stringValue").GetString()!))!).ToList();
        Assert.Equal(Enumerable.Range(1, 1201), records.Select(record => (int)record.Sequence).Distinct());
        var decision = logs.First(log => log.GetProperty("eventName").GetString() == "doorward.audit.decision");
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", decision.GetProperty("traceId").GetString());
        Assert.Equal("1767258000000000000", decision.GetProperty("timeUnixNano").GetString());
        Assert.Equal("Bearer canary", authorization);
    }

    private SyslogSink Syslog(int port) => new(new() { Host = "127.0.0.1", Port = port, Authorities = [_ca.Certificate] });

    private static ChainedRecord LineOf(string message) => RecordLines.Read(System.Text.Encoding.UTF8.GetBytes(message[message.IndexOf('{', StringComparison.Ordinal)..]))!;

    [GeneratedRegex(@"^<1(09|10)>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [!-~]+ doorward \d+ (decision|audit) - \{")]
    private static partial Regex Header();
}
