using System.Globalization;
using CsCheck;
using Xunit.Sdk;

namespace Doorward.Policy.Tests.Random;

/// <summary>
/// A run of random examples that its seed determines wholly, however many threads work on it: the example number i is drawn
/// from a stream of its own. <c>TEST_SEED</c> repeats a run; <c>TEST_LONG=1</c> makes the long ones long; <c>TEST_EXAMPLES</c>
/// bounds them, where the same tests run again and again against mutants.
/// </summary>
internal static class Run
{
    public static bool IsLong => Environment.GetEnvironmentVariable("TEST_LONG") == "1";

    public static ulong Seed { get; } =
        ulong.TryParse(Environment.GetEnvironmentVariable("TEST_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : (ulong)System.Random.Shared.NextInt64();

    private static readonly int? _bound = int.TryParse(Environment.GetEnvironmentVariable("TEST_EXAMPLES"), CultureInfo.InvariantCulture, out var bound) ? bound : null;

    /// <summary>Ten times as many in a long run.</summary>
    public static int Times(int count) => _bound is { } most ? Math.Min(most, count) : IsLong ? count * 10 : count;

    /// <summary>Fails where a whole run has met too little to prove much.</summary>
    public static void AssertProves(bool enough, string found)
    {
        if (_bound is null) Assert.True(enough, found);
    }

    /// <summary>Checks examples, and tells of the first that fails, made smaller where it can be.</summary>
    public static void Sample<T>(Gen<T> gen, int count, Action<T> check, Func<T, IEnumerable<T>>? smaller = null)
    {
        var failed = int.MaxValue;
        Parallel.For(0, count, (i, state) =>
        {
            if (FailureOf(check, Draw(gen, i)) is null) return;
            for (var seen = failed; i < seen; seen = failed) Interlocked.CompareExchange(ref failed, i, seen);
            state.Break();
        });
        if (failed == int.MaxValue) return;

        var example = Smallest(Draw(gen, failed), check, smaller ?? (_ => []));
        var failure = FailureOf(check, example);
        throw new XunitException($"Example {failed} of TEST_SEED={Seed} fails:\n{example}\n{failure?.Message ?? "It does not fail again: the check depends on more than its example."}", failure);
    }

    private static T Draw<T>(Gen<T> gen, int number) => gen.Generate(new PCG((uint)number + 1, Seed), null!, out _);

    private static T Smallest<T>(T example, Action<T> check, Func<T, IEnumerable<T>> smaller)
    {
        while (smaller(example).Select(candidate => (object?)candidate).FirstOrDefault(candidate => FailureOf(check, (T)candidate!) is not null) is T next) example = next;
        return example;
    }

    private static Exception? FailureOf<T>(Action<T> check, T example)
    {
        try
        {
            check(example);
            return null;
        }
        catch (Exception wrong) when (wrong is not OutOfMemoryException)
        {
            return wrong;
        }
    }
}
