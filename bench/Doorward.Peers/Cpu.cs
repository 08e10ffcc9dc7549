using System.Globalization;

namespace Doorward.Peers;

/// <summary>What processes have used, by the kernel's own count (proc(5), /proc/PID/stat and status).</summary>
internal static class Cpu
{
    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double MillisecondsPerTick = 10;

    /// <summary>User and system milliseconds of processes and their descendants.</summary>
    public static double Milliseconds(IEnumerable<int> roots) => Tree(roots).Sum(Ticks) * MillisecondsPerTick;

    /// <summary>Resident MiB of processes and their descendants.</summary>
    public static double ResidentMebibytes(IEnumerable<int> roots) => Tree(roots).Sum(ResidentKibibytes) / 1024;

    private static HashSet<int> Tree(IEnumerable<int> roots)
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Fields(pid) is [_, var parent, ..])
                parents[pid] = int.Parse(parent, CultureInfo.InvariantCulture);
        HashSet<int> tree = [.. roots];
        int known;
        do
        {
            known = tree.Count;
            tree.UnionWith(parents.Where(pair => tree.Contains(pair.Value)).Select(pair => pair.Key).ToArray());
        }
        while (tree.Count > known);
        return tree;
    }

    // The command's name may hold spaces and brackets: the fields begin after the last one. State is field 0, parent 1, utime 11, stime 12.
    private static string[] Fields(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static double Ticks(int pid) => Fields(pid) is { Length: > 12 } fields
        ? double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)
        : 0;

    private static double ResidentKibibytes(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
