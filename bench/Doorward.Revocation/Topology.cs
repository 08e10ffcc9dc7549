namespace Doorward.Revocation;

/// <summary>How many nodes there are, on which store, and how one hears of what another wrote; and how soon everything must be over.</summary>
/// <param name="Name">As the command line says it.</param>
/// <param name="Title">As the table says it.</param>
/// <param name="Nodes">Processes.</param>
/// <param name="Listen">Whether PostgreSQL tells the nodes.</param>
/// <param name="Median">The goal for the median of any cell, in milliseconds; null where there is none.</param>
/// <param name="P99">The goal for the 99th percentile of any cell, in milliseconds.</param>
internal sealed record Topology(string Name, string Title, int Nodes, bool Listen, double? Median, double P99)
{
    public static readonly IReadOnlyList<Topology> All =
    [
        new("one", "1 node, SQLite", 1, true, null, 50),
        new("listen", "3 nodes, PostgreSQL, LISTEN", 3, true, 25, 250),
        new("poll", "3 nodes, PostgreSQL, without LISTEN", 3, false, null, 1000),
    ];

    public bool IsPostgres => Nodes > 1;
}
