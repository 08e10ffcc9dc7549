using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>A source that tells of devices by signed webhooks. It sends to `/.doorward/posture/NAME` on Doorward's own address.</summary>
[Section("a posture source")]
internal sealed record PostureOptions : Section
{
    /// <summary>A name of its own: lower-case letters, digits and dashes.</summary>
    [Key(Required = true, Example = "fleet")]
    public string Name { get; init; } = "";

    /// <summary>How its messages are written.</summary>
    [Key(Example = "fleet")]
    public PostureKind Kind { get; init; }

    /// <summary>The identity provider whose people use these devices: only there their ids mean something.</summary>
    [Key(Required = true, Example = "corp")]
    public string Provider { get; init; } = "";

    /// <summary>The secret that its messages are signed with; at least 32 characters, and no other source's.</summary>
    [Key(Required = true, Example = "OUTPUT-OF-OPENSSL-RAND")]
    public Secret? Secret { get; init; }

    /// <summary>The member of a device that is its id at the provider.</summary>
    [Key(Example = "hardware_serial", Default = "`id`; with intune `azureADDeviceId`, with fleet `uuid`")]
    public string? DeviceId { get; init; }

    /// <summary>The header with the signature: HMAC-SHA256 in hexadecimal, with or without `sha256=`, over the time, a dot and the body.</summary>
    [Key(Example = "X-Signature-256", Default = "`X-Doorward-Signature`")]
    public string? SignatureHeader { get; init; }

    /// <summary>The header with the time of sending, in seconds since 1970.</summary>
    [Key(Example = "X-Signature-Time", Default = "`X-Doorward-Timestamp`")]
    public string? TimestampHeader { get; init; }

    /// <summary>How far the time of sending may be from now; beyond, a message counts as replayed.</summary>
    [Key(Example = "1m", Min = "10s", Max = "1h")]
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);
}

internal enum PostureKind
{
    /// <summary>Doorward's own form.</summary>
    Generic,

    /// <summary>Microsoft Intune's managed devices, as Microsoft Graph writes them.</summary>
    Intune,

    /// <summary>Fleet's hosts, as its API and its webhook of failing policies write them.</summary>
    Fleet,
}
