using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Access;
using Doorward.Server.Access.Locks;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Replay;
using Doorward.Server.Console.Administration;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Routes.Reload;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Audit;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Live;

/// <summary>
/// Sessions, groups, locks and the configuration change over and over, all at once, while requests are under way: whatever began after
/// a change was acknowledged is answered by it.
/// </summary>
public sealed class GenerationTests : IAsyncLifetime
{
    private const string Edited = "other.test";
    private const int Askers = 3;

    private readonly ManualTime _time = new();
    private readonly ConcurrentQueue<string> _wrong = [];
    private readonly CancellationTokenSource _stop = new();
    private KestrelUpstream _upstream = null!;
    private LiveDoor _door = null!;
    private HttpMessageInvoker _http = null!;

    public async ValueTask InitializeAsync()
    {
        // Certificates are made for these days. No clock runs, so that nothing is told late because of one.
        _time.SetRight();
        _upstream = await StreamingService.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _door.DisposeAsync();
        await _upstream.DisposeAsync();
        _stop.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_request_is_answered_by_what_was_true_before_a_change_that_was_acknowledged_before_it_began(bool postgres)
    {
        var rounds = Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 1000 : 25;
        _door = new LiveDoor { Time = _time, Postgres = postgres ? await Postgres.NewDatabaseAsync() : null };
        await _door.StartAsync(Routes("sre"));
        _http = new HttpMessageInvoker(_door.Handler());
        Subject[] subjects = [new(LiveDoor.Host), new(LiveDoor.Host), new(LiveDoor.Host), new(Edited)];
        var asking = subjects.SelectMany(subject => Enumerable.Range(0, Askers).Select(_ => Task.Run(() => AskAsync(subject)))).ToList();

        await Task.WhenAll(SessionsAsync(subjects[0], rounds), GroupsAsync(subjects[1], rounds), LocksAsync(subjects[2], rounds), ConfigurationAsync(subjects[3], rounds));
        await _stop.CancelAsync();
        await Task.WhenAll(asking);
        Assert.Empty(_wrong);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_finds_everything_replaced_again_and_again_is_told_to_come_back_and_that_is_recorded_with_who_it_was(bool signedIn)
    {
        _door = new LiveDoor();
        await _door.StartAsync(Routes("sre"));
        _http = new HttpMessageInvoker(_door.Handler());
        var (_, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        var generation = _door.Services.GetRequiredService<Generation>();
        var replacing = Task.Run(() =>
        {
            while (!_stop.IsCancellationRequested) generation.Raise();
        });
        var trail = new TrailFolder(_door.Services.GetRequiredService<AuditTrail>().Folder);
        var told = new HashSet<string>();
        RecordedDecision? recorded = null;
        await Eventually.Holds(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{LiveDoor.Host}/");
            if (signedIn) request.Headers.Add("Cookie", cookie);
            using var answer = await _http.SendAsync(request, default);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable
                && await answer.Content.ReadFromJsonAsync<RefusalBody>(RefusalJson.Default.RefusalBody) is { Error: "unsettled", RequestId: var id }) told.Add(id);
            // Of what strangers are refused only the first of each second are recorded one by one, and one that meets this may come late.
            return (recorded = trail.Records().Select(RecordedDecision.Of).FirstOrDefault(one => one is not null && told.Contains(one.RequestId))) is not null;
        });
        await _stop.CancelAsync();
        await replacing;

        Assert.Equal(("unsettled", LiveDoor.Host, signedIn ? "corp/ada" : null), (recorded!.Refusal, recorded.Route, recorded.Person));
        Assert.Equal(["Doorward itself refused (unsettled): the policy was not asked."], await NotesAsync(recorded.RequestId));
    }

    private async Task<IEnumerable<string?>> NotesAsync(string asked)
    {
        var admin = (await _door.Services.GetRequiredService<ServiceAccountStore>().CreateAsync("robot", ServiceAccountRole.Admin, null, null, default))!.Secret;
        var notes = default(JsonElement);
        // The account is known a moment after it was made.
        await Eventually.Holds(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{_door.Own}{AdministrationApi.Path}{ExplanationsApi.Path}/{asked}") { Headers = { { "Authorization", $"Bearer {admin}" } } };
            using var answer = await _http.SendAsync(request, default);
            if (answer.IsSuccessStatusCode) notes = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("notes");
            return answer.IsSuccessStatusCode;
        });
        return notes.EnumerateArray().Select(note => note.GetString());
    }

