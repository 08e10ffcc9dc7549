namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>One lie of a provider, and what meets it. docs/security/tokens.md is made from these.</summary>
/// <param name="Id">Stable and short.</param>
/// <param name="Does">What the provider does, as the table tells it.</param>
/// <param name="MetBy">The check that refuses it, by its name in the code.</param>
/// <param name="Tell">Makes the provider lie.</param>
internal sealed record Lie(string Id, string Does, string MetBy, Action<LyingProvider> Tell)
{
    public override string ToString() => Id;

    public static IReadOnlyList<Lie> All { get; } =
        [.. FormLies.All, .. HeaderLies.All, .. KeyLies.All, .. ClaimLies.All, .. DocumentLies.All, .. FlowLies.All];
}
