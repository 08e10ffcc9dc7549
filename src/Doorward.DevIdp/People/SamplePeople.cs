namespace Doorward.DevIdp.People;

/// <summary>A small company to try things out with.</summary>
internal static class SamplePeople
{
    /// <summary>The groups that the page offers.</summary>
    public static IReadOnlyList<string> Groups { get; } = ["sre", "finance", "engineering", "contractors"];

    public static IReadOnlyList<Person> All { get; } =
    [
        Make("ada", "Ada Lind", "u-3f9c1e", ["engineering", "sre"], compliant: true),
        Make("ben", "Ben Okoye", "u-7b20d4", ["finance"], compliant: true),
        Make("cleo", "Cleo Marsh", "u-c51a88", ["contractors", "engineering"], compliant: false),
        Make("dora", "Dora Weiss", "u-e90b37", [], compliant: null),
    ];

    private static Person Make(string userName, string name, string subject, string[] groups, bool? compliant) => new()
    {
        UserName = userName,
        Subject = subject,
        Name = name,
        Email = $"{userName}@example.com",
        Password = $"{userName}-password",
        Groups = groups,
        DeviceId = $"{userName}-laptop",
        DeviceCompliant = compliant,
    };
}
