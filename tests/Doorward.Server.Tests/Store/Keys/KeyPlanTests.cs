using CsCheck;
using Doorward.Server.Store.Keys;

namespace Doorward.Server.Tests.Store.Keys;

public sealed class KeyPlanTests
{
    private static readonly KeyPurpose _purpose = new("test", KeyKind.Signing, TimeSpan.FromHours(100), TimeSpan.FromHours(10), TimeSpan.FromHours(5));
    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_key_is_published_for_its_lead_before_it_signs_and_kept_until_its_last_token_has_died()
    {
        // Any rhythm of nodes that look, stop for days, and look again.
        Gen.Int[0, 300].Array[1, 60].Sample(pauses =>
        {
            var now = _start;
            var terms = new List<KeyTerm>();
            var known = new Dictionary<long, DateTimeOffset>();
            var lastSigned = new Dictionary<long, DateTimeOffset>();
            foreach (var pause in pauses)
            {
                now += TimeSpan.FromHours(pause);
                if (terms.Count > 0)
                    lastSigned[Active(terms, now).Number] = now;
                var plan = KeyPlan.For(_purpose, terms, now);
                foreach (var number in plan.Remove)
                {
                    Assert.True(now > lastSigned.GetValueOrDefault(number, DateTimeOffset.MinValue) + _purpose.Keep || !Signed(terms, number, now));
                    terms.RemoveAll(term => term.Number == number);
                }

                if (plan.Add is { } added)
                {
                    terms.Add(added);
                    known[added.Number] = now;
                }

                var active = Active(terms, now);
                lastSigned[active.Number] = now;
                Assert.True(active.Number == 1 || now - known[active.Number] >= _purpose.Lead, "It signs, and was not published for long enough.");
                Assert.InRange(terms.Count, 1, 3);
            }
        });
    }

    [Fact]
    public void The_first_key_counts_at_once()
    {
        var plan = KeyPlan.For(_purpose, [], _start);

        Assert.Equal(new KeyTerm(1, _start), plan.Add);
    }

    [Fact]
    public void After_a_long_stop_the_old_key_signs_until_the_new_one_is_known()
    {
        var now = _start.AddDays(400);

        var plan = KeyPlan.For(_purpose, [new(1, _start)], now);

        Assert.Equal(new KeyTerm(2, now + _purpose.Lead), plan.Add);
        Assert.Empty(plan.Remove);
    }

    /// <summary>A removed key must have had a successor that started longer than the keeping time ago: it cannot have signed since.</summary>
    private static bool Signed(List<KeyTerm> terms, long number, DateTimeOffset now) =>
        !terms.Any(term => term.Number > number && term.Starts + _purpose.Keep < now);

    private static KeyTerm Active(List<KeyTerm> terms, DateTimeOffset now) => terms.Last(term => term.Starts <= now || term == terms[0]);
}
