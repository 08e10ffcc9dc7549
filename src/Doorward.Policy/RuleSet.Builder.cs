namespace Doorward.Policy;

public readonly partial struct RuleSet
{
    /// <summary>Collects rules in place, so that many of them cost one array.</summary>
    internal struct Builder
    {
        private ulong _first;
        private List<ulong>? _further;

        public void Add(int index)
        {
            if (index < 64) _first |= 1UL << index;
            else Word(index / 64 - 1) |= 1UL << index % 64;
        }

        public void Add(in Builder other)
        {
            _first |= other._first;
            for (var word = 0; word < (other._further?.Count ?? 0); word++) Word(word) |= other._further![word];
        }

        public readonly RuleSet Build() => new(_first, _further?.ToArray());

        private ref ulong Word(int word)
        {
            _further ??= [];
            while (_further.Count <= word) _further.Add(0);
            return ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_further)[word];
        }
    }
}
