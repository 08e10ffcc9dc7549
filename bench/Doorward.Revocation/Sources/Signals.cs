using System.Net.Http.Headers;
using System.Text;
using Doorward.Revocation.Site;

namespace Doorward.Revocation.Sources;

/// <summary>The provider says that one of its sessions has ended (OpenID Connect Back-Channel Logout 1.0).</summary>
internal sealed class LogoutToken(Place place) : Source(place)
{
    public override string Name => "OIDC: back-channel logout";

    public override Task<long> TakeAsync(Person person)
    {
        var token = Place.Provider.Sign("logout+jwt", new Dictionary<string, object>
        {
            ["aud"] = Place.Client,
            ["sid"] = person.ProviderSession,
            ["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new Dictionary<string, object>() },
        });
        return Place.Told.TellAsync(HttpMethod.Post, $"/.doorward/backchannel-logout/{Person.Provider}", new FormUrlEncodedContent([new("logout_token", token)]));
    }
}

/// <summary>A transmitter pushes a security event (RFC 8935): a session is revoked.</summary>
internal sealed class SessionRevoked(Place place) : Source(place)
{
    public override string Name => "CAEP: session revoked";

    public override Task<long> TakeAsync(Person person) => SecurityEvent.PushAsync(Place, "session-revoked", new Dictionary<string, object>
    {
        ["format"] = "iss_sub", ["iss"] = Place.Provider.Issuer, ["sub"] = person.Subject,
    });
}

/// <summary>Security events as a transmitter sends them.</summary>
internal static class SecurityEvent
{
    public static async Task<long> PushAsync(Place place, string type, IReadOnlyDictionary<string, object> subject, params KeyValuePair<string, object>[] more)
    {
        var token = place.Provider.Sign("secevent+jwt", new Dictionary<string, object>
        {
            ["aud"] = Node.Door($"/.doorward/signals/{Place.Transmitter}").AbsoluteUri,
            ["sub_id"] = subject,
            ["events"] = new Dictionary<string, object>
            {
                [$"https://schemas.openid.net/secevent/caep/event-type/{type}"] = new Dictionary<string, object>(more) { ["event_timestamp"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() },
            },
        });
        using var body = new StringContent(token, Encoding.ASCII, new MediaTypeHeaderValue("application/secevent+jwt"));
        return await place.Told.TellAsync(HttpMethod.Post, $"/.doorward/signals/{Place.Transmitter}", body);
    }
}
