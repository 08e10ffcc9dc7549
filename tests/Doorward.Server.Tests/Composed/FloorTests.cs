using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Tests.Composed;

/// <summary>What Doorward stands on is at least as new as the last weakness that was mended in it.</summary>
public sealed class FloorTests
{
    [Fact]
    [Trait("advisory", "86")]
    public void The_platform_is_new_enough()
    {
        Assert.True(Environment.Version >= new Version(10, 0, 9), $"{Environment.Version}");
        Assert.True(new Version(FileVersionInfo.GetVersionInfo(typeof(HttpContext).Assembly.Location).ProductVersion!.Split('+', '-')[0]) >= new Version(10, 0, 9));
    }

    [Fact]
    [Trait("advisory", "77")]
    public void The_forwarder_is_new_enough() =>
        Assert.True(typeof(Yarp.ReverseProxy.Forwarder.IHttpForwarder).Assembly.GetName().Version >= new Version(2, 3));

    [Theory]
    [InlineData("Microsoft.AspNetCore.DataProtection")] // Forged cookies were accepted: 10.0.0 to 10.0.6.
    [InlineData("System.Security.Cryptography.Cose")]
    [InlineData("System.DirectoryServices.Protocols")]
    [Trait("advisory", "74")]
    public void The_server_does_not_stand_on(string assembly) =>
        Assert.DoesNotContain(typeof(DoorwardServer).Assembly.GetReferencedAssemblies(), name => name.Name == assembly || name.Name!.StartsWith(assembly + ".", StringComparison.Ordinal));
}
