using System.Text.RegularExpressions;
using CsCheck;
using Doorward.Policy.Documents;
using static Doorward.Policy.Tests.Random.Pools;

namespace Doorward.Policy.Tests.Random;

/// <summary>Random matchers over a pool of values.</summary>
internal static class MatcherGen
{
    /// <summary>A bare text, one operator, or two.</summary>
    public static Gen<Node> String(Gen<string> pool) => Gen.Frequency(
        (2, pool.Select(Doc.Text)),
        (5, StringTest(pool).Select(test => Doc.Map(test))),
        (2, Gen.Select(StringTest(pool), StringTest(pool), (one, two) => Doc.Map(one, two))));

    /// <summary>A bare text, one question, or two; elements may be matchers.</summary>
    public static Gen<Node> List(Gen<string> pool) => Gen.Frequency(
        (2, pool.Select(Doc.Text)),
        (5, ListTest(pool).Select(test => Doc.Map(test))),
        (2, Gen.Select(ListTest(pool), ListTest(pool), (one, two) => Doc.Map(one, two))));

    /// <summary>Anything that may be asked of a claim, an attribute or a field.</summary>
    public static readonly Gen<Node> Value = Gen.Frequency(
        (2, Word.Select(Doc.Text)),
        (1, Gen.Bool.Select(Doc.Flag)),
        (4, List(Word)),
        (4, StringTest(Word).Select(test => Doc.Map(test))),
        (3, Comparison().Select(test => Doc.Map(test))),
        (3, Gen.Select(Comparison(), Gen.OneOf(StringTest(Word), ListTest(Word), Comparison()), (one, two) => Doc.Map(one, two))));

    private static Gen<(string, Node?)> StringTest(Gen<string> pool) => Gen.Frequency(
        (5, Gen.OneOf("is", "not", "contains", "starts_with", "ends_with").SelectMany(name => Piece(pool, whole: name is "is" or "not").Select(text => (name, (Node?)Doc.Text(text))))),
        (4, Gen.Select(Gen.OneOf("in", "not_in"), Some(pool), (name, texts) => (name, (Node?)Doc.Texts(texts)))),
        (1, Gen.OneOf(Gen.OneOf(".*", "[a-z]+", "a.?", "x|a", ".+@example\\.com", "(a|b)*", "\\w+", ""), pool.Select(Regex.Escape)).Select(text => ("matches", (Node?)Doc.Text(text)))));

    private static Gen<string> Piece(Gen<string> pool, bool whole) => whole
        ? pool
        : Gen.Select(pool, Gen.Int[0, 8], Gen.Int[0, 8], (text, start, length) => start > text.Length ? text : text.Substring(start, Math.Min(length, text.Length - start)));

    private static Gen<(string, Node?)> ListTest(Gen<string> pool) => Gen.OneOf(
        Gen.Select(Gen.OneOf("has", "is", "exclude"), Gen.OneOf(pool.Select(Doc.Text), StringTest(pool).Select(test => Doc.Map(test))), (name, element) => (name, (Node?)element)),
        Gen.Select(Gen.OneOf("has_any", "has_all"), Some(pool), (name, texts) => (name, (Node?)Doc.Texts(texts))));

    private static Gen<(string, Node?)> Comparison() => Gen.OneOf(
        Gen.Select(Gen.OneOf("under", "over", "is"), Gen.OneOf(-3.0, 0, 1, 2.5, 10), (name, number) => (name, (Node?)Doc.Number(number))),
        Gen.Select(Gen.OneOf("before", "after"), Gen.OneOf("2025-06-01", "2026-06-01", "2026-06-01T00:00:00+02:00"), (name, text) => (name, (Node?)Doc.Text(text))),
        Gen.Bool.Select(flag => ("is", (Node?)Doc.Flag(flag))));
}
