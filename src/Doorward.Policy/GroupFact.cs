namespace Doorward.Policy;

/// <summary>A group, by any of the names that sources know it by.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, if known.</param>
/// <param name="Email">Its e-mail address, if it has one.</param>
public readonly record struct GroupFact(string Id, string? Name = null, string? Email = null);
