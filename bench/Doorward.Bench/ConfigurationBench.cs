using System.Diagnostics;
using System.Globalization;
using System.Text;
using Doorward.Server;
using Doorward.Server.Routes.Reload;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Bench;

/// <summary>
/// How long a whole server needs to start with many routes, and to take up a changed file: from the file in place to the first
/// request that sees it. Each figure is the median of some rounds, and the best of them.
/// </summary>
internal static class ConfigurationBench
{
    private const int Rounds = 7;

    public static async Task RunAsync()
    {
        Console.WriteLine("| routes | files | start ms | nothing changed ms | one route changed ms | every route changed ms | MiB |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        // The first only warms the code up.
        foreach (var (routes, files, tell) in new[] { (1_000, 1, false), (1_000, 1, true), (10_000, 1, true), (10_000, 100, true), (100_000, 1, true), (100_000, 100, true) })
            await MeasureAsync(routes, files, tell);
    }

    private static async Task MeasureAsync(int routes, int files, bool tell)
    {
        var folder = Directory.CreateTempSubdirectory("doorward-bench-");
        try
        {
            var text = new string[files];
            for (var file = 0; file < files; file++) text[file] = Text(file, routes / files, "");
            Write(folder.FullName, text);
            var watch = Stopwatch.StartNew();
            var started = await DoorwardServer.StartAsync(new ServerStart { ConfigurationPath = Path.Combine(folder.FullName, "doorward.yaml"), RecordLines = false }, CancellationToken.None);
            var start = watch.Elapsed;
            if (started.Server is not { } server) throw new InvalidOperationException(started.Problems[0].ToString());
            await using (server)
            {
                var reload = server.Services.GetRequiredService<ConfigurationReload>();
                // It would also take the changes up by itself, beside what is measured.
                await reload.StopAsync(CancellationToken.None);
                var nothing = Measure(_ => { }, reload.Refresh);
                var one = Measure(round => WriteFile(folder.FullName, files / 2, Changed(text[files / 2], round)), reload.Refresh);
                var all = Measure(round =>
                {
                    for (var file = 0; file < files; file++) WriteFile(folder.FullName, file, Text(file, routes / files, $"-{round}"));
                }, reload.Refresh);
                if (tell)
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"| {routes} | {files} | {start.TotalMilliseconds:F0} | {nothing} | {one} | {all} | {GC.GetTotalMemory(forceFullCollection: true) >> 20} |"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Of one route alone, in the middle of its file.
    private static string Changed(string text, int round)
    {
        var at = text.IndexOf("prefix: /r7 ", text.Length / 2, StringComparison.Ordinal) + "prefix: /r7".Length;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, at)}-{round}{text.AsSpan(at)}");
    }

    private static string Measure(Action<int> change, Action reload)
    {
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            change(round);
            var watch = Stopwatch.StartNew();
            reload();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{times[Rounds / 2]:F0} ({times[0]:F0})");
    }

    private static void Write(string folder, string[] files)
    {
        File.WriteAllText(Path.Combine(folder, "doorward.yaml"), """
            url: https://door.example.com
            listeners: { insecure_http: "127.0.0.1:0", health: "127.0.0.1:0" }
            store: { sqlite: doorward.db }
            root_key: mTN4g9pdDuIzPsqU0uEYVdVZ0fDq0mxuUq0cLvUjZ3U=
            admins: { allow: { and: [ { email: { is: ada@example.com } } ] } }
            include: [ "routes-*.yaml" ]
            policies:
              staff: { allow: { and: [ { domain: { is: example.com } } ] } }
              engineers: { allow: { and: [ { groups: { has: engineers } } ] }, deny: { or: [ { source_ip: 198.51.100.0/24 } ] } }

            """);
        for (var file = 0; file < files.Length; file++) WriteFile(folder, file, files[file]);
    }

    private static void WriteFile(string folder, int file, string text)
    {
        var next = Path.Combine(folder, "next");
        File.WriteAllText(next, text);
        File.Move(next, Path.Combine(folder, $"routes-{file:D3}.yaml"), overwrite: true);
    }

    private static string Text(int file, int routes, string suffix)
    {
        var text = new StringBuilder("routes:\n");
        for (var i = 0; i < routes; i++)
        {
            var who = (i % 3) switch { 0 => "policy: staff", 1 => "policy: engineers", _ => "allow_any_authenticated_user: true" };
            text.Append(CultureInfo.InvariantCulture, $"  - {{ name: r{file}-{i}, from: \"https://h{file}-{i / 10}.example.com\", prefix: /r{i % 10} , to: \"http://10.1.{i / 250 % 250}.{i % 250}:8080\", prefix_rewrite: \"/x{suffix}\", {who} }}\n");
        }

        return text.ToString();
    }
}
