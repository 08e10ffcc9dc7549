using System.Text;
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
    [InlineData("salt")]
    [InlineData("chain")]
    public async Task A_flipped_bit_anywhere_in_a_record_is_found(string part)
    {
        await PrepareAsync();
        var original = (await BlockAsync())[39];
        var bytes = Part(original.Record);
        for (var i = 0; i < bytes.Length; i += 7)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[i] ^= (byte)(1 << (i % 8));
            await ChangeAsync(records => records.Select(one => one.Record.Sequence == 40 ? one with { Record = With(original.Record, flipped) } : one));
            Assert.Equal(40, (await FirstAsync()).Sequence);
        }

        byte[] Part(ChainedRecord record) => part switch
        {
            "body" => record.Body.ToArray(),
            "who" => record.Who.Text.ToArray(),
            "salt" => record.Who.Salt.ToArray(),
            _ => record.Chain.ToArray(),
        };

        ChainedRecord With(ChainedRecord record, byte[] changed) => part switch
        {
            "body" => record with { Body = changed },
            "who" => record with { Who = record.Who with { Text = changed } },
            "salt" => record with { Who = record.Who with { Salt = changed } },
            _ => record with { Chain = new(changed) },
        };
    }

    [Fact]
    public async Task A_flipped_bit_anywhere_in_a_block_is_found()
    {
        await PrepareAsync();
        var bytes = await OneAsync<byte[]>($"SELECT records FROM {_table} WHERE node = 1");
        for (var i = 0; i < bytes.Length; i += 331)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[i] ^= (byte)(1 << (i % 8));
            await RunAsync($"UPDATE {_table} SET records = @flipped WHERE node = 1", new { flipped });
            Assert.False((await VerifyAsync()).IsSound, $"byte {i}");
        }
    }

    [Theory]
    [InlineData("one is changed", 40)]
    [InlineData("one is removed", 40)]
    [InlineData("twenty are removed", 40)]
    [InlineData("the first are removed", 1)]
    [InlineData("the last are removed", 41)]
    [InlineData("two take each other's number", 40)]
    [InlineData("two change places", 40)]
    [InlineData("one is put at the end", 102)]
    [InlineData("a person is taken out and something else put there", 40)]
    public async Task Removing_moving_and_inserting_is_found_and_the_first_record_named(string attack, long first)
    {
        await PrepareAsync();
        await ChangeAsync(records => attack switch
        {
            "one is changed" => records.Select(one => one.Record.Sequence == 40 ? one with { Record = one.Record with { Committed = one.Record.Committed + 1 } } : one),
            "one is removed" => records.Where(one => one.Record.Sequence != 40),
            "twenty are removed" => records.Where(one => one.Record.Sequence is < 40 or > 60),
            "the first are removed" => records.Where(one => one.Record.Sequence >= 40),
            "the last are removed" => records.Where(one => one.Record.Sequence <= 40),
            "two take each other's number" => [.. records[..39], Numbered(records[40], 40), Numbered(records[39], 41), .. records[41..]],
            "two change places" => [.. records[..39], records[40], records[39], .. records[41..]],
            "one is put at the end" => [.. records, Numbered(records[39], 1000)],
            _ => records.Select(one => one.Record.Sequence == 40 ? one with { Record = one.Record with { Who = new(default, default, one.Record.Chain) }, WhoName = "x" } : one),
        });
        Assert.Equal(first, (await FirstAsync()).Sequence);
        if (attack != "the last are removed") return;
        await RunAsync("UPDATE audit_nodes SET sequence = 40 WHERE number = 1", new { });
        Assert.Equal(first, (await FirstAsync()).Sequence);

        static ArchivedRecord Numbered(ArchivedRecord archived, long sequence) => archived with { Record = archived.Record with { Sequence = sequence } };
    }

    [Theory]
    [InlineData("DELETE FROM {0} WHERE node = 1")]
    [InlineData("DELETE FROM {0} WHERE node = 1; DELETE FROM audit_nodes WHERE number = 1")]
    [InlineData("DROP TABLE {0}; DELETE FROM audit_days; DELETE FROM audit_nodes")]
    public async Task A_chain_taken_away_whole_is_found(string attack)
    {
        await PrepareAsync();
        foreach (var statement in string.Format(null, attack, _table).Split("; ")) await RunAsync(statement, new { });
        Assert.Equal(0, (await FirstAsync()).Sequence);
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
        var head = ChainHead.Start(await OneAsync<string>("SELECT node FROM audit_nodes WHERE number = 1"));
        await ChangeAsync(records => records.Select(one =>
        {
            var record = one.Record;
            if (record.Sequence == 40) record = record with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(record.Body.Span).Replace("GET", "PUT", StringComparison.Ordinal)) };
            head = head.Next(record.Committed, record.Body.Span, record.Who.Commitment, record.Other.Commitment);
            return one with { Record = record with { Chain = head.Hash } };
        }));
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
        Assert.Equal(43, await OneAsync<long>($"SELECT min(first) FROM {_table}"));
        await ChangeAsync(records => records.Where(one => one.Record.Sequence >= 50));
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
        Assert.All(found, record => Assert.DoesNotContain("ada@", Encoding.UTF8.GetString(RecordLine.Of(record)), StringComparison.Ordinal));
        Assert.Empty(await new RecordArchive(_store).FindAsync(new() { Person = "corp/u1" }, default));
    }

    [Fact]
    public async Task Records_are_found_also_where_a_blocks_filter_was_emptied()
    {
        await PrepareAsync();
        await RunAsync($"UPDATE {_table} SET filter = @nothing", new { nothing = Array.Empty<byte>() });
        Assert.Equal(2 * Records, (await new RecordArchive(_store).FindAsync(new() { Person = "corp/u1", Limit = 1000 }, default)).Count);
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

    /// <summary>The records of the first chain's only block of the day.</summary>
    private async Task<List<ArchivedRecord>> BlockAsync()
    {
        var node = await OneAsync<string>("SELECT node FROM audit_nodes WHERE number = 1");
        return RecordBlock.Read(node, await OneAsync<byte[]>($"SELECT records FROM {_table} WHERE node = 1"));
    }

    /// <summary>Writes other records in their place.</summary>
    private async Task ChangeAsync(Func<List<ArchivedRecord>, IEnumerable<ArchivedRecord>> change)
    {
        var block = new OpenBlock([.. change(await BlockAsync())]);
        await RunAsync(
            $"UPDATE {_table} SET first = @First, last = @Last, chain = @chain, records = @records WHERE node = 1",
            new { block.First, block.Last, chain = block.Chain.ToArray(), records = block.Bytes.ToArray() });
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