    private async Task SessionsAsync(Subject subject, int rounds)
    {
        var store = _door.Services.GetRequiredService<SessionStore>();
        for (var i = 0; i < rounds; i++)
        {
            var (session, cookie) = ((Doorward.Server.Identity.Session)null!, "");
            await ChangeAsync(subject, true, async () =>
            {
                (session, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
                return cookie;
            });
            await ChangeAsync(subject, false, async () =>
            {
                Assert.True(await store.EndAsync(session.Id));
                return cookie;
            });
        }
    }

    private async Task GroupsAsync(Subject subject, int rounds)
    {
        var store = _door.Services.GetRequiredService<SessionStore>();
        var (session, cookie) = await _door.SignInAsync("ben", LiveDoor.Host, "sre");
        for (var i = 0; i < rounds; i++)
        {
            foreach (var lets in (bool[])[false, true])
            {
                await ChangeAsync(subject, lets, async () =>
                {
                    Assert.NotNull(await store.StepUpAsync(session.Id, LiveDoor.Said("ben", lets ? "sre" : "staff"), Remedies.None));
                    var renewed = await _door.Services.GetRequiredService<Cookies>().CreateAsync(session.Id, LiveDoor.Host, default);
                    return $"{cookie.Split('=')[0]}={renewed}";
                });
            }
        }
    }

    private async Task LocksAsync(Subject subject, int rounds)
    {
        var store = _door.Services.GetRequiredService<LockStore>();
        var (session, cookie) = await _door.SignInAsync("cleo", LiveDoor.Host, "sre");
        var held = new Policy.Lock(LockKind.Session, session.Id);
        for (var i = 0; i < rounds; i++)
        {
            await ChangeAsync(subject, false, async () =>
            {
                await store.SetAsync(held, "a test", "the test");
                return cookie;
            });
            await ChangeAsync(subject, true, async () =>
            {
                await store.LiftAsync(held, default);
                return cookie;
            });
        }
    }

    private async Task ConfigurationAsync(Subject subject, int rounds)
    {
        var (_, cookie) = await _door.SignInAsync("dora", Edited, "sre");
        var inForce = new ConcurrentQueue<string>();
        // Told after the server itself has taken it up: this is when health and the log say so.
        using var told = _door.Services.GetRequiredService<CurrentConfiguration>().OnReplaced((_, next) => inForce.Enqueue(next.Hash));
        for (var i = 0; i < rounds; i++)
        {
            foreach (var lets in (bool[])[false, true])
            {
                await ChangeAsync(subject, lets, async () =>
                {
                    var before = inForce.Count;
                    await _door.RewriteAsync(Routes(lets ? "sre" : "nobody"));
                    await Eventually.Holds(() => inForce.Count > before);
                    return cookie;
                });
            }
        }
    }

    private static async Task ChangeAsync(Subject subject, bool lets, Func<Task<string>> change)
    {
        subject.Now = new(null, subject.Now.Cookie);
        subject.Now = new(lets, await change());
        await Eventually.Holds(() => Volatile.Read(ref subject.Now.Answers) >= Askers);
    }

    private async Task AskAsync(Subject subject)
    {
        while (!_stop.IsCancellationRequested)
        {
            var before = subject.Now;
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{subject.Host}/");
            request.Headers.Add("Cookie", before.Cookie);
            HttpStatusCode status;
            try
            {
                using var answer = await _http.SendAsync(request, default);
                status = answer.StatusCode;
            }
            catch (HttpRequestException)
            {
                // What is cut while it is under way has no answer, and so no wrong one.
                continue;
            }

            if (before.Lets is not { } lets) continue;
            // Whoever finds everything replaced under them again and again is told to come back.
            var isRight = lets ? status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable : status != HttpStatusCode.OK;
            if (!isRight && subject.Now == before) _wrong.Enqueue($"{subject.Host}, lets through {lets}: {status}");
            Interlocked.Increment(ref before.Answers);
        }
    }

    private string Routes(string group) => string.Join('\n', new[] { (Host: LiveDoor.Host, Group: "sre"), (Host: Edited, Group: group) }
        .Select(route => $"- {{ name: {route.Host}, from: \"https://{route.Host}\", to: \"http://127.0.0.1:{_upstream.Port}\", policy: {{ allow: {{ and: [ {{ groups: {{ has: {route.Group} }} }} ] }} }} }}"));

    /// <summary>Whose requests these are, and at which host.</summary>
    private sealed class Subject(string host)
    {
        private volatile Moment _now = new(null, "none=yet");

        public string Host => host;

        public Moment Now
        {
            get => _now;
            set => _now = value;
        }
    }

    /// <summary>The time between two changes: what was acknowledged before it began; null while a change is under way.</summary>
    private sealed class Moment(bool? lets, string cookie)
    {
        public int Answers;

        public bool? Lets => lets;

        public string Cookie => cookie;
    }
}
