namespace Doorward.Server.Store.Tables;

internal enum LookupKind
{
    /// <summary>The store did not answer in time. The default: what was never answered is not absent.</summary>
    Unavailable,

    /// <summary>The store says that there is none such.</summary>
    Absent,

    /// <summary>Here it is.</summary>
    Found,
}

/// <summary>What a table answers: an outage never looks like an absence.</summary>
internal readonly record struct Lookup<T>(LookupKind Kind, T? Value)
    where T : class
{
    public static Lookup<T> Unavailable => default;

    public static Lookup<T> Absent => new(LookupKind.Absent, null);

    public static Lookup<T> Found(T value) => new(LookupKind.Found, value);
}
