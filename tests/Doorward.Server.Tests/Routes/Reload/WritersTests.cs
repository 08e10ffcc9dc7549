using System.Text;
using Doorward.Server.Routes.Reload;
using Doorward.Server.Tests.Lab;
using static Doorward.Server.Tests.Routes.Reload.ConfigurationFolder;

namespace Doorward.Server.Tests.Routes.Reload;

/// <summary>However a file is written, no half of it is ever in force.</summary>
public sealed class WritersTests
{
    private static readonly string Old = Sound("routes:\n" + Route("one") + Route("two"));
    private static readonly string New = Sound("routes:\n" + Route("one", "allow_any_authenticated_user: true") + Route("two") + Route("three"));

    [Fact]
    public void A_file_written_byte_by_byte_counts_when_it_is_whole()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Old).Start();
        using (var file = new FileStream(folder.Main, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            foreach (var octet in Encoding.UTF8.GetBytes(New))
            {
                file.WriteByte(octet);
                folder.Time.Advance(ConfigurationReload.Rest / 2);
                Assert.False(folder.Reload.Look());
                Assert.Equal(["one", "two"], folder.Value.Routes.Select(route => route.Name));
            }
        }

        Assert.True(folder.Settle());
        Assert.Equal(["one", "two", "three"], folder.Value.Routes.Select(route => route.Name));
        Assert.Equal("SignIn by one", folder.Answer("one.example.com"));
    }

    [Fact]
    public void A_writer_that_stops_in_the_middle_takes_nothing_away()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Old).Start();
        var whole = New[..^3];
        // Cut within the last line: no valid document, so all of the last good stays.
        folder.Write("doorward.yaml", whole);
        Assert.True(folder.Settle());
        Assert.NotEqual(0, folder.Reload.Status.Errors);
        Assert.Equal("Allow by one", folder.Answer("one.example.com"));
        Assert.Equal("Allow by two", folder.Answer("two.example.com"));
    }

    [Fact]
    public void A_file_truncated_to_nothing_is_no_wish_for_nothing()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Old).Start();
        folder.Write("doorward.yaml", "");
        Assert.True(folder.Settle());
        Assert.Equal("DW2009", Assert.Single(folder.Reload.Status.Problems).Id);
        Assert.Equal(2, folder.Value.Routes.Count);
        File.Delete(folder.Main);
        Assert.True(folder.Settle());
        Assert.Equal("DW2008", Assert.Single(folder.Reload.Status.Problems).Id);
        Assert.Equal(2, folder.Value.Routes.Count);
        folder.Replace("doorward.yaml", New);
        Assert.True(folder.Settle());
        Assert.Equal(3, folder.Value.Routes.Count);
        Assert.Equal(0, folder.Reload.Status.Errors);
    }

    [Fact]
    public void Whatever_bit_flips_nothing_that_was_guarded_opens_and_nothing_is_thrown()
    {
        var guarded = Sound("routes:\n" + Route("one", "policy: { allow: { and: [ { email: { is: ada@example.com } } ] } }"));
        using var folder = new ConfigurationFolder().Write("doorward.yaml", guarded).Start();
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(guarded);
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(folder.Main, bytes);
            folder.Settle();
            Assert.DoesNotContain(folder.Value.Routes, route => route.Policy.Decide(new() { Now = folder.Time.GetUtcNow() }).Outcome == Doorward.Policy.Outcome.Allow);
        }
    }

    [Fact]
    public async Task A_rename_counts_at_once()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Old).Start();
        folder.Replace("doorward.yaml", New);
        // The event arrives on a thread of the system; the clock, which would let a written file come to rest, stands still.
        await Eventually.Holds(folder.Reload.Look);
        Assert.Equal(3, folder.Value.Routes.Count);
    }

    [Fact]
    public async Task A_file_moved_in_from_another_folder_counts_at_once()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Old).Write("elsewhere/doorward.yaml", New).Start();
        File.Move(folder.PathOf("elsewhere/doorward.yaml"), folder.Main, overwrite: true);
        await Eventually.Holds(folder.Reload.Look);
        Assert.Equal(3, folder.Value.Routes.Count);
    }

    [Fact]
    public async Task A_file_deleted_and_written_anew_is_still_being_written()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Old);
        var created = 0;
        using var watch = new FileWatch(() => created += File.Exists(folder.Main) ? 1 : 0);
        watch.Watch([folder.Main], []);
        File.Delete(folder.Main);
        folder.Write("doorward.yaml", New);
        await Eventually.Holds(() => Volatile.Read(ref created) >= 2);
        Assert.False(watch.WasReplaced(folder.Main, watch.Renamed()));
    }

    [Fact]
    public void Only_what_was_watched_all_along_can_have_missed_nothing()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Old).Write("secret", "s").Write("other/secret", "s");
        using var watch = new FileWatch(() => { });
        var (main, here, later) = (folder.Main, Path.GetDirectoryName(folder.Main)!, folder.PathOf("later/secret"));
        Assert.False(watch.Watch([main], []));
        Assert.True(watch.Watch([main], []));
        Assert.False(watch.Watch([main, folder.PathOf("secret")], []));
        Assert.False(watch.Watch([main], [(here, "*.yaml")]));
        Assert.True(watch.Watch([main], [(here, "*.yaml")]));
        Assert.False(watch.Watch([main], [(here, "*.txt")]));
        Assert.False(watch.Watch([main, folder.PathOf("other/secret")], []));
        // A watcher that goes takes along what it would have told.
        Assert.False(watch.Watch([main], []));
        Assert.False(watch.Watch([main, later], []));
        Assert.True(watch.Watch([main, later], []));
        folder.Write("later/secret", "s");
        Assert.False(watch.Watch([main, later], []));
        Assert.True(watch.Watch([main, later], []));
    }

    [Fact]
    public async Task What_else_lies_in_a_folder_that_is_listed_wakes_nobody()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Old);
        var touched = 0;
        using var watch = new FileWatch(() => Interlocked.Increment(ref touched));
        var listed = Path.GetDirectoryName(folder.Main)!;
        watch.Watch([folder.Main], [(listed, "*.txt")]);
        watch.Watch([folder.Main], [(listed, "routes-?.yaml")]);
        folder.Write("doorward.db", "the store, which writes all the time").Write("routes.yaml", Old).Write("routes-1.txt", Old);
        Directory.CreateDirectory(folder.PathOf("routes-1.yaml"));
        // The system tells in order: once the deletion is seen, so is all before it.
        File.Delete(folder.Main);
        await Eventually.Holds(() => Volatile.Read(ref touched) >= 2);
        Assert.Equal(2, Volatile.Read(ref touched));
    }

    [Fact]
    public async Task A_rename_seen_while_the_files_are_read_counts_the_next_time()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Old);
        using var watch = new FileWatch(() => { });
        watch.Watch([folder.Main], []);
        foreach (var text in (string[])[New, Old])
        {
            var seen = watch.Renamed();
            folder.Replace("doorward.yaml", text);
            await Eventually.Holds(() => watch.Renamed().GetValueOrDefault(folder.Main) > seen.GetValueOrDefault(folder.Main));
            watch.Forget(seen);
            Assert.True(watch.WasReplaced(folder.Main, watch.Renamed()));
        }

        watch.Forget(watch.Renamed());
        Assert.False(watch.WasReplaced(folder.Main, watch.Renamed()));
    }

    [Fact]
    public async Task A_swapped_link_counts_at_once_as_with_a_ConfigMap()
    {
        using var folder = new ConfigurationFolder().Write("..2026_1/doorward.yaml", Old).Write("..2026_1/root.key", "x");
        Directory.CreateSymbolicLink(folder.PathOf("..data"), "..2026_1");
        File.CreateSymbolicLink(folder.Main, "..data/doorward.yaml");
        folder.Start();
        folder.Write("..2026_2/doorward.yaml", New);
        Directory.CreateSymbolicLink(folder.PathOf("..data_tmp"), "..2026_2");
        // rename(2) over the link, as the kubelet does; File.Move refuses to put one directory over another.
        using var mv = System.Diagnostics.Process.Start("mv", ["-T", folder.PathOf("..data_tmp"), folder.PathOf("..data")]);
        await mv.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Eventually.Holds(folder.Reload.Look);
        Assert.Equal(3, folder.Value.Routes.Count);
    }

    [Fact]
    public async Task The_service_takes_changes_up_by_itself()
    {
        using var folder = new ConfigurationFolder().Write("doorward.yaml", Old).Start();
        await folder.Reload.StartAsync(CancellationToken.None);
        folder.Replace("doorward.yaml", New);
        await Eventually.Holds(() => folder.Value.Routes.Count == 3);
        folder.Write("doorward.yaml", Old);
        await Eventually.Holds(() =>
        {
            folder.Time.Advance(ConfigurationReload.Rest);
            return folder.Value.Routes.Count == 2;
        });
        await folder.Reload.StopAsync(CancellationToken.None);
    }
}
