using System.Text.Json;
using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Torture;

/// <summary>What a door's store says of what was asked there.</summary>
internal static class Trail
{
    private sealed record Recorded(string RequestId, string Path, string Outcome, bool Refused)
    {
        public bool LetThrough => Outcome == "allow" && !Refused;
    }

    /// <summary>The store has all, verifies, and knows of every answer that somebody saw, once.</summary>
    /// <param name="door">Whose store it is.</param>
    /// <param name="load">What clients saw.</param>
    /// <param name="refused">Besides what people were let through or denied: answers of which also those must be there that Doorward itself refused.</param>
    public static async Task AssertHasAllAsync(Door door, Load load, IReadOnlyCollection<Answered>? refused = null)
    {
        var settled = await AskOnceMoreAsync(door);
        var file = Path.GetTempFileName();
        try
        {
            List<Recorded> decisions = [];
            await Eventually.Holds(async () =>
            {
                await SucceedsAsync(door, "audit", "extract", file);
                decisions = [.. File.ReadLines(file).Select(Read).OfType<Recorded>()];
                return decisions.Exists(one => one.LetThrough && one.Path == settled);
            });
            Assert.Equal(decisions.Count, decisions.DistinctBy(one => one.RequestId).Count());
            var allowed = decisions.Where(one => one.LetThrough).Select(one => one.Path).ToHashSet();
            var denied = decisions.Where(one => one.Outcome == "deny").Select(one => (one.Path, one.RequestId)).ToHashSet();
            Assert.DoesNotContain(load.Answers, one => one.Status == 200 && !allowed.Contains(one.Path));
            Assert.DoesNotContain(load.Answers, one => one.Status == 403 && !denied.Contains((one.Path, one.RequestId!)));
            var ids = decisions.Select(one => one.RequestId).ToHashSet();
            Assert.DoesNotContain(refused ?? [], one => one.RequestId is { } id && !ids.Contains(id));
            // Written before it took effect, whether or not anybody saw the answer.
            Assert.DoesNotContain(door.Reached, path => !allowed.Contains(path));
            Assert.All([200, 403], status => Assert.Contains(load.Answers, one => one.Status == status));
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".checkpoints");
        }
    }

    public static Task AssertVerifiesAsync(Door door) => SucceedsAsync(door, "audit", "verify", "--store");

    /// <summary>Asks for a path of its own. Records are chained, and come into the store, in the order in which they were written: once this one's is there, all before are.</summary>
    private static async Task<string> AskOnceMoreAsync(Door door)
    {
        using var client = door.Client();
        var path = $"/settled/{Guid.NewGuid()}";
        await Eventually.Holds(async () => (await client.AskAsync(Door.At(path), door.Cookies.Ada)).Status == 200);
        return path;
    }

    /// <summary>On a busy machine a server that has just started may be asked before its store answers it, and says so: 2. What it then says counts.</summary>
    private static async Task SucceedsAsync(Door door, params string[] command)
    {
        const int notAnswered = 2;
        var (code, output) = (notAnswered, "");
        await Eventually.Holds(async () =>
        {
            (code, output) = await door.RunAsync(command);
            if (code == notAnswered) TestContext.Current.TestOutputHelper?.WriteLine(output);
            return code != notAnswered;
        });
        Assert.True(code == 0, output);
    }

    private static Recorded? Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        if (!json.RootElement.TryGetProperty("record", out var body) || body.GetProperty("kind").GetString() != "decision") return null;
        return new(body.GetProperty("request").GetString()!, body.GetProperty("path").GetString()!, body.GetProperty("outcome").GetString()!, body.TryGetProperty("refusal", out _));
    }
}
