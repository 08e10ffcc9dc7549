using System.Text.Json;

namespace Doorward.Tests.Commands;

/// <summary>One run of the command line, as a shell would start it.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public string LastLine => Output.TrimEnd('\n').Split('\n')[^1];

    public static async Task<CommandRun> Of(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await CommandLine.RunAsync(args, output, error);
        return new(code, output.ToString(), error.ToString());
    }
}
