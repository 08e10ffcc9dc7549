using System.Globalization;
using Doorward.Server.Audit.Replay;

namespace Doorward.Server.Console.Administration;

/// <summary>Where the fact came from that a criterion saw, and when.</summary>
internal static class FactSources
{
    public static string Of(string criterion, RecordedDecision decision)
    {
        var key = criterion.Split('/')[0];
        return key switch
        {
            "email" or "domain" or "user" or "groups" or "claim" or "person" or "authentication" or "session_age" or "authenticated_user" => OfSession(decision),
            "source_ip" => $"the connection, at {Text(decision.At)}",
            "http_method" or "http_path" or "http_host" or "http_header" or "http_query" or "cors_preflight" or "kubernetes" or "mcp_tool" => $"the request itself, at {Text(decision.At)}",
            "client_certificate" or "invalid_client_certificate" => $"the TLS handshake of its connection, before {Text(decision.At)}",
            "date" or "day_of_week" or "time_of_day" => "this server's clock",
            "device" or "risk" or "record" => $"what the store knew at {Text(decision.At)}",
            _ => $"what was known at {Text(decision.At)}",
        };
    }

    private static string OfSession(RecordedDecision decision) => decision switch
    {
        { ServiceAccount: not null } => "the service account",
        { Facts.Session: { Provider: { } provider, AuthTime: { } at } } => $"the provider «{provider}», at the sign-in of {Text(at)} or since",
        { Facts.Session.Provider: { } provider } => $"the provider «{provider}», at sign-in or since",
        _ => "nobody: there was no session",
    };

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
