using Doorward.Policy.Documents;

namespace Doorward.Policy.Parsing;

/// <summary>Reads the keys of <c>ssh_publickey</c> and <c>ssh_ca</c>.</summary>
internal static class SshParser
{
    public static IReadOnlyList<string>? Keys(CriterionInput input)
    {
        var lines = new List<string>();
        switch (input.Data)
        {
            case ScalarNode { Kind: ScalarKind.Text } text:
                lines.AddRange(Lines(text));
                break;
            case SequenceNode list when list.Items.All(item => item is ScalarNode { Kind: ScalarKind.Text }):
                lines.AddRange(list.Items.OfType<ScalarNode>().SelectMany(Lines));
                break;
            default:
                input.Findings.WrongType(input.What, "a text, or a list of texts, as in authorized_keys", input.Data);
                return null;
        }

        if (lines.Count == 0) input.Findings.Error("DW1009", $"«{input.Key}» has nothing to compare with.", "Write a key such as «ssh-ed25519 AAAA…».", input.Data.Place);
        var keys = lines.Where(_ => input.Findings.CountOperand(input.Data.Place)).Select(line => Key(line, input)).OfType<string>().ToList();
        return keys.Count > 0 ? keys : null;
    }

    private static IEnumerable<string> Lines(ScalarNode text) => text.Text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');

    private static string? Key(string line, CriterionInput input)
    {
        if (SshKeys.TryFind(line, out var type, out var key) && SshKeys.IsWellFormed(type, key)) return $"{type} {key}";
        input.Findings.Error("DW1018", $"{Wording.Quote(line)} is no SSH key.", "Copy the line from the file «.pub», such as «ssh-ed25519 AAAA…».", input.Data.Place);
        return null;
    }
}
