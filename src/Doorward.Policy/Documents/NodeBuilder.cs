namespace Doorward.Policy.Documents;

/// <summary>The state between two events. Keeps its own stack, so that depth costs no stack frames.</summary>
internal sealed class NodeBuilder(string source, ICollection<Problem> problems)
{
    private readonly Stack<OpenNode> _open = new();
    private Node? _root;
    private bool _complete;
    private int _skipped;
    private int _nodes;
    private long _textLength;

    /// <summary>Takes the next event; false where reading must stop.</summary>
    public bool Take(DocumentEvent step)
    {
        var place = new Place(source, step.Line, step.Column);
        if (_complete)
            return Stop(DocumentProblems.SecondDocument(place));
        if (++_nodes > DocumentLimits.Nodes || (_textLength += step.Text?.Length ?? 0) > DocumentLimits.TotalTextLength)
            return Stop(DocumentProblems.TooLarge(place));
        switch (step.Kind)
        {
            case DocumentEventKind.MappingStart or DocumentEventKind.SequenceStart:
                Open(step.Kind == DocumentEventKind.MappingStart, place);
                return true;
            case DocumentEventKind.MappingEnd or DocumentEventKind.SequenceEnd:
                return Close(step.Kind == DocumentEventKind.MappingEnd, place);
            default:
                if (_skipped == 0) Scalar(step.Scalar, step.Text ?? "", place);
                return true;
        }
    }

    /// <summary>The document read.</summary>
    public Node? Finish()
    {
        if (!_complete && _open.TryPeek(out var unfinished)) problems.Add(DocumentProblems.Unfinished(unfinished.Place));
        return _complete ? _root : null;
    }

    private void Open(bool mapping, Place place)
    {
        if (_skipped > 0)
        {
            _skipped++;
        }
        else if (_open.TryPeek(out var parent) && parent.AwaitsKey)
        {
            problems.Add(DocumentProblems.KeyIsNotText(place));
            _skipped = 1;
        }
        else if (_open.Count == DocumentLimits.Depth)
        {
            problems.Add(DocumentProblems.TooDeep(place));
            _skipped = 1;
        }
        else
        {
            _open.Push(new OpenNode(mapping, place));
        }
    }

    private bool Close(bool mapping, Place place)
    {
        if (_skipped > 0)
        {
            if (--_skipped == 0) Add(null);
            return true;
        }

        if (!_open.TryPop(out var node) || node.IsMapping != mapping || !node.CanEnd)
            return Stop(DocumentProblems.Broken(place));
        Add(node.ToNode());
        return true;
    }

    private void Scalar(ScalarKind kind, string text, Place place)
    {
        var sound = true;
        if (text.Length > DocumentLimits.TextLength)
        {
            problems.Add(DocumentProblems.TextTooLong(place));
            sound = false;
        }
        else if (TextCheck.IndexOfDeceptive(text) is >= 0 and var index)
        {
            problems.Add(DocumentProblems.Deceptive(text[index], place));
            sound = false;
        }

        if (_open.TryPeek(out var parent) && parent.AwaitsKey) Key(parent, kind, sound ? text : null, place);
        else Add(sound ? new ScalarNode(kind, text, place) : null);
    }

    private void Key(OpenNode mapping, ScalarKind kind, string? key, Place place)
    {
        if (kind == ScalarKind.Null)
        {
            problems.Add(DocumentProblems.KeyIsNotText(place));
            key = null;
        }
        else if (key is not null && !mapping.Keys.TryAdd(key, place))
        {
            problems.Add(DocumentProblems.KeyTwice(key, mapping.Keys[key], place));
            key = null;
        }

        mapping.SetKey(key, place);
    }

    /// <summary>Puts a finished node where it belongs; null for one that had a problem.</summary>
    private void Add(Node? node)
    {
        if (_open.TryPeek(out var parent)) parent.Add(node);
        else (_root, _complete) = (node, true);
    }

    private bool Stop(Problem problem)
    {
        problems.Add(problem);
        _open.Clear();
        (_root, _complete) = (null, true);
        return false;
    }
}
