using System.Collections.Concurrent;
using System.Text.Json;
using Doorward.EndToEnd.Tests.Lab;
using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Torture;

/// <summary>An answer that a client had, to its last byte.</summary>
/// <param name="Path">What it asked for; nobody asks for it again.</param>
/// <param name="Status">The status.</param>
/// <param name="Why">Where Doorward refused: which way.</param>
/// <param name="RequestId">The id that a refusal shows.</param>
internal sealed record Answered(string Path, int Status, string? Why, string? RequestId);

/// <summary>Both people at a door, asking again and again, several requests at once, also while nobody listens there.</summary>
internal sealed class Load : IAsyncDisposable
{
    /// <summary>So hard that requests are under way at any instant.</summary>
    private static readonly TimeSpan _hard = TimeSpan.FromMilliseconds(2);

    /// <summary>While nothing is about to happen: whatever is asked then only makes the start slower, and the verifying longer.</summary>
    private static readonly TimeSpan _easy = TimeSpan.FromMilliseconds(50);

    private readonly NodeClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Answered> _answers = [];
    private readonly ConcurrentDictionary<(int Status, string? Why), long> _counts = [];
    private readonly Task[] _asking;
    private int _asked;

    public Load(Door door)
    {
        _client = door.Client();
        string[] cookies = [.. Enumerable.Repeat(door.Cookies.Ada, 4), .. Enumerable.Repeat(door.Cookies.Ben, 2)];
        _asking = [.. cookies.Select(cookie => Task.Run(() => AskAsync(cookie)))];
    }

    public IReadOnlyCollection<Answered> Answers => _answers;

    /// <summary>Whether it is for now enough that somebody asks at all.</summary>
    public bool IsEasy { get; set; }

    /// <summary>Waits until there was another answer of this kind.</summary>
    public async Task UntilAsync(int status, string? why = null)
    {
        var before = _counts.GetValueOrDefault((status, why));
        await Eventually.Holds(() => _counts.GetValueOrDefault((status, why)) > before);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_asking);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task AskAsync(string cookie)
    {
        while (!_stop.IsCancellationRequested)
        {
            var path = $"/{Interlocked.Increment(ref _asked)}";
            try
            {
                var told = await _client.AskAsync(Door.At(path), cookie);
                var refusal = told.Status == 200 ? default : JsonSerializer.Deserialize<JsonElement>(told.Body);
                var answer = told.Status == 200 ? new Answered(path, 200, null, null)
                    : new(path, told.Status, refusal.GetProperty("error").GetString(), refusal.GetProperty("request_id").GetString());
                _answers.Enqueue(answer);
                _counts.AddOrUpdate((answer.Status, answer.Why), 1, (_, count) => count + 1);
            }
            catch (HttpRequestException)
            {
                // Nobody had an answer.
            }
            await Task.Delay(IsEasy ? _easy : _hard);
        }
    }
}
