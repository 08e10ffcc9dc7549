using Doorward.Policy.Syntax;

namespace Doorward.Policy.Explaining;

/// <summary>What must hold for a request to be let through: one of the ways, each a list of criteria and what they must say.</summary>
internal sealed record Requirement(IReadOnlyList<(int Variable, bool Value)[]> Ways)
{
    /// <summary>A policy allows: some operator of an allow rule is true.</summary>
    public static Requirement Allowed(IEnumerable<(OperatorKind Kind, int[] Variables)> operations) =>
        new([.. operations.SelectMany(operation => WaysOf(operation.Kind, operation.Variables, true))]);

    /// <summary>A deny rule does not refuse: one of its operators is false.</summary>
    public static Requirement NotDenied((OperatorKind Kind, int[] Variables) operation) =>
        new([.. WaysOf(operation.Kind, operation.Variables, false)]);

    /// <summary>«and» and «not» are true in one way, that all their criteria are true, or false; «or» and «nor» in as many as they have criteria. Being false is the mirror image.</summary>
    private static IEnumerable<(int, bool)[]> WaysOf(OperatorKind kind, int[] variables, bool wanted)
    {
        var value = kind is OperatorKind.And or OperatorKind.Or == wanted;
        var all = kind is OperatorKind.And or OperatorKind.Not == wanted;
        return all ? [[.. variables.Select(variable => (variable, value))]] : variables.Select(variable => new[] { (variable, value) });
    }
}

/// <summary>Finds the fewest criteria that must say otherwise for all requirements to hold: branch and bound, exact while the steps last.</summary>
/// <param name="current">What each criterion says now.</param>
/// <param name="constant">Whether it can never say otherwise.</param>
/// <param name="requirements">What must hold.</param>
internal sealed class ChangeSearch(Truth[] current, bool[] constant, IReadOnlyList<Requirement> requirements)
{
    /// <summary>Beyond, the recursion would be deep; a way is found all the same, only not surely the smallest.</summary>
    private const int MaxRequirements = 500;

    private readonly bool?[] _fixed = new bool?[current.Length];
    private readonly List<int> _changed = [];
    private (int Variable, bool Value)[]? _best;
    private int _steps;

    /// <summary>Whether everything was tried.</summary>
    public bool Exact => _steps < ExplanationLimits.SearchSteps && requirements.Count <= MaxRequirements;

    /// <summary>The criteria and what they must say; null where nothing would do, or nothing was found.</summary>
    public IReadOnlyList<(int Variable, bool Value)>? Run()
    {
        if (requirements.Count <= MaxRequirements) Satisfy(0);
        return _best;
    }

    private void Satisfy(int requirement)
    {
        if (requirement == requirements.Count)
        {
            _best = [.. _changed.Select(variable => (variable, _fixed[variable]!.Value))];
            return;
        }

        foreach (var way in requirements[requirement].Ways.OrderBy(Changes))
        {
            if (_best?.Length <= _changed.Count || ++_steps >= ExplanationLimits.SearchSteps) return;
            Take(way, requirement);
        }
    }

    private int Changes((int Variable, bool Value)[] way) => way.Count(literal => current[literal.Variable] != (literal.Value ? Truth.True : Truth.False));

    private void Take((int Variable, bool Value)[] way, int requirement)
    {
        var (fixedNow, changedBefore) = (new List<int>(), _changed.Count);
        var possible = true;
        foreach (var (variable, value) in way)
        {
            if (_fixed[variable] is { } already)
            {
                possible = already == value;
            }
            else
            {
                _fixed[variable] = value;
                fixedNow.Add(variable);
                if (current[variable] != (value ? Truth.True : Truth.False))
                {
                    _changed.Add(variable);
                    possible = !constant[variable];
                }
            }

            if (!possible) break;
        }

        if (possible && !(_best?.Length <= _changed.Count)) Satisfy(requirement + 1);
        foreach (var variable in fixedNow) _fixed[variable] = null;
        _changed.RemoveRange(changedBefore, _changed.Count - changedBefore);
    }
}
