namespace Doorward.Demo;

/// <summary>The demo's names: all of them this machine (RFC 6761 section 6.3).</summary>
internal static class DemoHosts
{
    public const string Door = "door.localhost";
    public const string Idp = "idp." + Door;
    public const string Hello = "hello." + Door;
    public const string App = "app." + Door;
    public const string Finance = "finance." + Door;
    public const string Clock = "clock." + Door;

    /// <summary>Those behind Doorward.</summary>
    public static IReadOnlyList<string> Apps { get; } = [Hello, App, Finance, Clock];

    public static IReadOnlyList<string> All { get; } = [Door, Idp, .. Apps];
}
