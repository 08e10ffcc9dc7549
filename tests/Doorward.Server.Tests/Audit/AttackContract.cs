using Doorward.Server.Audit;
using Doorward.Server.Audit.Archive;
using Doorward.Server.Audit.Checkpoints;
using Doorward.Server.Audit.Segments;
using Doorward.Server.Audit.Verification;
using Doorward.Server.Store;
using Doorward.Server.Store.Keys;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Audit;

/// <summary>An attacker holds the store, and in the worst case the signing key too. Only the checkpoints outside are beyond their reach.</summary>
public abstract class AttackContract : StoreTest
{
    private const int Records = 100;

    private readonly List<string> _outside = [];
    private Database _store = null!;
    private string _table = "";

    [Fact]
    public async Task An_untouched_trail_verifies()
    {
        await PrepareAsync();
        var report = await VerifyAsync();
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal(2, report.Chains.Count);
        Assert.All(report.Chains, chain => Assert.Equal(Records + 1, chain.Records));
    }

    [Theory]
    [InlineData("body")]
    [InlineData("who")]
    [InlineData("who_salt")]
    [InlineData("chain")]
    public async Task A_flipped_bit_anywhere_in_a_record_is_found(string column)
    {
        await PrepareAsync();
        var bytes = await OneAsync<byte[]>($"SELECT {column} FROM {_table} WHERE node = 1 AND sequence = 40");
        for (var i = 0; i < bytes.Length; i += 7)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[i] ^= (byte)(1 << (i % 8));
            await RunAsync($"UPDATE {_table} SET {column} = @flipped WHERE node = 1 AND sequence = 40", new { flipped });
            Assert.Equal(40, (await FirstAsync()).Sequence);
        }
    }

    [Theory]
    [InlineData("UPDATE {0} SET committed = committed + 1 WHERE node = 1 AND sequence = 40", 40)]
    [InlineData("DELETE FROM {0} WHERE node = 1 AND sequence = 40", 40)]
    [InlineData("DELETE FROM {0} WHERE node = 1 AND sequence BETWEEN 40 AND 60", 40)]
    [InlineData("DELETE FROM {0} WHERE node = 1 AND sequence < 40", 1)]
    [InlineData("DELETE FROM {0} WHERE node = 1 AND sequence > 40", 41)]
    [InlineData("DELETE FROM {0} WHERE node = 1 AND sequence > 40; UPDATE audit_nodes SET sequence = 40 WHERE number = 1", 41)]
    [InlineData("UPDATE {0} SET sequence = 1000 WHERE node = 1 AND sequence = 40; UPDATE {0} SET sequence = 40 WHERE node = 1 AND sequence = 41; UPDATE {0} SET sequence = 41 WHERE node = 1 AND sequence = 1000", 40)]
    [InlineData("INSERT INTO {0} SELECT node, 1000, committed, at, kind, request, route, outcome, reasons, person, other_person, body, who, who_salt, who_taken, other, other_salt, other_taken, chain FROM {0} WHERE node = 1 AND sequence = 40", 102)]
    [InlineData("UPDATE {0} SET who = NULL, who_salt = NULL, who_taken = chain WHERE node = 1 AND sequence = 40", 40)]
    [InlineData("DELETE FROM {0} WHERE node = 1", 0)]
    [InlineData("DELETE FROM {0} WHERE node = 1; DELETE FROM audit_nodes WHERE number = 1", 0)]
    [InlineData("DROP TABLE {0}; DELETE FROM audit_days; DELETE FROM audit_nodes", 0)]
    public async Task Removing_moving_inserting_and_cutting_off_is_found_and_the_first_record_named(string attack, long first)
    {
        await PrepareAsync();
        foreach (var statement in string.Format(null, attack, _table).Split("; ")) await RunAsync(statement, new { });
        Assert.Equal(first, (await FirstAsync()).Sequence);
    }

    [Fact]
    public async Task A_rollback_to_yesterdays_copy_is_found()
    {
        using var folder = new TrailFolder();
        _store = await Lab.OpenAsync();
        await DrainAsync(folder, 50);
        await CheckpointAsync();
        await Lab.BackUpAsync();
        _store = await Lab.OpenAsync();
        await DrainAsync(folder, 50);
        await CheckpointAsync();
        await Lab.RestoreAsync();
        _store = await Lab.OpenAsync();

        var finding = await FirstAsync();
        Assert.Equal(52, finding.Sequence);
        Assert.Contains("missing", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_written_anew_and_signed_with_the_real_key_contradicts_the_checkpoint_outside()
    {
        await PrepareAsync();
        var node = await OneAsync<string>("SELECT node FROM audit_nodes WHERE number = 1");
        var archive = new RecordArchive(_store);
        var records = new List<ChainedRecord>();
        await foreach (var page in archive.ReadChainAsync(node, default)) records.AddRange(page);
        var head = ChainHead.Start(node);
        foreach (var record in records)
        {
            // The denial of record 40 becomes an allow, and everything behind it is chained anew.
            var body = record.Sequence == 40 ? System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(record.Body.Span).Replace("GET", "PUT", StringComparison.Ordinal)) : record.Body.ToArray();
            head = head.Next(record.Committed, body, record.Who.Commitment, record.Other.Commitment);
            await RunAsync($"UPDATE {_table} SET body = @body, chain = @chain WHERE node = 1 AND sequence = @Sequence", new { body, chain = head.Hash.ToArray(), record.Sequence });
        }
        await RunAsync("UPDATE audit_nodes SET chain = @chain WHERE number = 1", new { chain = head.Hash.ToArray() });

        Assert.True((await VerifyAsync([])).IsSound, "without the outside nothing shows");
        var finding = await FirstAsync();
        Assert.Contains("written anew", finding.What, StringComparison.Ordinal);
        Assert.Equal(1, finding.Sequence);

        // A new checkpoint, signed with the real key, does not help the attacker: it contradicts the one outside.
        await CheckpointAsync();
        Assert.False((await VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task A_checkpoint_signed_with_another_key_or_changed_is_no_checkpoint()
    {
        await PrepareAsync();
        var (_, material) = SigningKey.Generate();
        var forged = new Checkpoint(DateTimeOffset.UnixEpoch, "x", []).ToLine(new SigningKey("x", new(1, DateTimeOffset.UnixEpoch), material));
        var keys = CheckpointFile.Read(_outside, null).Keys;
        Assert.Empty(CheckpointFile.Read([forged], keys).Checkpoints);
        Assert.Equal([1], CheckpointFile.Read([forged], keys).Bad);
        for (var i = 0; i < _outside[0].Length; i += 11)
        {
            var changed = _outside[0].ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            var read = CheckpointFile.Read([new(changed)], keys).Checkpoints;
            // The public key's own spelling may change without a change of meaning.
            Assert.All(read, checkpoint => Assert.Equal(CheckpointFile.Read(_outside, keys).Checkpoints[0].Points, checkpoint.Points));
        }
    }

    [Fact]
    public async Task After_retention_dropped_days_the_rest_verifies_and_a_front_cut_off_by_hand_does_not()
    {
        using var folder = new TrailFolder();
        _store = await Lab.OpenAsync();
        for (var day = 0; day < 4; day++)
        {
            Time.Advance(TimeSpan.FromDays(1));
            await DrainAsync(folder, 20);
        }
        await CheckpointAsync();
        await using (var trail = AuditTrail.Open(folder.Options, Time))
        {
            Assert.Equal(2, await new Retention(_store, new(_store), trail, Time).RunAsync(1, default));
            await DrainAsync(trail, folder, 5);
        }
        var report = await VerifyAsync();
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal(43, Assert.Single(report.Chains).First);

        _table = DayTable.NameOf((await new RecordArchive(_store).DaysAsync(default))[^2]);
        Assert.Equal(43, await OneAsync<long>($"SELECT min(sequence) FROM {_table}"));
        await RunAsync($"DELETE FROM {_table} WHERE sequence < 50", new { });
        Assert.Equal(1, (await FirstAsync()).Sequence);
    }

    [Fact]
    public async Task A_person_can_be_taken_out_and_the_chain_still_verifies()
    {
        await PrepareAsync();
        var (name, count) = await new Pseudonymisation(_store, new(_store)).RunAsync("corp/u1", default);
        Assert.Equal(2 * Records, count);
        Assert.True((await VerifyAsync()).IsSound);
        var found = await new RecordArchive(_store).FindAsync(new() { Person = name, Limit = 1000 }, default);
        Assert.Equal(2 * Records, found.Count);
        Assert.All(found, record => Assert.DoesNotContain("ada@", System.Text.Encoding.UTF8.GetString(RecordLine.Of(record)), StringComparison.Ordinal));
        Assert.Empty(await new RecordArchive(_store).FindAsync(new() { Person = "corp/u1" }, default));
    }

    private async Task PrepareAsync()
    {
        _store = await Lab.OpenAsync();
        for (var node = 0; node < 2; node++)
        {
            using var folder = new TrailFolder();
            await DrainAsync(folder, Records);
        }
        _table = DayTable.NameOf(Assert.Single(await new RecordArchive(_store).DaysAsync(default)));
        await CheckpointAsync();
    }

    private async Task DrainAsync(TrailFolder folder, int records)
    {
        await using var trail = AuditTrail.Open(folder.Options, Time);
        await DrainAsync(trail, folder, records);
    }

    private async Task DrainAsync(AuditTrail trail, TrailFolder folder, int records)
    {
        for (var i = 0; i < records; i++) await trail.Append(TrailFolder.Decision($"r{i}"));
        await trail.FlushAsync();
        await Eventually.Holds(async () => await trail.FlushAsync() && trail.Health.Waiting == 0);
        await new ArchiveSink(_store).TakeAsync(folder.Records(), default);
    }

    private async Task CheckpointAsync()
    {
        if (!File.Exists(Lab.Options.RootKeyFile)) RootKey.CreateFile(Lab.Options.RootKeyFile);
        var root = RootKey.Load(Lab.Options.RootKeyFile, Lab.Options.Place, [])!;
        await new KeyRotation(_store, root, Time).RunAsync(default);
        var ring = new KeyRing(_store, root, Time);
        await ring.LoadAsync(default);
        using var folder = new TrailFolder();
        await using var trail = AuditTrail.Open(folder.Options, Time);
        _outside.Add((await new CheckpointMaker(_store, new(_store), new(ring), trail, [], Time).RunAsync(default))!);
    }

    private Task<VerifyReport> VerifyAsync() => VerifyAsync(_outside);

    private Task<VerifyReport> VerifyAsync(IReadOnlyList<string> outside) => ArchiveVerification.RunAsync(new(_store), CheckpointFile.Read(outside, null).Checkpoints, default);

    private async Task<Finding> FirstAsync() => (await VerifyAsync()).Findings[0];

    private async Task RunAsync(string sql, object arguments) => await _store.WriteAsync(transaction => transaction.ExecuteAsync(sql, arguments));

    private async Task<T> OneAsync<T>(string sql) => (await _store.ReadAsync(store => store.FindAsync<T>(sql)))!;
}

public sealed class AttackOnSqlite : AttackContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class AttackOnPostgres : AttackContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
