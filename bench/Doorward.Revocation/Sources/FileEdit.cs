using System.Diagnostics;
using Doorward.Revocation.Site;

namespace Doorward.Revocation.Sources;

/// <summary>A file of the configuration is put in place by a rename; it denies one more person.</summary>
internal sealed class FileEdit(Place place) : Source(place)
{
    private readonly List<string> _denied = [];
    private Action? _rename;

    public override string Name => "configuration: file renamed";

    public override async Task ReadyAsync(Person person)
    {
        _denied.Add(person.Email);
        _rename = await Place.PoliciesAsync(_denied);
    }

    public override Task<long> TakeAsync(Person person)
    {
        _rename!();
        return Task.FromResult(Stopwatch.GetTimestamp());
    }
}
