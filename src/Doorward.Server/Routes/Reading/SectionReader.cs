using System.Collections.Frozen;
using Doorward.Policy;
using Doorward.Policy.Documents;

namespace Doorward.Server.Routes.Reading;

/// <summary>Reads sections as their types declare them. Gathers every problem; never stops at the first.</summary>
/// <param name="files">Reads the files that values name.</param>
/// <param name="directory">What relative paths start from: the directory of the document.</param>
/// <param name="findings">Gains every problem found.</param>
internal sealed class SectionReader(SourceFiles files, string directory, Findings findings)
{
    public void Report(string id, string message, string cure, Place place) => findings.Error(id, message, cure, place);

    public T Read<T>(MappingNode node)
        where T : Section => (T)Read(typeof(T), node);

    public Section Read(Type type, MappingNode node)
    {
        var shape = SectionShape.Of(type);
        var section = (Section)Activator.CreateInstance(type)!;
        var errorsBefore = findings.Errors;
        List<string>? faulty = null;
        foreach (var entry in node.Entries)
        {
            var errors = findings.Errors;
            ReadEntry(entry, node, shape, section);
            if (findings.Errors != errors) (faulty ??= []).Add(entry.Key);
        }

        foreach (var key in shape.Keys)
            if (key.Attribute.Required && !IsWritten(node, key)) ReportMissing(node, shape, key);

        return section with { Node = node, Faulty = findings.Errors != errorsBefore, FaultyKeys = faulty?.ToFrozenSet() ?? FrozenSet<string>.Empty };
    }

    /// <summary>Reads the file that a value names.</summary>
    /// <returns>Null where it cannot be read, which is then a problem.</returns>
    public FileText? ReadFile(ScalarNode path)
    {
        var full = Path.GetFullPath(path.Text, directory);
        if (files.TryRead(full, out var text, out var reason)) return new(full, text);
        Report("DW2006", $"The file «{full}» cannot be read: {reason}.", "Correct the path, or let the server's user read the file.", path.Place);
        return null;
    }

    private void ReadEntry(MappingEntry entry, MappingNode node, SectionShape shape, Section section)
    {
        if (shape.ByTwin.TryGetValue(entry.Key, out var twin))
        {
            ReadTwin(entry, node, twin, section);
            return;
        }

        if (!shape.ByName.TryGetValue(entry.Key, out var key))
        {
            ReportUnknown(entry, shape);
            return;
        }

        // A key with nothing after it, as where everything below is commented out, is not written.
        if (entry.Value is ScalarNode { Kind: ScalarKind.Null }) return;
        if (key.Kind.Read(entry.Value, key, this) is { } value) key.Property.SetValue(section, key.Attribute.Path ? Path.GetFullPath((string)value, directory) : value);
    }

    private void ReadTwin(MappingEntry entry, MappingNode node, KeyShape key, Section section)
    {
        if (node[key.Name] is not null)
        {
            Report("DW2005", $"Both «{key.Name}» and «{entry.Key}» are written.", "Keep one of them.", entry.KeyPlace);
            return;
        }

        if (entry.Value is not ScalarNode { Kind: not ScalarKind.Null } path)
        {
            Report("DW2002", $"«{entry.Key}» wants the path of a file.", $"Write, for example: {entry.Key}: /run/secrets/{key.Name}", entry.Value.Place);
            return;
        }

        if (ReadFile(path) is not { } file) return;
        if (key.Kind.FromFile!(file.Content, file.Path) is { } value) key.Property.SetValue(section, value);
        else Report("DW2007", $"The file «{file.Path}» does not hold {key.Kind.Words}.", "Look into the file: it may be empty.", path.Place);
    }

    private void ReportUnknown(MappingEntry entry, SectionShape shape)
    {
        var cure = ForeignKeys.CureFor(shape.Type, entry.Key)
            ?? (Suggestion.Nearest(entry.Key, shape.AllNames) is { } nearest
                ? $"Did you mean «{nearest}»?"
                : $"Keys of {shape.Noun}: {string.Join(", ", shape.Keys.Select(key => key.Name))}.");
        Report("DW2001", $"{Capital(shape.Noun)} has no key «{entry.Key}».", cure, entry.KeyPlace);
    }

    private void ReportMissing(MappingNode node, SectionShape shape, KeyShape key) =>
        Report("DW2004", $"{Capital(shape.Noun)} needs the key «{key.Name}».",
            $"Write, for example: {key.Name}: {key.Attribute.Example}", node.Place);

    private static string Capital(string noun) => char.ToUpperInvariant(noun[0]) + noun[1..];

    private static bool IsWritten(MappingNode node, KeyShape key) =>
        node[key.Name] is not (null or ScalarNode { Kind: ScalarKind.Null }) || (key.FileTwin is { } twin && node[twin] is not null);
}
