using System.CommandLine;

namespace Doorward.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class Arguments
{
    public static Argument<string[]> Files(string description)
    {
        var files = new Argument<string[]>("FILE") { Description = description, Arity = ArgumentArity.OneOrMore };

        // Without this a mistyped option would be taken for a file of that name.
        files.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-'))) result.AddError($"There is no option {token.Value}.");
        });
        return files;
    }

    public static Option<bool> Json() => new("--json") { Description = "Write JSON, for programs." };

    public static Option<string?> TokenFile() => new("--token-file")
    {
        Description = "A file with the secret of a service account with the role admin, where the server is named by its URL.", HelpName = "FILE",
    };
}
