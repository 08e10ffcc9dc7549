namespace Doorward.Server.Routes;

/// <summary>Time zones by their IANA names, for the policy parser, which reads nothing from the machine itself.</summary>
internal static class TimeZones
{
    public static TimeZoneInfo? Find(string name)
    {
        // Windows names are refused: a policy means the same on every machine.
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) return null;
        return zone.HasIanaId ? zone : null;
    }
}
