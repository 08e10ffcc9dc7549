using Doorward.Policy.Syntax;

namespace Doorward.Policy.Tests.Random;

/// <summary>The matchers inside a criterion, of whatever kind.</summary>
internal static class Matchers
{
    private static readonly Dictionary<Type, System.Reflection.PropertyInfo[]> _properties = typeof(Criterion).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Criterion)))
        .ToDictionary(type => type, type => type.GetProperties().Where(property =>
            property.PropertyType == typeof(StringMatcher) || property.PropertyType == typeof(ListMatcher) || property.PropertyType == typeof(ValueMatcher)).ToArray());

    public static IEnumerable<object> Of(Criterion criterion) => _properties[criterion.GetType()].Select(property => property.GetValue(criterion)).OfType<object>();
}
