using System.Diagnostics;

namespace Doorward.Peers;

/// <summary>Processes that the run starts, pinned to a core, and ends with the run.</summary>
internal sealed class Commands : IDisposable
{
    /// <summary>The measured proxy has this core to itself.</summary>
    public const int ProxyCore = 0;

    /// <summary>Load and upstream share this one, the same for every peer.</summary>
    public const int LoadCore = 1;

    private readonly List<Process> _running = [];

    /// <summary>Starts it on a core, or wherever it likes. What it prints goes to a file, for a pipe would be read on the generator's core.</summary>
    public Process Start(int? core, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string output = "/dev/null")
    {
        var start = new ProcessStartInfo("sh", ["-c", $"exec {(core is { } one ? $"taskset -c {one} " : "")}\"$0\" \"$@\" > \"$OUTPUT\"", program, .. arguments])
        {
            RedirectStandardError = true,
            Environment = { ["OUTPUT"] = output },
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        // What nobody reads would fill the pipe and stop the process.
        process.ErrorDataReceived += (_, line) => Note(program, line.Data);
        process.BeginErrorReadLine();
        _running.Add(process);
        return process;
    }

    /// <summary>Ends one as an operator would.</summary>
    public static async Task StopAsync(Process process, CancellationToken cancellation)
    {
        using (var kill = Process.Start("kill", [process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
    }

    /// <summary>Runs a program to its end and gives what it printed.</summary>
    public static async Task<string> OutputAsync(int core, string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("taskset", ["-c", core.ToString(System.Globalization.CultureInfo.InvariantCulture), program, .. arguments])
        {
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException($"{program} did not start");
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    public void Dispose()
    {
        foreach (var process in _running)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }

    private static void Note(string program, string? line)
    {
        if (Environment.GetEnvironmentVariable("BENCH_VERBOSE") == "1" && line is not null) Console.Error.WriteLine($"{program}: {line}");
    }
}
