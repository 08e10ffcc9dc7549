using System.Runtime.Versioning;
using Doorward.Policy;
using Doorward.Server.Store.Keys;

namespace Doorward.Server.Tests.Store.Keys;

[UnsupportedOSPlatform("windows")]
public sealed class RootKeyTests : IDisposable
{
    private static readonly Place _place = new("doorward.yaml", 3, 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("doorward-key-").FullName;

    private string File => Path.Combine(_folder, "root.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_made_file_is_private_and_loads()
    {
        RootKey.CreateFile(File);

        Assert.NotNull(Load());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void An_existing_file_is_not_overwritten()
    {
        System.IO.File.WriteAllText(File, "precious");

        RootKey.CreateFile(File);

        Assert.Equal("precious", System.IO.File.ReadAllText(File));
    }

    [Theory]
    [InlineData(null, "DW3010")]
    [InlineData("", "DW3011")]
    [InlineData("not base64!", "DW3011")]
    [InlineData("c2hvcnQ=", "DW3011")]
    [InlineData("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\ngarbage", "DW3011")]
    public void A_file_that_is_no_key_is_a_problem_that_does_not_tell_it(string? text, string id)
    {
        if (text is not null)
            System.IO.File.WriteAllText(File, text);

        var problem = Assert.Single(Problems(), problem => problem.Severity == Severity.Error);

        Assert.Equal(id, problem.Id);
        Assert.Equal(_place, problem.Place);
        Assert.DoesNotContain("MDEyMzQ1", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_everybody_can_read_is_a_warning()
    {
        RootKey.CreateFile(File);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var problem = Assert.Single(Problems());

        Assert.Equal(("DW3012", Severity.Warning), (problem.Id, problem.Severity));
    }

    [Fact]
    public void What_is_sealed_opens_only_under_its_key_and_name_and_unaltered()
    {
        RootKey.CreateFile(File);
        var root = Load()!;
        var secret = root.Seal("a/1", "hello"u8);

        Assert.Equal("hello"u8.ToArray(), root.Open(root.Id, "a/1", secret));
        Assert.Null(root.Open(root.Id, "a/2", secret));
        Assert.Null(root.Open("0011223344556677", "a/1", secret));
        for (var i = 0; i < secret.Length; i++)
        {
            var altered = secret.ToArray();
            altered[i] ^= 1;
            Assert.Null(root.Open(root.Id, "a/1", altered));
        }
    }

    private RootKey? Load() => RootKey.Load(File, _place, []);

    private List<Problem> Problems()
    {
        var problems = new List<Problem>();
        RootKey.Load(File, _place, problems);
        return problems;
    }
}
