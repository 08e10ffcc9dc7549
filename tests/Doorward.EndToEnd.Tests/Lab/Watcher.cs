using System.Globalization;

namespace Doorward.EndToEnd.Tests.Lab;

/// <summary>Somebody who follows a stream of events, each of which says when the <see cref="Witness"/> sent it.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly Task<string?> _reading;
    private long _last, _count;

    public Watcher(HttpResponseMessage response)
    {
        _response = response;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>How many events arrived.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>When the newest event that arrived was sent, by the stopwatch's timestamp.</summary>
    public long Last => Interlocked.Read(ref _last);

    /// <summary>Whether it has come to an end, of whatever kind.</summary>
    public bool IsOver => _reading.IsCompleted;

    /// <summary>What was told as the last; null where it was broken off.</summary>
    public Task<string?> EndAsync() => _reading.WaitAsync(TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        await _reading;
    }

    private async Task<string?> ReadAsync()
    {
        try
        {
            using var lines = new StreamReader(await _response.Content.ReadAsStreamAsync());
            var isLast = false;
            while (await lines.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal)) isLast = true;
                if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
                if (isLast) return line["data: ".Length..];
                Interlocked.Exchange(ref _last, long.Parse(line.AsSpan("data: ".Length), CultureInfo.InvariantCulture));
                Interlocked.Increment(ref _count);
            }
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or ObjectDisposedException or InvalidOperationException)
        {
            // Broken off, by whomever.
        }

        return null;
    }
}
