using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Doorward.Revocation.Site;

namespace Doorward.Revocation.Sources;

/// <summary>A device manager says, by a signed webhook, that the person's device no longer complies.</summary>
internal sealed class Posture(Place place) : Source(place)
{
    public override string Name => "posture: device out of compliance";

    /// <summary>They are let in on a device that complies.</summary>
    public override IReadOnlyList<string> Groups => [Place.OnDevices];

    public override async Task PrepareAsync(IReadOnlyList<Person> people)
    {
        foreach (var person in people) await TellAsync(person, compliant: true);
    }

    public override Task<long> TakeAsync(Person person) => TellAsync(person, compliant: false);

    private async Task<long> TellAsync(Person person, bool compliant)
    {
        var now = DateTimeOffset.UtcNow;
        var body = JsonSerializer.Serialize(new { devices = new[] { new { id = person.Device, compliant, at = now } } });
        var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Place.Secret), Encoding.UTF8.GetBytes($"{time}.{body}")));
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Place.Told.TellAsync(HttpMethod.Post, $"/.doorward/posture/{Place.DeviceManager}", content, headers: [("X-Doorward-Timestamp", time), ("X-Doorward-Signature", signature)]);
    }
}
