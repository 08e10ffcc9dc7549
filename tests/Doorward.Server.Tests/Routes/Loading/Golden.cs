namespace Doorward.Server.Tests.Routes.Loading;

/// <summary>A folder of inputs, each beside what is expected of it.</summary>
internal static class Golden
{
    private const string Rewrite = "REWRITE_GOLDEN";

    /// <summary>The folder beside the tests, in the checkout.</summary>
    public static string Folder { get; } = Path.Combine(Root(), "tests/Doorward.Server.Tests/Routes/Loading/Golden");

    public static TheoryData<string> Names(string extension) =>
        [.. Directory.EnumerateFiles(Folder, "*" + extension).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>Compares with a file of the checkout; with the variable REWRITE_GOLDEN set, writes it instead, for a person to review.</summary>
    public static void Matches(string path, string actual)
    {
        if (Environment.GetEnvironmentVariable(Rewrite) is not null) File.WriteAllText(path, actual);
        Assert.True(File.Exists(path), $"{path} is missing; run with {Rewrite}=1 and review what it writes.");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Doorward.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run from inside a checkout.");
    }
}
