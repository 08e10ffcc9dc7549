using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Doorward.Mutation;

/// <summary>Compiles the project with all its mutants; withdraws those that do not compile until the rest does.</summary>
internal static class Build
{
    private static readonly CSharpParseOptions _parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    /// <param name="project">The project's folder, built once: generated files of its obj folder are compiled too.</param>
    /// <param name="target">The assembly to write.</param>
    /// <returns>The mutants that compile.</returns>
    public static IReadOnlyList<Mutant> Run(string project, string target)
    {
        var sources = Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories).Where(file => !IsBelow(file, "bin") && !IsBelow(file, "obj")).Order(StringComparer.Ordinal)
            .Select(file => (Name: Path.GetRelativePath(project, file), Tree: Parse(File.ReadAllText(file), file))).ToList();
        var generated = Directory.EnumerateFiles(Path.Combine(project, "obj", "Debug"), "*.cs", SearchOption.AllDirectories).Select(file => Parse(File.ReadAllText(file), file)).ToList();
        generated.Add(Parse(Schemata.Switch, "Switch.cs"));
        var withdrawn = new HashSet<int>();
        while (true)
        {
            var numbering = new Schemata.Numbering();
            var mutated = sources.ConvertAll(source => source.Tree.WithRootAndOptions(new Schemata(source.Name, numbering, withdrawn).Rewrite(source.Tree.GetRoot()), _parse));
            var result = Compilation([.. mutated, .. generated], Path.GetFileNameWithoutExtension(target)).Emit(target);
            if (result.Success) return [.. numbering.Mutants.Where(mutant => !withdrawn.Contains(mutant.Id))];
            var before = withdrawn.Count;
            foreach (var error in result.Diagnostics.Where(error => error.Severity == DiagnosticSeverity.Error)) Withdraw(error, withdrawn);
            Console.WriteLine($"{withdrawn.Count} of {numbering.Mutants.Count} mutants do not compile");
            if (withdrawn.Count == before) throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Where(error => error.Severity == DiagnosticSeverity.Error).Take(10)));
        }
    }

    private static void Withdraw(Diagnostic error, HashSet<int> withdrawn)
    {
        var marked = error.Location.SourceTree!.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true).AncestorsAndSelf()
            .SelectMany(node => node.GetAnnotations(Schemata.Annotation)).FirstOrDefault();
        if (marked?.Data is { } id) withdrawn.Add(int.Parse(id, CultureInfo.InvariantCulture));
    }

    private static Compilation Compilation(IEnumerable<SyntaxTree> trees, string name)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable, generalDiagnosticOption: ReportDiagnostic.Suppress);
        CSharpGeneratorDriver.Create(Generators(), parseOptions: _parse).RunGeneratorsAndUpdateCompilation(CSharpCompilation.Create(name, trees, references, options), out var compilation, out _);
        return compilation;
    }

    /// <summary>The generator of regular expressions that comes with the SDK.</summary>
    private static ISourceGenerator[] Generators()
    {
        var shared = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var packs = Path.Combine(shared, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref");
        var file = Directory.EnumerateFiles(packs, "System.Text.RegularExpressions.Generator.dll", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();
        var type = Assembly.LoadFrom(Path.GetFullPath(file)).GetType("System.Text.RegularExpressions.Generator.RegexGenerator")!;
        return [((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator()];
    }

    private static SyntaxTree Parse(string text, string file) => CSharpSyntaxTree.ParseText(text, _parse, file, System.Text.Encoding.UTF8);

    private static bool IsBelow(string file, string folder) => file.Contains($"{Path.DirectorySeparatorChar}{folder}{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
}
