using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Lab;

public sealed class PeerProgramTests
{
    [Fact]
    public async Task A_program_ends_with_its_workers()
    {
        IReadOnlyList<int> workers = [];
        await using (var nginx = await NginxSite.StartAsync(new Dictionary<string, string>()))
            await Eventually.Holds(() => (workers = nginx.Workers).Count > 0);

        await Eventually.Holds(() => !workers.Any(Runs));
    }

    /// <summary>One that has ended stays in the list until its parent, or init, has asked how.</summary>
    private static bool Runs(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
