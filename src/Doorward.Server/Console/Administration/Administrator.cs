using Doorward.Server.Audit;
using Doorward.Server.Identity;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Console.Administration;

/// <summary>Who calls the administration, as the audit trail names them.</summary>
internal static class Administrator
{
    public static Party? Of(HttpContext context) => context.Features.Get<Caller?>() is { Kind: CallerKind.Known } caller
        ? new Party { PersonId = caller.Person?.Id, SessionId = caller.Session?.Id, ServiceAccount = caller.Session?.ServiceAccount }
        : null;
}
