using System.Globalization;
using Doorward.Server.Audit.Replay;
using Doorward.Server.Identity.Devices;

namespace Doorward.Server.Console.Administration;

/// <summary>Where the fact came from that a criterion saw, and when.</summary>
internal static class FactSources
{
    /// <param name="criterion">As a policy names it.</param>
    /// <param name="decision">When it saw it.</param>
    /// <param name="device">The device of then, with what is known of it now; null where none was known.</param>
    public static string Of(string criterion, RecordedDecision decision, Device? device)
    {
        var key = criterion.Split('/')[0];
        return key switch
        {
            "email" or "domain" or "user" or "groups" or "claim" or "person" or "authentication" or "session_age" or "authenticated_user" => OfSession(decision),
            "source_ip" => $"the connection, at {Text(decision.At)}",
            "http_method" or "http_path" or "http_host" or "http_header" or "http_query" or "cors_preflight" or "kubernetes" or "mcp_tool" => $"the request itself, at {Text(decision.At)}",
            "client_certificate" or "invalid_client_certificate" => $"the TLS handshake of its connection, before {Text(decision.At)}",
            "date" or "day_of_week" or "time_of_day" => "this server's clock",
            "device" => OfDevice(criterion, decision, device),
            "risk" or "record" => $"what the store knew at {Text(decision.At)}",
            _ => $"what was known at {Text(decision.At)}",
        };
    }

    private static string OfDevice(string criterion, RecordedDecision decision, Device? device)
    {
        if (device is null) return "nobody: the session was on no device that is known";
        if (device.Told.FirstOrDefault(told => criterion == $"device/{told.Name}") is { } fact)
            return $"«{fact.Source}», about {device.Id}, as of {Text(fact.When)}{(fact.When > decision.At ? ": since the request" : "")}";
        return criterion == "device" ? $"the sign-in, which was on {device.Id}" : $"nobody: no source has told it of {device.Id}";
    }

    private static string OfSession(RecordedDecision decision) => decision switch
    {
        { WhoIsUnknown: true } => "nobody: the store did not answer who asked",
        { ServiceAccount: not null } => "the service account",
        { Facts.Session: { Provider: { } provider, AuthTime: { } at } } => $"the provider «{provider}», at the sign-in of {Text(at)} or since",
        { Facts.Session.Provider: { } provider } => $"the provider «{provider}», at sign-in or since",
        _ => "nobody: there was no session",
    };

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
