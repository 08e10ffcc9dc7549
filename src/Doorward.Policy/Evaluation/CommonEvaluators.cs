using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>Says the same whatever is known.</summary>
internal sealed class ConstantEvaluator(bool holds, Reason reason) : Evaluator(reason, reason, aboutPerson: false)
{
    protected override Verdict Judge(in Known known) => Told(holds);
}

/// <summary>Finds the text that a criterion compares; null where it is absent.</summary>
internal delegate string? TextFact(in Known known);

/// <summary>Compares one text.</summary>
internal sealed class TextEvaluator(TextFact fact, TextMatcher matcher, Reason ok, Reason no, bool aboutPerson = false) : Evaluator(ok, no, aboutPerson)
{
    protected override Verdict Judge(in Known known) => fact(known) is { } text ? Told(matcher.Matches(text)) : Absent;
}

/// <summary>Finds the value that a criterion compares; null where it is absent.</summary>
internal delegate object? ValueFact(in Known known);

/// <summary>Compares a value of any type.</summary>
internal sealed class ValueEvaluator(ValueFact fact, ValueMatcher matcher, Reason ok, Reason no, bool aboutPerson = false) : Evaluator(ok, no, aboutPerson)
{
    private readonly ValueTests _tests = new(matcher);

    protected override Verdict Judge(in Known known) => fact(known) is { } value ? Told(_tests.Judge(value)) : Absent;
}
