using Doorward.Server.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Doorward.Server.Console.Administration;

/// <summary>What administrators do, in the audit trail, and what they are told where it cannot be.</summary>
internal sealed class Acts(AuditTrail audit, TimeProvider time)
{
    /// <summary>Writes it down; what gives access is done only where that succeeded, what takes it away in any case.</summary>
    public async Task<bool> RecordAsync(HttpContext context, string act, Party target, params KeyValuePair<string, string>[] details) => await audit.Append(new EventRecord
    {
        Kind = EventKind.Administration,
        At = time.GetUtcNow(),
        Act = act,
        Actor = Administrator.Of(context),
        Target = target,
        RequestId = context.TraceIdentifier,
        Details = details,
    }) == Appended.Written;

    public static ProblemHttpResult Unaudited() =>
        TypedResults.Problem("The audit trail cannot be written, so nothing was changed.", statusCode: StatusCodes.Status503ServiceUnavailable);

    public static ProblemHttpResult NotFound(string what) => TypedResults.Problem(what, statusCode: StatusCodes.Status404NotFound);

    public static ProblemHttpResult BadRequest(string what) => TypedResults.Problem(what, statusCode: StatusCodes.Status400BadRequest);
}
