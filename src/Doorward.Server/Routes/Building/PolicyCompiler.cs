using System.Runtime.CompilerServices;
using Doorward.Policy;

namespace Doorward.Server.Routes.Building;

/// <summary>A compiled policy and whether it can refuse a stranger.</summary>
internal sealed record CompiledPolicy(EffectivePolicy Policy, bool Guarded)
{
    public static CompiledPolicy DenyAll { get; } = new(EffectivePolicy.DenyAll, Guarded: true);
}

/// <summary>Joins and compiles policies; routes with the same policies and guardrails share one result.</summary>
internal sealed class PolicyCompiler
{
    private readonly Dictionary<Parts, CompiledPolicy> _compiled = [];

    public CompiledPolicy Compile(IReadOnlyList<ParsedPolicy> policies, IReadOnlyList<ParsedPolicy> guardrails)
    {
        var parts = new Parts(policies, guardrails);
        if (!_compiled.TryGetValue(parts, out var compiled))
        {
            var policy = EffectivePolicy.Compile(policies, guardrails);
            _compiled[parts] = compiled = new(policy, policy.CanRefuseStrangers);
        }

        return compiled;
    }

    /// <summary>Compares by reference: a policy that was not parsed again is the same.</summary>
    private sealed class Parts(IReadOnlyList<ParsedPolicy> policies, IReadOnlyList<ParsedPolicy> guardrails) : IEquatable<Parts>
    {
        private readonly ParsedPolicy?[] _all = [.. policies, null, .. guardrails];

        public bool Equals(Parts? other) => other is not null && _all.AsSpan().SequenceEqual(other._all, ReferenceEqualityComparer.Instance);

        public override bool Equals(object? obj) => Equals(obj as Parts);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var part in _all) hash.Add(part is null ? 0 : RuntimeHelpers.GetHashCode(part));
            return hash.ToHashCode();
        }
    }
}
