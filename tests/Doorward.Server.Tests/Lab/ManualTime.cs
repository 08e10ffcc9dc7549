namespace Doorward.Server.Tests.Lab;

/// <summary>A clock that moves only when a test says so; monotonic and wall-clock time can be moved apart. Timers run on the caller of <see cref="Advance"/>.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _wall = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private TimeSpan _monotonic = TimeSpan.FromDays(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _wall;
    }

    public override long GetTimestamp()
    {
        lock (_gate)
            return _monotonic.Ticks;
    }

    public void Advance(TimeSpan by)
    {
        var end = MonotonicNow() + by;
        while (NextDue(end) is { } timer)
            timer.Fire();
        lock (_gate)
            Move(end - _monotonic);
    }

    /// <summary>Steps the wall clock, as an administrator or a time server may; no timer notices.</summary>
    public void StepWallClock(TimeSpan by)
    {
        lock (_gate)
            _wall += by;
    }

    /// <summary>Steps the wall clock to what it is outside of the test, by which others, such as a database, go.</summary>
    public void SetRight() => StepWallClock(DateTimeOffset.UtcNow - GetUtcNow());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private TimeSpan MonotonicNow()
    {
        lock (_gate)
            return _monotonic;
    }

    private void Move(TimeSpan by) => (_wall, _monotonic) = (_wall + by, _monotonic + by);

    private ManualTimer? NextDue(TimeSpan end)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is null)
                return null;
            if (next.Due > _monotonic)
                Move(next.Due - _monotonic);
            next.Due += next.Period;
            if (next.Period <= TimeSpan.Zero)
                _timers.Remove(next);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                (Due, Period) = (time._monotonic + dueTime, period);
                time._timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
