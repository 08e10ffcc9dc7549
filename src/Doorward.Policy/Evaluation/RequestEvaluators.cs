using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary><see cref="CorsPreflightCriterion"/>.</summary>
internal sealed class CorsPreflightEvaluator() : Evaluator(Reason.CorsRequest, Reason.NonCorsRequest, aboutPerson: false)
{
    /// <summary>The headers that a preflight has besides its method (Fetch standard, CORS-preflight fetch).</summary>
    public static readonly string[] Headers = ["Access-Control-Request-Method", "Origin"];

    protected override Verdict Judge(in Known known) =>
        known.Facts.Request is { } request
            ? Told(request.Method == "OPTIONS" && request.Header(Headers[0]) is { Count: > 0 } && request.Header(Headers[1]) is { Count: > 0 })
            : Absent;
}

/// <summary><see cref="McpToolCriterion"/>.</summary>
internal sealed class McpToolEvaluator(TextMatcher matcher) : Evaluator(Reason.McpToolMatch, Reason.McpToolNoMatch, aboutPerson: false)
{
    private static readonly ReasonSet NotAToolCall = ReasonSet.Of(Reason.McpNotAToolCall);

    protected override Verdict Judge(in Known known)
    {
        if (known.Facts.Mcp is not { } message) return new Verdict(Truth.Unknown, Remedies.None, NotAToolCall);
        if (message.Method != "tools/call") return new Verdict(Truth.False, Remedies.None, NotAToolCall);
        return message.Tool is { } tool ? Told(matcher.Matches(tool)) : Absent;
    }
}

/// <summary><see cref="KubernetesExecClassCriterion"/>.</summary>
internal sealed class ExecClassEvaluator(bool expected) : Evaluator(Reason.KubernetesOk, Reason.KubernetesUnauthorized, aboutPerson: false)
{
    protected override Verdict Judge(in Known known) => known.Facts.Kubernetes is { } request ? Told(IsExecClass(request) == expected) : Absent;

    private static bool IsExecClass(KubernetesFacts request) =>
        request.Subresource is "exec" or "attach" or "portforward" or "ephemeralcontainers" or "proxy" || request.Verb == "proxy";
}
