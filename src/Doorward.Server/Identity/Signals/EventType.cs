using System.Collections.Frozen;
using System.Text.Json;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Signals;

/// <summary>A type of event that Doorward knows.</summary>
/// <param name="Name">The last part of its URI, unique among them.</param>
/// <param name="Required">The members that it must have, each with the texts that may stand there; any text where empty.</param>
internal sealed record EventType(string Name, params (string Member, string[] Values)[] Required)
{
    private const string Caep = "https://schemas.openid.net/secevent/caep/event-type/", Risc = "https://schemas.openid.net/secevent/risc/event-type/", Framework = "https://schemas.openid.net/secevent/ssf/event-type/";

    public const string SessionRevoked = "session-revoked", ClaimsChange = "token-claims-change", CredentialChange = "credential-change", AssuranceChange = "assurance-level-change",
        DeviceCompliance = "device-compliance-change", RiskChange = "risk-level-change", AccountDisabled = "account-disabled", AccountEnabled = "account-enabled", AccountPurged = "account-purged",
        CredentialCompromise = "credential-compromise", CredentialChangeRequired = "account-credential-change-required", SessionsRevoked = "sessions-revoked",
        IdentifierChanged = "identifier-changed", IdentifierRecycled = "identifier-recycled", Verification = "verification", StreamUpdated = "stream-updated";

    private static readonly FrozenDictionary<string, EventType> All = new (string Family, EventType Type)[]
    {
        (Caep, new(SessionRevoked)),
        (Caep, new(ClaimsChange)),
        (Caep, new(CredentialChange, ("credential_type", []), ("change_type", ["create", "revoke", "update", "delete"]))),
        (Caep, new(AssuranceChange, ("namespace", []), ("current_level", []))),
        (Caep, new(DeviceCompliance, ("current_status", ["compliant", "not-compliant"]))),
        (Caep, new("session-established")),
        (Caep, new("session-presented")),
        (Caep, new(RiskChange, ("principal", ["USER", "DEVICE", "SESSION", "TENANT", "ORG_UNIT", "GROUP"]), ("current_level", ["LOW", "MEDIUM", "HIGH"]))),
        (Risc, new(CredentialChangeRequired)),
        (Risc, new(AccountPurged)),
        (Risc, new(AccountDisabled)),
        (Risc, new(AccountEnabled)),
        (Risc, new(IdentifierChanged)),
        (Risc, new(IdentifierRecycled)),
        (Risc, new(CredentialCompromise, ("credential_type", []))),
        (Risc, new("opt-in")),
        (Risc, new("opt-out-initiated")),
        (Risc, new("opt-out-cancelled")),
        (Risc, new("opt-out-effective")),
        (Risc, new("recovery-activated")),
        (Risc, new("recovery-information-changed")),
        (Risc, new(SessionsRevoked)),
        (Framework, new(Verification)),
        (Framework, new(StreamUpdated, ("status", ["enabled", "paused", "disabled"]))),
    }.ToFrozenDictionary(one => one.Family + one.Type.Name, one => one.Type, StringComparer.Ordinal);

    public static IEnumerable<string> Names => All.Values.Select(type => type.Name);

    /// <summary>Whether it is about the stream itself, and so about nobody.</summary>
    public bool IsOfStream => Name is Verification or StreamUpdated;

    /// <summary>The type of this URI; null where Doorward knows none.</summary>
    public static EventType? Find(string uri) => All.GetValueOrDefault(uri);

    /// <summary>The first member that is not as the type wants it.</summary>
    public string? Missing(JsonElement body)
    {
        foreach (var (member, values) in Required)
            if (body.Text(member) is not { Length: > 0 } text || (values.Length > 0 && !values.Contains(text))) return member;
        return Name == ClaimsChange && !(body.TryGetProperty("claims", out var claims) && claims.ValueKind == JsonValueKind.Object) ? "claims" : null;
    }
}
