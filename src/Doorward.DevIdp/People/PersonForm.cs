using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Doorward.DevIdp.People;

/// <summary>The form of one person on the page: its fields, and how they are read.</summary>
internal static class PersonForm
{
    public const string Groups = "groups";
    public const string Active = "active";
    public const string EndDate = "end_date";
    public const string EndsSoon = "ends_in_seconds";
    public const string DeviceCompliant = "device_compliant";

    /// <summary>Buttons that change one thing, whatever the fields beside them say.</summary>
    public const string OnlyGroup = "only_group", DeviceNow = "device_now";

    public static IReadOnlyList<KeyValuePair<string, string>> Compliance { get; } =
        [new("true", "compliant"), new("false", "not compliant"), new("unknown", "nobody has told")];

    public static string Text(bool? compliant) => compliant switch { true => "true", false => "false", null => "unknown" };

    public static Person Apply(Person person, IFormCollection form, DateTimeOffset now) =>
        form[OnlyGroup] is [{ Length: > 0 } group] ? person with { Groups = [group] }
        : form[DeviceNow] is [{ Length: > 0 } compliant] ? person with { DeviceCompliant = compliant == "true" }
        : Read(person, form, now);

    private static Person Read(Person person, IFormCollection form, DateTimeOffset now) => person with
    {
        Groups = Same(person.Groups, [.. form[Groups].OfType<string>()]),
        Active = form.ContainsKey(Active),
        EndDate = form.ContainsKey(EndsSoon) && double.TryParse(form[EndsSoon], CultureInfo.InvariantCulture, out var seconds)
            ? now.AddSeconds(seconds)
            : ReadEndDate(form[EndDate].ToString()),
        DeviceCompliant = form[DeviceCompliant].ToString() switch { "true" => true, "false" => false, _ => null },
    };

    // The same list object where nothing changed: then the record is equal to what it was.
    private static IReadOnlyList<string> Same(IReadOnlyList<string> before, IReadOnlyList<string> after) =>
        before.ToHashSet().SetEquals(after) ? before : after;

    private static DateTimeOffset? ReadEndDate(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var end)
            ? end
            : null;
}
