namespace Doorward.Server.Audit.Archive;

/// <summary>A record as the store has it.</summary>
/// <param name="Record">The record.</param>
/// <param name="WhoName">The name that took the place of the person of <see cref="ChainedRecord.Who"/>; empty where nobody was taken out.</param>
/// <param name="OtherName">The same for <see cref="ChainedRecord.Other"/>.</param>
internal readonly record struct ArchivedRecord(ChainedRecord Record, string WhoName = "", string OtherName = "")
{
    public string? Person => NameOf(WhoName, Record.Who);

    public string? OtherPerson => NameOf(OtherName, Record.Other);

    private static string? NameOf(string name, PersonalPart part) => name.Length > 0 ? name : RecordColumns.PersonOf(part);
}
