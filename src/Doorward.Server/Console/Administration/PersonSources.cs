using Doorward.Server.Identity.Directory;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store;

namespace Doorward.Server.Console.Administration;

/// <summary>Who tells what of a person.</summary>
/// <param name="Own">What their provider tells; null where nobody is known.</param>
/// <param name="Told">What other sources tell, in the order of their names.</param>
internal sealed record PersonSources(PersonRow? Own, IReadOnlyList<DirectoryRow> Told)
{
    public bool ProviderTellsGroups => Own?.Groups is not null;

    public static async Task<PersonSources> FindAsync(StoreConnection store, string person) =>
        new(await PersonRow.FindAsync(store, person), await DirectoryRow.OfAsync(store, person));

    /// <summary>The sources, besides the provider, of what a criterion looks at.</summary>
    public IEnumerable<DirectoryRow> Of(string criterion) => criterion.Split('/') switch
    {
        ["groups"] => Told.Where(row => row.Groups is not null),
        // Of several that tell the same attribute, the first counts.
        ["person", var attribute] when Own is null || !Tells(Own.Attributes, attribute) => Told.Where(row => Tells(row.Attributes, attribute)).Take(1),
        _ => [],
    };

    private static bool Tells(string attributes, string attribute) => FactJson.ReadFields(attributes).ContainsKey(attribute);
}
