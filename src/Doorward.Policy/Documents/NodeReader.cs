namespace Doorward.Policy.Documents;

/// <summary>Joins <see cref="DocumentEvent"/>s into a <see cref="Node"/>, within <see cref="DocumentLimits"/>. Never throws on any input.</summary>
public static class NodeReader
{
    /// <summary>Reads one document.</summary>
    /// <param name="events">The document's events, from its first to its last.</param>
    /// <param name="source">The name that places carry, such as the file's.</param>
    /// <param name="problems">Every problem found is added here.</param>
    /// <returns>The document, without the parts that had problems; null where nothing is left or nothing was written.</returns>
    public static Node? Read(IEnumerable<DocumentEvent> events, string source, ICollection<Problem> problems)
    {
        var builder = new NodeBuilder(source, problems);
        foreach (var step in events)
            if (!builder.Take(step)) break;
        return builder.Finish();
    }
}
