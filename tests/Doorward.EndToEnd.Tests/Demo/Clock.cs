namespace Doorward.EndToEnd.Tests.Demo;

/// <summary>A clock that stands still until it is told to go on.</summary>
internal sealed class Clock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
