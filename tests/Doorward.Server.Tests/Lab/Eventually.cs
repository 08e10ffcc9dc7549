using System.Diagnostics;

namespace Doorward.Server.Tests.Lab;

/// <summary>For what another thread or process does in its own time: looks until it is so, and fails after 20 s.</summary>
internal static class Eventually
{
    public static Task Holds(Func<bool> condition) => Holds(() => Task.FromResult(condition()));

    public static async Task Holds(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), "It did not come to hold within 20 s.");
            await Task.Delay(5);
        }
    }
}
