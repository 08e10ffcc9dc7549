using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Doorward.Server.Store.Tables;

/// <summary>
/// A dictionary that stays near its capacity by forgetting what was not used lately (the CLOCK algorithm: a mark on use, a hand that
/// takes marks away and removes what has none). A hit locks nothing and allocates nothing.
/// </summary>
internal sealed class BoundedCache<T>(int capacity)
    where T : class
{
    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private readonly Lock _sweeping = new();
    private IEnumerator<KeyValuePair<string, Slot>>? _hand;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Everything, at some moment or another.</summary>
    public IEnumerable<T> Values => _slots.Select(pair => pair.Value.Value);

    public bool TryGet(string key, [NotNullWhen(true)] out T? value)
    {
        _slots.TryGetValue(key, out var slot);
        return Use(slot, out value);
    }

    /// <summary>By a part of a longer text, such as a header, without making a string of it.</summary>
    public bool TryGet(ReadOnlySpan<char> key, [NotNullWhen(true)] out T? value)
    {
        _slots.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var slot);
        return Use(slot, out value);
    }

    public void Set(string key, T value)
    {
        var slot = new Slot(value);
        while (!_slots.TryAdd(key, slot))
        {
            if (_slots.TryGetValue(key, out var old) && _slots.TryUpdate(key, slot, old))
                return;
        }

        if (Interlocked.Increment(ref _count) > capacity)
            Sweep();
    }

    public void Remove(string key)
    {
        if (_slots.TryRemove(key, out _))
            Interlocked.Decrement(ref _count);
    }

    public void Clear()
    {
        foreach (var pair in _slots)
            Remove(pair.Key);
    }

    private static bool Use(Slot? slot, [NotNullWhen(true)] out T? value)
    {
        // Written only when it changes: a line that every core writes would travel between them.
        if (slot is { IsUsed: false })
            slot.IsUsed = true;
        value = slot?.Value;
        return value is not null;
    }

    private void Sweep()
    {
        lock (_sweeping)
        {
            var goal = capacity - (capacity / 16);
            // Twice round is enough: the first takes every mark away.
            for (var steps = 2 * _count; _count > goal && steps > 0; steps--)
            {
                _hand ??= _slots.GetEnumerator();
                if (!_hand.MoveNext())
                {
                    _hand.Dispose();
                    _hand = null;
                    continue;
                }

                var slot = _hand.Current.Value;
                if (slot.IsUsed)
                    slot.IsUsed = false;
                else if (_slots.TryRemove(_hand.Current))
                    Interlocked.Decrement(ref _count);
            }
        }
    }

    private sealed class Slot(T value)
    {
        private volatile bool _isUsed = true;

        public T Value => value;

        public bool IsUsed
        {
            get => _isUsed;
            set => _isUsed = value;
        }
    }
}
