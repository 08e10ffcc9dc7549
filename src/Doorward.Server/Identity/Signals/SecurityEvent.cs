using System.Text.Json;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Signals;

/// <summary>One event, of a token that is believed.</summary>
/// <param name="Id">Its <c>jti</c>: with the issuer, this event and no other.</param>
/// <param name="Type">The type of event.</param>
/// <param name="At">When it was true, by the transmitter's clock.</param>
/// <param name="Subject">Whom it befell.</param>
/// <param name="Body">What it says.</param>
internal sealed record SecurityEvent(string Id, EventType Type, DateTimeOffset At, Subject Subject, JsonElement Body)
{
    /// <summary>Whether nobody can gain anything by it.</summary>
    public bool TakesAway => Type.Name switch
    {
        EventType.SessionRevoked or EventType.SessionsRevoked or EventType.CredentialChange or EventType.CredentialCompromise or EventType.CredentialChangeRequired => true,
        EventType.AccountDisabled or EventType.AccountPurged or EventType.IdentifierRecycled => true,
        EventType.DeviceCompliance => Body.Text("current_status") == "not-compliant",
        EventType.RiskChange => Body.Text("current_level") == "HIGH",
        EventType.StreamUpdated => Body.Text("status") != "enabled",
        _ => false,
    };

    /// <summary>Whether somebody may gain by it: more than the record, and nothing that only takes away.</summary>
    public bool MayGrant => Type.Name switch
    {
        EventType.ClaimsChange or EventType.AccountEnabled or EventType.IdentifierChanged => true,
        EventType.AssuranceChange => Body.Text("change_direction") != "decrease",
        EventType.DeviceCompliance or EventType.RiskChange => !TakesAway,
        _ => false,
    };

    /// <exception cref="SignalFault">It is not as its type wants it.</exception>
    public static SecurityEvent Read(JsonElement claims, DateTimeOffset now)
    {
        var told = claims.GetProperty("events").EnumerateObject().First();
        if (EventType.Find(told.Name) is not { } type) throw SignalFault.Invalid("This type of event is not known here.");
        if (told.Value.Has("event_timestamp") && told.Value.Time("event_timestamp") is null) throw SignalFault.Invalid("«event_timestamp» is a number of seconds.");
        var at = told.Value.Time("event_timestamp") ?? claims.Time("toe") ?? claims.Time("iat")!.Value;
        // A word from the future would outlast every later one.
        if (at - TokenClaims.Tolerance > now) throw SignalFault.Invalid("The event has not happened yet.");
        if (type.Missing(told.Value) is { } missing) throw SignalFault.Invalid($"«{missing}» is missing, or is none that can be.");
        var subject = claims.TryGetProperty("sub_id", out var top) ? top
            // As it was before the framework's first version, and is with Google still.
            : told.Value.TryGetProperty("subject", out var inner) ? inner
            : throw SignalFault.Invalid("«sub_id» is missing.");
        return new(claims.Text("jti")!, type, at, Subject.Read(subject), told.Value);
    }
}
