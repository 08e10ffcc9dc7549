namespace Doorward.Server.Tests.Proxy.Rig;

internal static class Wait
{
    /// <summary>Looks until it is so; fails when that takes longer than anything on this machine should.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "It did not come to pass within 20 s.");
            await Task.Delay(5);
        }
    }
}
