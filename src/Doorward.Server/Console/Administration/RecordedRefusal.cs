using Doorward.Server.Access;
using Doorward.Server.Audit.Replay;

namespace Doorward.Server.Console.Administration;

/// <summary>What it means that Doorward itself refused, as a record says it did.</summary>
internal static class RecordedRefusal
{
    /// <summary>Whether nobody could tell who asked: the store did not answer whose their cookie is.</summary>
    public static bool LeavesWhoUnknown(RecordedDecision decision) =>
        Refusal.KindOf(decision.Refusal) == RefusalKind.Unavailable && decision.Facts is { Session: null };

    /// <summary>Whether it was refused before its policy was asked, so that of a stranger there was nothing to keep.</summary>
    public static bool AskedNoPolicy(RecordedDecision decision) => Refusal.KindOf(decision.Refusal) == RefusalKind.Unsettled;

    /// <summary>What would be enough: no fact about the person is. Nothing where nothing but another request would be.</summary>
    public static IEnumerable<string> Change(string? code) => Refusal.KindOf(code) switch
    {
        RefusalKind.Stale => ["It would be enough if the store had been heard from in time: what was known was too old to let anybody in."],
        RefusalKind.Unsettled => ["It would be enough to ask again: what it is judged by was replaced again and again while it was looked at."],
        RefusalKind.Unavailable => ["It would be enough if the store had answered in time."],
        RefusalKind.Silent => ["It would be enough if the transmitters of signals that the route requires were heard."],
        RefusalKind.WrongRoute => ["It would be enough if the service account's secret were for this route."],
        _ => [],
    };
}
