namespace Doorward.Policy;

/// <summary>
/// Why a criterion is true, false or unknown: a closed set. Written as its name in kebab case, such as <c>groups-ok</c>.
/// Up to <see cref="RouteNotFound"/> they are the original's, letter by letter.
/// </summary>
public enum Reason
{
    /// <summary>The criterion <c>accept</c>: always.</summary>
    Accept,

    /// <summary>The criterion <c>reject</c>: never.</summary>
    Reject,

    /// <summary>There is a session, and it is the person's whom the rule names.</summary>
    UserOk,

    /// <summary>The session is another person's.</summary>
    UserUnauthorized,

    /// <summary>There is no session, and a criterion needs one.</summary>
    UserUnauthenticated,

    /// <summary>The verified e-mail address matches.</summary>
    EmailOk,

    /// <summary>The e-mail address does not match, or is not verified.</summary>
    EmailUnauthorized,

    /// <summary>The verified e-mail address is in a domain that matches.</summary>
    DomainOk,

    /// <summary>The domain does not match, or the e-mail address is not verified.</summary>
    DomainUnauthorized,

    /// <summary>The groups match.</summary>
    GroupsOk,

    /// <summary>The groups do not match, or nobody has told them.</summary>
    GroupsUnauthorized,

    /// <summary>The claim matches.</summary>
    ClaimOk,

    /// <summary>The claim does not match, or is absent.</summary>
    ClaimUnauthorized,

    /// <summary>The device is as asked.</summary>
    DeviceOk,

    /// <summary>The device is not as asked, or nobody has told.</summary>
    DeviceUnauthorized,

    /// <summary>There is a session without a device, or without one of the type asked.</summary>
    DeviceUnauthenticated,

    /// <summary>The method matches.</summary>
    HttpMethodOk,

    /// <summary>The method does not match.</summary>
    HttpMethodUnauthorized,

    /// <summary>The path matches.</summary>
    HttpPathOk,

    /// <summary>The path does not match.</summary>
    HttpPathUnauthorized,

    /// <summary>The request is a CORS preflight.</summary>
    CorsRequest,

    /// <summary>The request is no CORS preflight.</summary>
    NonCorsRequest,

    /// <summary>The client's address is in one of the networks.</summary>
    SourceIpOk,

    /// <summary>The client's address is in none of the networks, or not known.</summary>
    SourceIpUnauthorized,

    /// <summary>The client's certificate matches.</summary>
    ClientCertificateOk,

    /// <summary>The client's certificate does not match, or none was shown.</summary>
    ClientCertificateUnauthorized,

    /// <summary>No client certificate was shown.</summary>
    ClientCertificateRequired,

    /// <summary>The client's certificate did not pass the checks.</summary>
    InvalidClientCertificate,

    /// <summary>The client's certificate passed the checks.</summary>
    ValidClientCertificate,

    /// <summary>The MCP tool matches.</summary>
    McpToolMatch,

    /// <summary>The MCP message calls no tool, or could not be read.</summary>
    McpNotAToolCall,

    /// <summary>The MCP tool does not match.</summary>
    McpToolNoMatch,

    /// <summary>The SSH key, or the authority that signed it, is one of those named.</summary>
    SshPublickeyOk,

    /// <summary>The SSH key, or the authority that signed it, is not one of those named.</summary>
    SshPublickeyUnauthorized,

    /// <summary>The SSH user name matches.</summary>
    SshUsernameOk,

    /// <summary>The SSH user name does not match, or there is nothing to compare it with.</summary>
    SshUsernameUnauthorized,

    /// <summary>A path of the proxy's own. Kept because the original's records carry it; no criterion gives it.</summary>
    PomeriumRoute,

    /// <summary>No path of the proxy's own. Kept because the original's records carry it; no criterion gives it.</summary>
    NonPomeriumRoute,

    /// <summary>No route matches the request. Given by the server, by no criterion.</summary>
    RouteNotFound,

    /// <summary>A lock matches.</summary>
    Locked,

    /// <summary>The person is inactive, or their end date has come.</summary>
    Ended,

    /// <summary>The person went through what was asked of them and came back without it.</summary>
    StepUpFailed,

    /// <summary>What is known is older than it may be. Given by the server, by no criterion.</summary>
    Stale,

    /// <summary>The date is as asked.</summary>
    DateOk,

    /// <summary>The date is not as asked, or not known.</summary>
    DateUnauthorized,

    /// <summary>The day of the week is as asked.</summary>
    DayOfWeekOk,

    /// <summary>The day of the week is not as asked, or not known.</summary>
    DayOfWeekUnauthorized,

    /// <summary>The time of the day is as asked.</summary>
    TimeOfDayOk,

    /// <summary>The time of the day is not as asked, or not known.</summary>
    TimeOfDayUnauthorized,

    /// <summary>The age of the sign-in is as asked.</summary>
    SessionAgeOk,

    /// <summary>The age of the sign-in is not as asked, or not known.</summary>
    SessionAgeUnauthorized,

    /// <summary>The way of signing in is as asked.</summary>
    AuthenticationOk,

    /// <summary>The way of signing in is not as asked, or not known.</summary>
    AuthenticationUnauthorized,

    /// <summary>The person's attribute is as asked.</summary>
    PersonOk,

    /// <summary>The person's attribute is not as asked, or not known.</summary>
    PersonUnauthorized,

    /// <summary>The risk level is as asked.</summary>
    RiskOk,

    /// <summary>The risk level is not as asked, or not known.</summary>
    RiskUnauthorized,

    /// <summary>The host is as asked.</summary>
    HttpHostOk,

    /// <summary>The host is not as asked, or not known.</summary>
    HttpHostUnauthorized,

    /// <summary>The header is as asked.</summary>
    HttpHeaderOk,

    /// <summary>The header is not as asked, or not known.</summary>
    HttpHeaderUnauthorized,

    /// <summary>The query parameter is as asked.</summary>
    HttpQueryOk,

    /// <summary>The query parameter is not as asked, or not known.</summary>
    HttpQueryUnauthorized,

    /// <summary>The Kubernetes request is as asked.</summary>
    KubernetesOk,

    /// <summary>The Kubernetes request is not as asked, or not known.</summary>
    KubernetesUnauthorized,

    /// <summary>The record's field is as asked.</summary>
    RecordOk,

    /// <summary>The record's field is not as asked, or not known.</summary>
    RecordUnauthorized,
}
