using Doorward.Policy;
using Doorward.Server.Access.Locks;
using Doorward.Server.Identity;
using Doorward.Server.Store.Feed;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server;

/// <summary>Who may administer: for people the policy <c>admins</c> says, for machines their role; a lock or old facts deny both.</summary>
internal sealed class Administrators(Func<Serving> serving, LockTable locks, Freshness freshness, TimeProvider time)
{
    public bool? May(Caller caller, HttpContext context)
    {
        if (locks.Current is not { } inForce || freshness.IsStale) return null;
        var now = serving();
        var facts = new Facts
        {
            Now = time.GetUtcNow(),
            Session = caller.Session?.Facts,
            Person = caller.Person?.Facts,
            SourceIp = now.Addresses.Read(context).Address,
            Locks = inForce,
        };
        return caller.Session?.ServiceAccount is not null ? !inForce.Matches(facts) : now.Configuration.Admins.Decide(facts).Outcome == Outcome.Allow;
    }
}
