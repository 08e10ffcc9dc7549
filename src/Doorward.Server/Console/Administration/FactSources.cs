using System.Globalization;
using Doorward.Server.Audit.Replay;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Identity.Directory;

namespace Doorward.Server.Console.Administration;

/// <summary>Where the fact came from that a criterion saw, and when.</summary>
/// <param name="decision">When it saw it.</param>
/// <param name="device">The device of then, with what is known of it now; null where none was known.</param>
/// <param name="person">Who it was, with what is known of them now; null where nobody is.</param>
internal sealed class FactSources(RecordedDecision decision, Device? device, KnownPerson? person)
{
    /// <param name="criterion">As a policy names it.</param>
    public string Of(string criterion)
    {
        var key = criterion.Split('/')[0];
        return key switch
        {
            "groups" or "person" when decision.Facts?.Session is not null && person?.TellersOf(criterion) is { Count: > 0 } told => OfDirectories(told, key == "groups" && person.Row?.Groups is not null),
            "email" or "domain" or "user" or "groups" or "claim" or "person" or "authentication" or "session_age" or "authenticated_user" => OfSession(),
            "source_ip" => $"the connection, at {Text(decision.At)}",
            "http_method" or "http_path" or "http_host" or "http_header" or "http_query" or "cors_preflight" or "kubernetes" or "mcp_tool" => $"the request itself, at {Text(decision.At)}",
            "client_certificate" or "invalid_client_certificate" => $"the TLS handshake of its connection, before {Text(decision.At)}",
            "date" or "day_of_week" or "time_of_day" => "this server's clock",
            "device" => OfDevice(criterion),
            "risk" or "record" => $"what the store knew at {Text(decision.At)}",
            _ => $"what was known at {Text(decision.At)}",
        };
    }

    private string OfDevice(string criterion)
    {
        if (device is null) return "nobody: the session was on no device that is known";
        if (device.Told.FirstOrDefault(told => criterion == $"device/{told.Name}") is { } fact)
            return $"«{fact.Source}», about {device.Id}, {AsOf(fact.When)}";
        return criterion == "device" ? $"the sign-in, which was on {device.Id}" : $"nobody: no source has told it of {device.Id}";
    }

    private string OfDirectories(IReadOnlyList<DirectoryRow> told, bool andProvider)
    {
        var sources = string.Join(", ", told.Select(row => $"«{row.Source}», {AsOf(DateTimeOffset.FromUnixTimeMilliseconds(row.At))}"));
        return andProvider ? $"{sources}; and {OfSession()}" : sources;
    }

    private string AsOf(DateTimeOffset when) => $"as of {Text(when)}{(when > decision.At ? ": since the request" : "")}";

    private string OfSession() => decision switch
    {
        _ when RecordedRefusal.LeavesWhoUnknown(decision) => "nobody: the store did not answer who asked",
        { ServiceAccount: not null } => "the service account",
        { Facts.Session: { Provider: { } provider, AuthTime: { } at } } => $"the provider «{provider}», at the sign-in of {Text(at)} or since",
        { Facts.Session.Provider: { } provider } => $"the provider «{provider}», at sign-in or since",
        _ => "nobody: there was no session",
    };

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
