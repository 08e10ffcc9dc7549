using System.Security.Cryptography;
using System.Text;
using Doorward.Server.Audit.Archive;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Audit;

/// <summary>The policies that records name, in the store.</summary>
public abstract class PolicyArchiveContract : StoreTest
{
    [Fact]
    public async Task A_policy_is_kept_once_under_the_hash_of_its_text_until_no_record_can_name_it()
    {
        var archive = new PolicyArchive(await Lab.OpenAsync(), Time);
        var (former, lasting) = (TrailFolder.Policy("{ allow: { and: [ { groups: { has: sre } } ] } }"), TrailFolder.Policy("{ allow: { and: [ { authenticated_user: true } ] } }"));
        await archive.KeepAsync([former, lasting, former], default);
        Assert.Equal(former.Digest, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((await archive.FindAsync(former.Digest, default))!))));

        Time.Advance(TimeSpan.FromDays(10));
        await archive.KeepAsync([lasting], default);
        Assert.Equal(0, await archive.PruneAsync(keepDays: 10, default));
        Assert.Equal(1, await archive.PruneAsync(keepDays: 8, default));
        Assert.Null(await archive.FindAsync(former.Digest, default));
        Assert.NotNull(await archive.FindAsync(lasting.Digest, default));
    }
}

public sealed class PolicyArchiveOnSqlite : PolicyArchiveContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class PolicyArchiveOnPostgres : PolicyArchiveContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
