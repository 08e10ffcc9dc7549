namespace Doorward.Server.Store.Keys;

/// <summary>A row of <c>keys</c>.</summary>
internal sealed record KeyRow(string Purpose, long Number, string Id, string Root, byte[] Sealed, long Starts)
{
    /// <summary>What a sealed key is bound to.</summary>
    public string Name => $"{Purpose}/{Number}/{Id}";

    public KeyTerm Term => new(Number, DateTimeOffset.FromUnixTimeMilliseconds(Starts));

    public static Task<IReadOnlyList<KeyRow>> AllAsync(StoreConnection connection) =>
        connection.QueryAsync<KeyRow>("SELECT purpose, number, id, root, sealed, starts FROM keys ORDER BY purpose, number");

    public static KeyRow New(KeyPurpose purpose, KeyTerm term, RootKey root)
    {
        var (id, material) = Key.New(purpose);
        var row = new KeyRow(purpose.Name, term.Number, id, root.Id, [], term.Starts.ToUnixTimeMilliseconds());
        return row with { Sealed = root.Seal(row.Name, material) };
    }

    /// <summary>False where another node has made the key of that number in the meantime.</summary>
    public async Task<bool> InsertAsync(Transaction transaction) => await transaction.ExecuteAsync(
        """
        INSERT INTO keys (purpose, number, id, root, sealed, starts) VALUES (@Purpose, @Number, @Id, @Root, @Sealed, @Starts)
        ON CONFLICT (purpose, number) DO NOTHING
        """, this) == 1;
}
