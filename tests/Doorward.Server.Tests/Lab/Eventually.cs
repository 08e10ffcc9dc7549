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

    /// <summary>
    /// For what happens in injected time, but takes time of its own, such as a question to the store with a deadline: the clock goes on
    /// step by step, and ever more slowly, so that at some pace the answer comes before its deadline, however busy the machine is.
    /// </summary>
    public static Task Comes(ManualTime time, TimeSpan step, Func<bool> condition)
    {
        var (looks, steps) = (0, 0);
        return Holds(() =>
        {
            if (condition()) return true;
            if (++looks % (1 + (steps / 20)) == 0)
            {
                steps++;
                time.Advance(step);
            }
            return false;
        });
    }
}
