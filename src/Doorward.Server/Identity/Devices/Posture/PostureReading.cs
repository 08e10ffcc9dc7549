using System.Globalization;

namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>What could be read of a message.</summary>
/// <param name="Devices">Those that it tells of.</param>
/// <param name="Skipped">Devices of which nothing could be believed.</param>
/// <param name="Why">What was wrong with the first of them.</param>
internal sealed record PostureReading(IReadOnlyList<DeviceReport> Devices, int Skipped, string? Why)
{
    /// <summary>Attributes that could not be read.</summary>
    public int Unreadable { get; } = Devices.Sum(device => device.Unreadable.Count);

    public bool IsWhole => Skipped == 0 && Unreadable == 0;

    /// <summary>What was left out, for the record.</summary>
    public string Left => IsWhole ? "" : string.Create(CultureInfo.InvariantCulture, $", {Skipped} skipped, {Unreadable} attributes not readable");
}
