using System.Collections;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Tests.Routes.Reference;

/// <summary>How an operator would write the value that a property has by itself.</summary>
internal static class Spelling
{
    /// <summary>The default; null where nothing is one.</summary>
    public static string? OfDefault(KeyShape key)
    {
        var owner = Activator.CreateInstance(key.Property.ReflectedType!)!;
        return key.Property.GetValue(owner) switch
        {
            null or "" or Section or IEnumerable and not string => null,
            TimeSpan duration => Duration.Write(duration),
            bool flag => flag ? "true" : "false",
            Enum value => SectionShape.SnakeCase(value.ToString()),
            var other => other.ToString(),
        };
    }
}
