namespace Doorward.Policy;

/// <summary>A Model Context Protocol message.</summary>
/// <param name="Method">The JSON-RPC method.</param>
/// <param name="Tool">The tool's name; null where it is not a tool call.</param>
public sealed record McpFacts(string? Method, string? Tool);
