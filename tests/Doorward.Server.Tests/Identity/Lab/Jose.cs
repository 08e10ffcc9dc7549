using System.Text.Json;
using System.Text.Json.Nodes;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>npm's jose: the independent judge of tokens.</summary>
internal sealed class Jose(NodePeer peer) : IAsyncDisposable
{
    public static async Task<Jose> StartAsync() => new(await NodePeer.StartAsync("jose-peer.mjs"));

    public async Task<JsonObject> KeyAsync(string algorithm, string id) => (JsonObject)await DoAsync(new { @do = "key", alg = algorithm, kid = id });

    public async Task<string> SignAsync(string keyId, object header, JsonObject claims) => (string)(await DoAsync(new { @do = "sign", kid = keyId, header, claims }))!;

    /// <summary>The claims, where jose believes the token; throws its error code otherwise.</summary>
    public async Task<JsonObject> VerifyAsync(string token, JsonObject? jwks, string? url, object options) =>
        (JsonObject)(await DoAsync(new { @do = "verify", token, jwks, url, options }))["payload"]!;

    public ValueTask DisposeAsync() => peer.DisposeAsync();

    private async Task<JsonNode> DoAsync(object request)
    {
        await peer.Input.WriteLineAsync(JsonSerializer.Serialize(request));
        await peer.Input.FlushAsync();
        var line = await peer.Output.ReadLineAsync() ?? throw new InvalidOperationException("node ended");
        var answer = (JsonObject)JsonNode.Parse(line)!;
        return answer["answer"]?.DeepClone() ?? throw new JoseRefusedException((string)answer["error"]!);
    }
}

internal sealed class JoseRefusedException(string code) : Exception(code);
