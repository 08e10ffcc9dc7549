using Doorward.Server.Store;

namespace Doorward.Server.Identity.Sessions;

/// <summary>The sessions that a message from outside means. What it does not say limits nothing; one that says nothing means none.</summary>
internal sealed record SessionFilter
{
    /// <summary>Whose; null for anybody's of <see cref="Providers"/>.</summary>
    public IReadOnlyList<string>? Persons { get; init; }

    /// <summary>The providers about whose people the sender may speak; read where <see cref="Persons"/> is null.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>The provider's own session id. With <see cref="Persons"/>, theirs whose provider named none are meant too: they cannot be told apart.</summary>
    public string? ProviderSession { get; init; }

    /// <summary>The devices that it may be on, by their ids here. One that is on none that is known cannot be told apart, and is meant too where a person or session is named.</summary>
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>Only those that had begun by then: what was said of earlier ones is not said of a later one.</summary>
    public DateTimeOffset? StartedBy { get; init; }

    /// <summary>Nothing was said, or it was said of people of whom nobody is known here.</summary>
    public bool IsNobody => Persons is { Count: 0 } || (Persons is null && ProviderSession is null && Devices is null);

    /// <summary>Whatever is on the devices is meant, whoever's it is.</summary>
    public bool IsDevicesAlone => Persons is null && ProviderSession is null && Devices is not null;

    /// <param name="connection">To read by.</param>
    /// <param name="lockRows">See <see cref="StoreConnection.ForUpdate"/>.</param>
    public async Task<IReadOnlyList<SessionRow>> FindAsync(StoreConnection connection, string lockRows = "")
    {
        if (IsNobody) return [];
        var found = new List<SessionRow>();
        if (IsDevicesAlone)
        {
            foreach (var device in Devices!) found.AddRange(await SessionRow.FindAllAsync(connection, "device = @device", new { device }, lockRows));
        }
        else if (Persons is null)
        {
            // A provider's name has neither wildcard of LIKE.
            foreach (var provider in Providers)
                found.AddRange(await SessionRow.FindAllAsync(connection, "provider_session = @ProviderSession AND person LIKE @people", new { ProviderSession, people = provider + "/%" }, lockRows));
        }
        else
        {
            var sid = ProviderSession is null ? "" : " AND (provider_session = @ProviderSession OR provider_session IS NULL)";
            foreach (var chunk in Persons.Chunk(Listed.Most))
            {
                var (listed, arguments) = Listed.Of(chunk);
                arguments.Add("ProviderSession", ProviderSession);
                found.AddRange(await SessionRow.FindAllAsync(connection, $"person IN {listed}{sid}", arguments, lockRows));
            }
        }
        return [.. found.Where(row => (StartedBy is not { } by || row.Started <= by.ToUnixTimeMilliseconds()) && (Devices is null || row.Device is null || Devices.Contains(row.Device)))];
    }
}
