using Doorward.Server.Identity.Sessions;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Identity.SignIn;

/// <summary>A sign-in that one node finishes at the very moment at which another ends everything of that person.</summary>
public sealed class SignInRaceTests : SessionTest
{
    private const int Rounds = 60;

    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();

    [Fact]
    public async Task Whichever_comes_first_nothing_is_open_afterwards()
    {
        var (here, there) = (await StartAsync(), await StartAsync());
        var begun = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromSeconds(5));
        var over = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var said = Ada() with { Subject = $"person-{round}", AuthTime = null, Begun = begun };
            var signIn = Task.Run(async () =>
            {
                try
                {
                    await here.Sessions.SignInAsync(said, Browser, null);
                }
                catch (SignInOverException)
                {
                    Interlocked.Increment(ref over);
                }
            });
            await Task.WhenAll(signIn, Task.Run(() => there.Sessions.EndAllAsync($"corp/person-{round}")));
            Assert.Empty(await here.Sessions.ListAsync($"corp/person-{round}", 10, default));
        }
        Assert.True(over > 0, "No sign-in met its end.");
    }
}
