using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Text;

namespace Doorward.Server.Routes.Reading;

/// <summary>One key that a section may have.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Property">What it fills.</param>
/// <param name="Attribute">What is said about it in the code.</param>
/// <param name="Kind">What its value may be.</param>
internal sealed record KeyShape(string Name, PropertyInfo Property, KeyAttribute Attribute, ValueKind Kind)
{
    /// <summary>The key that names a file with the value; null for values that have no such twin.</summary>
    public string? FileTwin => Kind.FromFile is null ? null : Name + "_file";
}

/// <summary>What a kind of section may contain, told by its type once.</summary>
internal sealed class SectionShape
{
    private static readonly ConcurrentDictionary<Type, SectionShape> Shapes = new();
    private readonly FrozenDictionary<string, string> _names;

    private SectionShape(Type type)
    {
        Type = type;
        Noun = type.GetCustomAttribute<SectionAttribute>()?.Noun ?? throw new InvalidOperationException($"{type} has no noun.");
        Keys = [.. from property in Properties(type)
                   let attribute = property.GetCustomAttribute<KeyAttribute>()
                   where attribute is not null
                   select new KeyShape(attribute.Name ?? SnakeCase(property.Name), property, attribute, ValueKinds.Of(property))];
        ByName = Keys.ToFrozenDictionary(key => key.Name);
        ByTwin = Keys.Where(key => key.FileTwin is not null).ToFrozenDictionary(key => key.FileTwin!);
        _names = Keys.ToFrozenDictionary(key => key.Property.Name, key => key.Name);
    }

    public Type Type { get; }

    public string Noun { get; }

    /// <summary>In the order of the code, which is the order of the reference.</summary>
    public IReadOnlyList<KeyShape> Keys { get; }

    public FrozenDictionary<string, KeyShape> ByName { get; }

    public FrozenDictionary<string, KeyShape> ByTwin { get; }

    public IEnumerable<string> AllNames => ByName.Keys.Concat(ByTwin.Keys);

    public static SectionShape Of(Type type) => Shapes.GetOrAdd(type, static type => new(type));

    public string KeyOf(string property) => _names[property];

    public static string SnakeCase(string name)
    {
        var written = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && written.Length > 0) written.Append('_');
            written.Append(char.ToLowerInvariant(c));
        }

        return written.ToString();
    }

    // A derived section's own keys come first: they are the ones that tell what it is.
    private static IEnumerable<PropertyInfo> Properties(Type type)
    {
        for (var at = type; at != typeof(Section) && at is not null; at = at.BaseType)
        {
            foreach (var property in at.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
                yield return property;
        }
    }
}
