using System.Diagnostics;
using System.Text.Json;

namespace Doorward.DevIdp.Tests;

/// <summary>What a certified client, written by others, makes of the provider.</summary>
public class OpenIdClientTests
{
    [Fact]
    public async Task A_certified_client_finds_nothing_wrong_from_discovery_to_sign_out()
    {
        await using var provider = await Provider.StartAsync();
        using var node = Process.Start(new ProcessStartInfo("node", [Script(), provider.Server.Issuer, Provider.Callback])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var complaints = node.StandardError.ReadToEndAsync(deadline.Token);
        var output = await node.StandardOutput.ReadToEndAsync(deadline.Token);
        await node.WaitForExitAsync(deadline.Token);

        Assert.True(node.ExitCode == 0, await complaints);
        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal("u-3f9c1e", answer.GetProperty("claims").GetProperty("sub").GetString());
        Assert.Equal("ada@example.com", answer.GetProperty("info").GetProperty("email").GetString());
        Assert.Equal("u-3f9c1e", answer.GetProperty("refreshed").GetProperty("sub").GetString());
        Assert.Equal(200, answer.GetProperty("signedOut").GetInt32());
        Assert.Equal("invalid_grant", answer.GetProperty("refused").GetString());
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "tests", "node", "openid-client-flow.mjs") is var file && File.Exists(file)) return file;
        throw new InvalidOperationException("tests/node is not above the tests' folder.");
    }
}
