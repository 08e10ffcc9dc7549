using Doorward.Server.Identity.Providers;
using Doorward.Server.Store.Feed;
using Doorward.Server.Store.Tables;

namespace Doorward.Server.Identity.Sessions;

/// <summary>
/// The provider's tokens of sessions that are in use, for routes that hand them on. Tokens that were refreshed are not told to other
/// nodes, so each is believed for a while only, and never until its end: by then the fresh one is in the store.
/// </summary>
internal sealed class ProviderTokenTable(KeptTokens tokens, TableOptions options, TimeProvider time)
{
    /// <summary>Tokens are refreshed at least this long before they end.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>For tokens that have ended because the provider does not answer: the store is not asked for every request.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly Table<Believed> _rows = new(
        SessionRow.Kind,
        async (session, cancellation) => await tokens.FindAsync(session, cancellation) is { } found ? new Believed(found, UntilOf(found, time.GetUtcNow())) : null,
        options,
        time);

    /// <summary>What the change feed must keep true.</summary>
    public IFeedSubscriber Table => _rows;

    /// <summary>Answers from memory; false where memory does not know.</summary>
    public bool TryFind(string session, out ProviderTokens? found)
    {
        var known = _rows.TryGet(session, out var row) && row.Until > time.GetUtcNow();
        found = known ? row!.Tokens : null;
        return known;
    }

    public async ValueTask<Lookup<ProviderTokens>> FindAsync(string session, CancellationToken cancellation)
    {
        if (TryFind(session, out var known)) return Lookup<ProviderTokens>.Found(known!);
        _rows.Forget(session);
        var row = await _rows.LoadAsync(session, cancellation);
        return row.Value is { } loaded ? Lookup<ProviderTokens>.Found(loaded.Tokens) : row.Kind == LookupKind.Absent ? Lookup<ProviderTokens>.Absent : Lookup<ProviderTokens>.Unavailable;
    }

    // Half of what is left, because short-lived tokens are refreshed at half their life.
    private static DateTimeOffset UntilOf(ProviderTokens tokens, DateTimeOffset now)
    {
        var left = (tokens.Expires - now) / 2 ?? Longest;
        return now + (left < Shortest ? Shortest : left > Longest ? Longest : left);
    }

    private sealed record Believed(ProviderTokens Tokens, DateTimeOffset Until)
    {
        // Tokens are in it: no log prints it.
        public override string ToString() => nameof(Believed);
    }
}
