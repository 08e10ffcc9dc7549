namespace Doorward.Server;

/// <summary>The names that a fork would change, in one place.</summary>
internal static class Product
{
    /// <summary>The product's name, as people read it.</summary>
    public const string Name = "Doorward";

    /// <summary>The first word of every header of ours.</summary>
    public const string HeaderPrefix = "X-Doorward-";

    /// <summary>The path under which only Doorward answers, on every host.</summary>
    public const string ReservedPath = "/.doorward";

    /// <summary>Public keys and discovery, on Doorward's own host and on every route's.</summary>
    public const string WellKnownPath = "/.well-known/doorward";

    /// <summary>The first word of every cookie of ours, after <c>__Host-</c>.</summary>
    public const string CookiePrefix = "doorward";

    /// <summary>The API group of Kubernetes resources and annotations.</summary>
    public const string ApiGroup = "doorward.dev";

    /// <summary>The first word of metrics.</summary>
    public const string MetricPrefix = "doorward_";
}
