using System.Diagnostics;

namespace Doorward.Server.Tests.Lab;

/// <summary>For what another thread or process does in its own time: looks until it is so, and fails when it must be hanging.</summary>
internal static class Eventually
{
    /// <summary>It ends only what hangs: where twenty processes share two cores, one of ours takes half a minute to start.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static Task Holds(Func<bool> condition) => Holds(() => Task.FromResult(condition()));

    public static async Task Holds(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Patience, $"It did not come to hold within {Patience.TotalSeconds} s.");
            await Task.Delay(5);
        }
    }
}
