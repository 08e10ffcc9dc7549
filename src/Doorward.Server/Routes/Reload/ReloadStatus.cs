using Doorward.Policy;

namespace Doorward.Server.Routes.Reload;

/// <summary>How the last look at the files ended.</summary>
/// <param name="At">When.</param>
/// <param name="Problems">What is wrong with what is written; without errors, what is in force is what is written.</param>
internal sealed record ReloadStatus(DateTimeOffset At, IReadOnlyList<Problem> Problems)
{
    public int Errors { get; } = Problems.Count(problem => problem.Severity == Severity.Error);
}
