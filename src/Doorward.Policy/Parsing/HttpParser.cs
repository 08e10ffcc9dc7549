using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads <c>http_method</c>, <c>http_path</c> and <c>http_host</c>.</summary>
internal static class HttpParser
{
    public static Criterion? Method(CriterionInput input)
    {
        if (StringMatcherParser.Parse(input) is not { } matcher) return null;
        NeverMatches.Check(matcher, method => method.Length > 0 && !method.Any(char.IsAsciiLetterLower), "Methods are written in capitals, such as «GET».", input);
        return new HttpMethodCriterion(matcher, input.Place);
    }

    public static Criterion? Path(CriterionInput input)
    {
        if (StringMatcherParser.Parse(input) is not { } matcher) return null;
        NeverMatches.Check(matcher, path => path is ['/', ..] && !path.Contains('?', StringComparison.Ordinal), "A path begins with «/» and ends before the «?».", input);
        return new HttpPathCriterion(matcher, input.Place);
    }

    public static Criterion? Host(CriterionInput input)
    {
        if (StringMatcherParser.Parse(input) is not { } matcher) return null;
        NeverMatches.Check(matcher, host => host.Length > 0 && host.AsSpan().IndexOfAny('/', '@', '*') < 0, "Write the host alone, without scheme, port and path.", input);
        return new HttpHostCriterion(matcher, input.Place);
    }
}
