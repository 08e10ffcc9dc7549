using System.Globalization;

namespace Doorward.Peers;

/// <summary>What was hoped for, beside what was measured.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Measured">The figure: a ratio, where it is about speed.</param>
/// <param name="Bound">It is met at this or less.</param>
/// <param name="Must">Whether the run fails where it is not met.</param>
internal sealed record Goal(string Name, double Measured, double Bound, bool Must)
{
    public bool Met => Measured <= Bound;
}

internal static class Goals
{
    public static int Print(params IReadOnlyList<Goal> goals)
    {
        Console.WriteLine("| goal | measured | bound | |");
        Console.WriteLine("| --- | ---: | ---: | --- |");
        foreach (var goal in goals)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {goal.Name} | {goal.Measured:F2} | {goal.Bound:F2} | {(goal.Met ? "met" : goal.Must ? "NOT met" : "not yet")} |"));
        return goals.All(goal => goal.Met || !goal.Must) ? 0 : 1;
    }
}
