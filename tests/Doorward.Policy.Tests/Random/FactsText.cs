using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Doorward.Policy.Tests.Random;

/// <summary>Facts in words, for failures.</summary>
internal static class FactsText
{
    private static readonly PropertyInfo[] _parts = [.. typeof(Facts).GetProperties().Where(part => part.Name != nameof(Facts.Now))];

    public static string Of(Facts facts) => $"now: {Of(facts.Now)}\n" + string.Concat(_parts.Where(part => part.GetValue(facts) is not null).Select(part => $"{part.Name}: {Of(part.GetValue(facts))}\n"));

    /// <summary>The facts with one part left out.</summary>
    public static IEnumerable<Facts> Smaller(Facts facts)
    {
        foreach (var part in _parts.Where(part => part.PropertyType != typeof(LockSet) && part.GetValue(facts) is not null))
        {
            var copy = new Facts { Now = facts.Now };
            foreach (var other in _parts) other.SetValue(copy, other == part ? null : other.GetValue(facts));
            yield return copy;
        }
    }

    private static string Of(object? value) => value switch
    {
        null => "-",
        string text => $"\"{text}\"",
        DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),
        FactValue fact => Of(fact.Value),
        LockSet locks => Of(locks.All),
        Delegate => "...",
        IDictionary map => $"{{{string.Join(", ", map.Keys.Cast<object>().Select(key => $"{key}: {Of(map[key])}"))}}}",
        IEnumerable list and not System.Net.IPAddress => $"[{string.Join(", ", list.Cast<object>().Select(Of))}]",
        RequestFacts request => $"{request.Method} {request.Host} {request.Path} x-a: {Of(request.Header("x-a"))} origin: {Of(request.Header("origin"))} acrm: {Of(request.Header("access-control-request-method"))} ?x={Of(request.Query("x"))}",
        _ when value.GetType().Namespace == typeof(Facts).Namespace && !value.GetType().IsEnum =>
            $"{{{string.Join(", ", value.GetType().GetProperties().Where(part => part.GetIndexParameters().Length == 0 && part.Name != "EqualityContract").Select(part => $"{part.Name}: {Of(part.GetValue(value))}"))}}}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
