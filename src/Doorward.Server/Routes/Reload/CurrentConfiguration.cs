namespace Doorward.Server.Routes.Reload;

/// <summary>The configuration in force. A request takes it once; whoever keeps something made from it is told when it is replaced.</summary>
internal sealed class CurrentConfiguration(Configuration initial)
{
    private readonly Lock _lock = new();
    private volatile Configuration _value = initial;
    private Action<Configuration, Configuration>[] _listeners = [];

    public Configuration Value => _value;

    /// <summary>Calls back after each replacement with the old and the new, in the order of registration, one at a time.</summary>
    /// <returns>Ends it when disposed.</returns>
    public IDisposable OnReplaced(Action<Configuration, Configuration> listener)
    {
        lock (_lock) _listeners = [.. _listeners, listener];
        return new Registration(this, listener);
    }

    /// <summary>Replaces it whole, then tells everybody; an exception of one listener does not keep it from the others.</summary>
    public void Replace(Configuration next)
    {
        lock (_lock)
        {
            var previous = _value;
            _value = next;
            List<Exception>? faults = null;
            foreach (var listener in _listeners)
            {
                try
                {
                    listener(previous, next);
                }
                catch (Exception fault) when (fault is not OutOfMemoryException)
                {
                    (faults ??= []).Add(fault);
                }
            }

            if (faults is not null) throw new AggregateException(faults);
        }
    }

    private sealed class Registration(CurrentConfiguration owner, Action<Configuration, Configuration> listener) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._lock) owner._listeners = [.. owner._listeners.Where(one => one != listener)];
        }
    }
}
