using System.Globalization;

namespace Doorward.Revocation.Matrix;

/// <summary>All trials of one source and one protocol, idle or under load.</summary>
internal sealed class Cell
{
    private readonly List<double> _milliseconds = [];

    public int Count => _milliseconds.Count;

    public double Median => At(0.5);

    public double P99 => At(0.99);

    public double Longest => At(1);

    public void Add(double milliseconds) => _milliseconds.Add(milliseconds);

    public override string ToString() => Count == 0 ? "missing" : string.Create(CultureInfo.InvariantCulture, $"{Median:F1} / {P99:F1} / {Longest:F1}");

    // The nearest rank: a figure that was measured.
    private double At(double part)
    {
        var sorted = _milliseconds.Order().ToArray();
        return sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Length) - 1)];
    }
}
