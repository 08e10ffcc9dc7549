using Doorward.Policy;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Signals;

/// <summary>The levels of risk that transmitters have told, in the store.</summary>
internal static class RiskLevels
{
    /// <summary>Nobody has told.</summary>
    public const long None = -1;

    public const string Person = "person", Session = "session", Device = "device";

    /// <summary>A column: the highest level that any source last told of what has this id.</summary>
    public static string Column(string kind, string id) => $"(SELECT coalesce(max(level), {None}) FROM risk_levels WHERE risk_levels.kind = '{kind}' AND risk_levels.key = {id}) AS Risk";

    public static RiskLevel? Read(long level) => level == None ? null : (RiskLevel)level;

    public static Task TellAsync(Transaction transaction, string kind, string key, string source, RiskLevel level, DateTimeOffset at) => transaction.ExecuteAsync(
        """
        INSERT INTO risk_levels (kind, key, source, level, at) VALUES (@kind, @key, @source, @level, @at)
        ON CONFLICT (kind, key, source) DO UPDATE SET level = @level, at = @at
        """,
        new { kind, key, source, level = (long)level, at = at.ToUnixTimeMilliseconds() });

    /// <summary>Sessions come and go, and what was told of one that is gone is of no use.</summary>
    public static Task PruneAsync(Transaction transaction) =>
        transaction.ExecuteAsync("DELETE FROM risk_levels WHERE kind = 'session' AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.id = risk_levels.key)");
}
