using Doorward.Policy;

namespace Doorward.Server.Audit;

/// <summary>What can be wrong with the audit trail: DW60xx.</summary>
internal static class AuditProblems
{
    public static Problem CannotOpen(string folder, string why, Place place) => new(
        "DW6001", Severity.Error, $"The audit trail in {folder} cannot be opened: {why.TrimEnd('.')}.",
        "Let this user write to the folder, see that the disk has room, and that only one server uses it; or write another under «audit.folder».", place);

    public static Problem BegunAnew(string folder, string former, string node, string why, Place place) => new(
        "DW6002", Severity.Warning, $"The audit trail in {folder} does not go on with the chain {former}, but begins the chain {node}: {why}.",
        "Nothing is lost and nothing has to be done. If nobody put an older copy of this folder in place, find out who did.", place);
}
