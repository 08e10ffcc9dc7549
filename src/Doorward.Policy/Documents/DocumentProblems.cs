namespace Doorward.Policy.Documents;

/// <summary>The problems with ids DW00xx: what can be wrong with a document whatever it is about. Values are never repeated: they may be secrets.</summary>
internal static class DocumentProblems
{
    public static Problem Broken(Place place) =>
        Error("DW0001", "The document ends something here that it did not begin.", "Check the brackets and the indentation before this place.", place);

    public static Problem Unfinished(Place place) =>
        Error("DW0002", "What begins here has no end.", "Close it, or check that the text was not cut off.", place);

    public static Problem SecondDocument(Place place) =>
        Error("DW0003", "A second document begins here.", "Write one document a file; remove the line «---» and what follows.", place);

    public static Problem KeyTwice(string key, Place first, Place place) =>
        Error("DW0004", $"The key {Wording.Quote(key)} is already written in line {first.Line}.", "Remove one of the two, or join what they say.", place);

    public static Problem KeyIsNotText(Place place) =>
        Error("DW0005", "A key must be text.", "Write a name before the colon.", place);

    public static Problem Deceptive(char character, Place place) =>
        Error("DW0006", $"There is an invisible or broken character here: U+{(int)character:X4}.", "Remove it; if it is meant, it cannot be used here.", place);

    public static Problem TooDeep(Place place) =>
        Error("DW0007", $"This is nested more than {DocumentLimits.Depth} levels deep.", "Nest less; no setting needs so much.", place);

    public static Problem TextTooLong(Place place) =>
        Error("DW0008", $"This value is longer than {DocumentLimits.TextLength} characters.", "Shorten it, or keep it in a file of its own and name that.", place);

    public static Problem TooLarge(Place place) =>
        Error("DW0009", "The document is too large to be read.", "Split it, and look for aliases that repeat large parts.", place);

    private static Problem Error(string id, string message, string cure, Place place) => new(id, Severity.Error, message, cure, place);
}
