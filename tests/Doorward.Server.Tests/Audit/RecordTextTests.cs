using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;
using Doorward.Policy;
using Doorward.Server.Audit;

namespace Doorward.Server.Tests.Audit;

public sealed class RecordTextTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_decision_is_one_line_that_says_who_what_and_why()
    {
        var line = await LineOf(Decision(Facts()));
        var (record, who) = (line.GetProperty("record"), line.GetProperty("who"));
        Assert.Equal(1, record.GetProperty("v").GetInt32());
        Assert.Equal("decision", record.GetProperty("kind").GetString());
        Assert.Equal("2026-01-01T09:00:00.0000000Z", record.GetProperty("at").GetString());
        Assert.Equal("allow", record.GetProperty("outcome").GetString());
        Assert.Equal("/a%2Fb", record.GetProperty("path").GetString());
        Assert.Equal(7, record.GetProperty("configuration").GetInt32());
        Assert.Equal("corp/u1", who.GetProperty("person").GetString());
        Assert.Equal("ada@example.com", who.GetProperty("email").GetString());
        Assert.Equal("s1", who.GetProperty("session").GetString());
        Assert.Equal("10.0.0.1", who.GetProperty("address").GetString());
        Assert.Equal("2026-01-01T08:00:00.0000000Z", who.GetProperty("facts").GetProperty("session").GetProperty("auth_time").GetString());
    }

    [Fact]
    public async Task The_person_stands_in_the_parts_that_can_be_taken_out()
    {
        var line = await LineOf(Decision(Facts()) with { Impersonator = "corp/admin" });
        Assert.Equal("corp/admin", line.GetProperty("other").GetProperty("person").GetString());
        var body = line.GetProperty("record").GetRawText();
        foreach (var personal in new[] { "corp/u1", "ada@", "s1", "10.0.0.1", "corp/admin", "Mozilla" }) Assert.DoesNotContain(personal, body, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_becomes_valid_JSON_and_reads_back_as_it_was() =>
        Gen.String.Sample(text =>
        {
            var buffer = new byte[1024 + (text.Length * 12)];
            var json = new JsonText(buffer);
            json.Text(text);
            // A surrogate without its other half is no letter; it reads back as the replacement letter.
            Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), JsonSerializer.Deserialize<string>(json.Written));
        });

    [Theory]
    [InlineData("\u001b[2J", "\\u001b[2J")]
    [InlineData("a\u202eb", "a\\u202eb")]
    [InlineData("\u0085\u2028", "\\u0085\\u2028")]
    [InlineData("Zoë 日本", "Zoë 日本")]
    [Trait("advisory", "162")]
    public void What_commands_a_terminal_is_escaped(string text, string written)
    {
        var json = new JsonText(new byte[100]);
        json.Text(text);
        Assert.Equal($"\"{written}\"", Encoding.UTF8.GetString(json.Written));
    }

    [Fact]
    public async Task Nothing_that_a_client_sends_is_too_long_to_be_recorded()
    {
        var long_ = new string('\u001b', 100_000);
        var facts = Facts();
        var line = await LineOf(Decision(facts) with { Path = long_, UserAgent = long_, Host = long_, Method = long_, TraceId = long_, RequestId = long_, Route = long_ });
        Assert.EndsWith("…", line.GetProperty("record").GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.Equal("allow", line.GetProperty("record").GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Facts_that_do_not_fit_are_left_out_and_the_record_says_so()
    {
        var person = new PersonFacts { Id = "corp/u1", Attributes = new Dictionary<string, FactValue> { ["note"] = new(new string('x', 200_000)) } };
        var policy = TrailFolder.Policy("allow: { and: [ { person/note: { is: x } } ] }");
        var line = await LineOf(Decision(new() { Now = _now, Person = person }) with { Policy = policy });
        Assert.True(line.GetProperty("who").GetProperty("facts_left_out").GetBoolean());
        Assert.Equal("corp/u1", line.GetProperty("who").GetProperty("person").GetString());
    }

    [Fact]
    public async Task The_record_says_which_rules_decided_and_keeps_only_the_facts_that_mattered()
    {
        var policy = TrailFolder.Policy("""
            - allow: { and: [ { groups: { has: sre } }, { claim/hd: example.com }, { http_header/x-tenant: { is: blue } } ] }
            - deny: { or: [ { http_header/authorization: { contains: x } } ] }
            """);
        var facts = new Facts
        {
            Now = _now,
            Session = new() { Id = "s1", Claims = new Dictionary<string, FactValue> { ["hd"] = new("example.com"), ["salary"] = new(1.0) } },
            Person = new() { Id = "corp/u1", Groups = [new("g1", "sre"), new("g2", "knitting")] },
            Request = new() { Method = "GET", Host = "app.example.com", Path = "/", Header = name => name == "x-tenant" ? ["blue"] : ["Bearer canary"] },
        };
        var line = await LineOf(Decision(facts) with { Policy = policy, Decision = policy.Decide(facts) });
        var kept = line.GetProperty("who").GetProperty("facts");
        Assert.Equal("""[{"id":"g1","name":"sre"}]""", kept.GetProperty("person").GetProperty("groups").GetRawText());
        Assert.Equal("""{"hd":"example.com"}""", kept.GetProperty("session").GetProperty("claims").GetRawText());
        Assert.Equal("""{"x-tenant":["blue"]}""", kept.GetProperty("request").GetProperty("headers").GetRawText());
        Assert.Equal("""[{"index":0,"policy":"test","line":1}]""", line.GetProperty("record").GetProperty("rules").GetRawText());
        Assert.Equal(policy.Decide(facts).Reasons.Codes(), line.GetProperty("record").GetProperty("reasons").EnumerateArray().Select(code => code.GetString()));
        Assert.DoesNotContain("canary", line.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_and_an_event_are_lines_too()
    {
        using var folder = new TrailFolder();
        await using (var trail = folder.Open())
        {
            trail.Append(new EndRecord
            {
                RequestId = "r1", At = _now, Status = 200, BytesReceived = 1, BytesSent = 2, Duration = TimeSpan.FromMilliseconds(1.5), EndedBy = EndedBy.Upstream,
            });
            await trail.Append(new EventRecord
            {
                Kind = EventKind.Administration, At = _now, Act = "end session", Actor = new() { PersonId = "corp/admin" }, Target = new() { PersonId = "corp/u1" },
                Details = [new("count", "2")],
            });
        }
        var written = folder.Records().Select(record => $"{Text(record.Body)}{Text(record.Who.Text)}{Text(record.Other.Text)}").ToList();
        Assert.Equal(
            """{"v":1,"kind":"end","request":"r1","at":"2026-01-01T09:00:00.0000000Z","status":200,"received":1,"sent":2,"microseconds":1500,"ended_by":"upstream"}""",
            Assert.Single(written, line => line.Contains("\"end\"", StringComparison.Ordinal)));
        Assert.Equal(
            """{"v":1,"kind":"administration","act":"end session","at":"2026-01-01T09:00:00.0000000Z","succeeded":true,"details":{"count":"2"}}{"v":1,"person":"corp/admin"}{"v":1,"person":"corp/u1"}""",
            Assert.Single(written, line => line.Contains("administration", StringComparison.Ordinal)));
    }

    private static DecisionRecord Decision(Facts facts) => new()
    {
        RequestId = "r1", At = _now, Route = "app", Method = "GET", Host = "app.example.com", Path = "/a%2Fb", Address = IPAddress.Parse("::ffff:10.0.0.1"),
        Facts = facts, Decision = new() { Outcome = Outcome.Allow }, Policy = EffectivePolicy.DenyAll, Configuration = 7, UserAgent = "Mozilla/5.0",
    };

    private static Facts Facts() => new()
    {
        Now = _now,
        Session = new() { Id = "s1", AuthTime = _now.AddHours(-1) },
        Person = new() { Id = "corp/u1", Email = "ada@example.com", EmailVerified = true, Groups = [new("g1", "sre")] },
    };

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    private static async Task<JsonElement> LineOf(DecisionRecord record)
    {
        using var folder = new TrailFolder();
        await using (var trail = folder.Open(options => options with { SegmentBytes = 512 * 1024 })) Assert.Equal(Appended.Written, await trail.Append(record));
        var written = folder.Records().Single(each => TrailFolder.KindOf(TrailFolder.Body(each)) == "decision");
        return JsonSerializer.Deserialize<JsonElement>(RecordLine.Of(written));
    }
}
