using Doorward.Policy;

namespace Doorward.Server.Identity.Providers.Presets;

/// <summary>Keycloak. Its group mapper writes full paths, <c>/staff/sre</c>: the name is the path without the first slash, never the last element alone, which two groups may share.</summary>
internal static class Keycloak
{
    public static Preset Preset { get; } = new()
    {
        Name = "keycloak",
        Title = "Keycloak",
        Group = static path => new GroupFact(path, path.StartsWith('/') ? path[1..] : null),
    };
}
