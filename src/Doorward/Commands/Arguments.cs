using System.CommandLine;

namespace Doorward.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class Arguments
{
    public static Argument<string[]> Files(string description) =>
        new("FILE") { Description = description, Arity = ArgumentArity.OneOrMore };

    public static Option<bool> Json() => new("--json") { Description = "Write JSON, for programs." };
}
