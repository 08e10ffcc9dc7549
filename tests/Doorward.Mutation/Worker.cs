using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Doorward.Mutation;

/// <summary>The process in which mutants are at work: one may never end, or end the process, so it is not that of the command.</summary>
internal static class Worker
{
    /// <summary>Which tests pass, how long each takes and which bodies it enters: a line each.</summary>
    public static async Task Cover(string folder, string assembly)
    {
        var tests = TestSuite.Load(folder, assembly);
        var seen = (bool[])Switch(folder).GetField("Seen")!.GetValue(null)!;
        for (var i = 0; i < tests.Count; i++)
        {
            Array.Clear(seen);
            var clock = Stopwatch.StartNew();
            var failure = await FailureOf(tests[i]);
            if (failure is not null) Console.Error.WriteLine($"{tests[i].Name} fails without a mutant: {failure}");
            Console.WriteLine($"{i} {clock.ElapsedMilliseconds} {(failure is null ? "passed" : "failed")} {tests[i].Name.Replace(' ', '_')} {string.Join(',', Enumerable.Range(0, seen.Length).Where(body => seen[body]))}");
        }
    }

    /// <summary>Answers each line «mutant test,test,...» by «mutant test» of the first test that fails, or «mutant -».</summary>
    public static async Task Judge(string folder, string assembly)
    {
        var tests = TestSuite.Load(folder, assembly);
        var active = Switch(folder).GetField("Mutant")!;
        while (Console.ReadLine() is { } line)
        {
            var parts = line.Split(' ');
            active.SetValue(null, int.Parse(parts[0], CultureInfo.InvariantCulture));
            var killer = "-";
            foreach (var number in parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse))
            {
                if (await FailureOf(tests[number]) is null) continue;
                killer = number.ToString(CultureInfo.InvariantCulture);
                break;
            }

            active.SetValue(null, 0);
            Console.WriteLine($"{parts[0]} {killer}");
        }
    }

    private static Type Switch(string folder) => Assembly.LoadFrom(Path.Combine(folder, "Doorward.Policy.dll")).GetType("Doorward.Mutation.Switch")!;

    private static async Task<Exception?> FailureOf(Test test)
    {
        try
        {
            await test.Run();
            return null;
        }
        catch (Exception failure)
        {
            return failure.InnerException ?? failure;
        }
    }
}
