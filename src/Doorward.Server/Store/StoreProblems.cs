using Doorward.Policy;

namespace Doorward.Server.Store;

/// <summary>What can be wrong with the store as the operator set it up: DW30xx.</summary>
internal static class StoreProblems
{
    public static Database? OneStore(Place place, ICollection<Problem> problems)
    {
        problems.Add(new("DW3001", Severity.Error, "The store is not stated, or stated twice.", "Write either `sqlite: <path>` or `postgres: <connection>`.", place));
        return null;
    }

    public static Problem HeldBy(string path, string holder, Place place) => new(
        "DW3002", Severity.Error, $"The store {path} is held by {holder}.",
        "Stop that process, or give this one a store of its own. Several nodes need PostgreSQL.", place);

    public static Problem CannotOpen(string path, string why, Place place) => new(
        "DW3003", Severity.Error, $"The store {path} cannot be opened: {why}", "Name a file in a folder that this process may write to.", place);

    public static Problem BadConnection(string why, Place place) => new(
        "DW3004", Severity.Error, $"The PostgreSQL connection is not understood: {why}",
        "Write `Host=db.example.com;Database=doorward;Username=doorward` or `postgres://doorward@db.example.com/doorward`.", place);

    public static Problem NewerSchema(string store, long schema, long needs, long known, Place place) => new(
        "DW3005", Severity.Error, $"The store ({store}) was written by a newer Doorward: its schema is {schema} and needs one that knows {needs}; this one knows {known}.",
        "Start the newer version again, or restore the backup made before the upgrade.", place);

    public static Problem MigrationFailed(string store, string migration, string why, Place place) => new(
        "DW3006", Severity.Error, $"The store ({store}) could not be brought to schema {migration}: {why}",
        "Nothing was changed. Let the store's user create tables in its schema, and start again.", place);
}
