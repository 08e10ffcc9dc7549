using Doorward.Server.Access;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Access;

public sealed class FarewellsTests
{
    [Fact]
    public async Task However_many_are_cut_at_once_and_from_wherever_each_is_told()
    {
        const int threads = 8, each = 500;
        var farewells = new Farewells();
        var told = new CountdownEvent(threads * each);

        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                farewells.Begin(async () =>
                {
                    await Task.Yield();
                    told.Signal();
                });
                // Now and then all that were begun are told before the next comes.
                if (i % 100 == 0) await Task.Yield();
            }
        })));

        Assert.True(told.Wait(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task One_that_fails_or_takes_its_time_holds_nobody_up()
    {
        var farewells = new Farewells();
        var (never, told) = (new TaskCompletionSource(), new TaskCompletionSource());
        farewells.Begin(() => never.Task);
        farewells.Begin(() => Task.FromException(new InvalidOperationException("The client is gone.")));

        farewells.Begin(() =>
        {
            told.SetResult();
            return Task.CompletedTask;
        });

        await told.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task While_many_are_told_the_garbage_collector_comes_often()
    {
        const int many = 2_560;
        var farewells = new Farewells();
        using var all = new ManualResetEventSlim();
        var told = new CountdownEvent(many);
        var before = GC.CollectionCount(1);

        // None is told before all have come: it is about many at once.
        farewells.Begin(() =>
        {
            all.Wait();
            return Task.CompletedTask;
        });
        for (var i = 0; i < many; i++)
        {
            farewells.Begin(() =>
            {
                told.Signal();
                return Task.CompletedTask;
            });
        }
        all.Set();

        await Task.Run(() => Assert.True(told.Wait(TimeSpan.FromMinutes(1))));
        Assert.InRange(GC.CollectionCount(1) - before, (many / 32) - 1, int.MaxValue);
    }

    [Fact]
    public async Task Few_at_a_time_wait_for_no_garbage_collection_however_many_came_before()
    {
        const int times = 64, few = 16;
        var farewells = new Farewells();

        // Again, where others in this process had it collect meanwhile, or the pool was so busy that two crowds became one.
        await Eventually.Holds(async () =>
        {
            var before = GC.CollectionCount(1);
            for (var i = 0; i < times; i++)
            {
                var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                for (var j = 1; j < few; j++) farewells.Begin(() => Task.CompletedTask);
                farewells.Begin(() =>
                {
                    told.SetResult();
                    return Task.CompletedTask;
                });
                await told.Task;
            }
            // Half of what one count for all of them would make.
            return GC.CollectionCount(1) - before < times * few / 32 / 2;
        });
    }
}
