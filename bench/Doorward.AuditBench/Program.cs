using Doorward.AuditBench;
using Doorward.Server.Store;

switch (args)
{
    case ["append"]:
        await AppendBench.RunAsync();
        return 0;
    case ["fill", var place, var records]:
        await DrainBench.RunAsync(Place(place), int.Parse(records, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["ask", var place]:
        await AskBench.RunAsync(Place(place));
        return 0;
    default:
        System.Console.Error.WriteLine("append | fill STORE RECORDS | ask STORE, where a store is a file or what reaches PostgreSQL");
        return 2;
}

static StoreOptions Place(string place) => place.Contains('=', StringComparison.Ordinal) ? new() { Postgres = place } : new() { Sqlite = place };
