using Doorward.Policy;

namespace Doorward.Server.Routes.Reading;

/// <summary>Gathers what is wrong, and tells whether any of it is an error.</summary>
internal sealed class Findings
{
    private readonly List<Problem> _problems = [];

    public IReadOnlyList<Problem> All => _problems;

    public int Errors { get; private set; }

    /// <summary>By place, files in the order in which they were first told about; each once.</summary>
    public IReadOnlyList<Problem> InOrder()
    {
        var sources = _problems.Select(problem => problem.Place.Source).Distinct().Select((source, i) => (source, i)).ToDictionary(one => one.source, one => one.i);
        return [.. _problems.Distinct().OrderBy(problem => (sources[problem.Place.Source], problem.Place.Line, problem.Place.Column))];
    }

    public void Error(string id, string message, string cure, Place place) => Add(new(id, Severity.Error, message, cure, place));

    public void Warn(string id, string message, string cure, Place place) => Add(new(id, Severity.Warning, message, cure, place));

    public void Add(Problem problem)
    {
        _problems.Add(problem);
        if (problem.Severity == Severity.Error) Errors++;
    }

    public void AddRange(IEnumerable<Problem> problems)
    {
        foreach (var problem in problems) Add(problem);
    }
}
