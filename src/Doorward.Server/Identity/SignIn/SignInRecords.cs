using Doorward.Server.Audit;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.SignIn;

/// <summary>Tells the audit trail who signed in and out.</summary>
internal sealed class SignInRecords(AuditTrail trail, TimeProvider time)
{
    public async Task WriteAsync(HttpContext context, EventKind kind, string act, string? personId, string? sessionId, bool succeeded, params (string Name, string Value)[] details) =>
        await trail.Append(new EventRecord
        {
            Kind = kind,
            At = time.GetUtcNow(),
            Act = act,
            Succeeded = succeeded,
            Actor = new Party
            {
                PersonId = personId,
                SessionId = sessionId,
                Address = context.Connection.RemoteIpAddress?.ToString(),
                UserAgent = context.Request.Headers.UserAgent.ToString(),
            },
            RequestId = context.TraceIdentifier,
            Details = [.. details.Select(detail => KeyValuePair.Create(detail.Name, detail.Value))],
        });
}
