using System.Collections.Frozen;
using Doorward.Policy;
using Doorward.Policy.Documents;

namespace Doorward.Server.Routes.Reading;

/// <summary>A mapping of the configuration, as the operator wrote it. Every property with a <see cref="KeyAttribute"/> is a key.</summary>
internal abstract record Section
{
    /// <summary>What it was read from; null where nothing was written and the defaults hold.</summary>
    public MappingNode? Node { get; init; }

    /// <summary>Whether an error was found anywhere inside: the object is then not used as written.</summary>
    public bool Faulty { get; init; }

    /// <summary>The keys in whose values errors were found.</summary>
    public FrozenSet<string> FaultyKeys { get; init; } = FrozenSet<string>.Empty;

    public Place Place => Node?.Place ?? default;

    /// <summary>Whether the key of a property is written.</summary>
    /// <param name="property">The property's name.</param>
    public bool Has(string property) => Written(property) is not null;

    /// <summary>Where the value of a property is written; where the section is, if it is not.</summary>
    /// <param name="property">The property's name.</param>
    /// <param name="index">The element, where the value is a list.</param>
    public Place At(string property, int index = -1)
    {
        var value = Written(property);
        if (index >= 0 && value is SequenceNode list && index < list.Items.Count) return list.Items[index].Place;
        return value?.Place ?? Place;
    }

    /// <summary>Where an entry of a mapping is written.</summary>
    /// <param name="property">The property's name.</param>
    /// <param name="entry">The entry's key.</param>
    public Place At(string property, string entry) => (Written(property) as MappingNode)?[entry]?.Place ?? At(property);

    private Node? Written(string property)
    {
        var key = SectionShape.Of(GetType()).KeyOf(property);
        return Node?[key] ?? Node?[key + "_file"];
    }
}
