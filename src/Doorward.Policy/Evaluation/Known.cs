namespace Doorward.Policy.Evaluation;

/// <summary>What criteria see: the facts, in which a session that is over, and what hangs on it, does not exist.</summary>
internal readonly ref struct Known
{
    public Known(Facts facts)
    {
        Facts = facts;
        if (facts.Session is not { } session || session.Expires <= facts.Now) return;
        Session = session;
        Person = facts.Person;
        Device = facts.Device;
        Risk = facts.Risk;
    }

    public Facts Facts { get; }

    public SessionFacts? Session { get; }

    public PersonFacts? Person { get; }

    public DeviceFacts? Device { get; }

    public RiskFacts? Risk { get; }

    public long Now => Facts.Now.UtcTicks;
}
