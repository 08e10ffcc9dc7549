using Doorward.Server.Audit.Replay;
using Doorward.Server.Console.Administration;
using Doorward.Server.Identity.Directory;
using Doorward.Server.Identity.Sessions;

namespace Doorward.Server.Tests.Audit;

/// <summary>An explanation names who has told a fact, not who let the person in.</summary>
public sealed class FactSourcesTests
{
    private static readonly DirectoryRow _scim = new() { Source = "personnel", Groups = """[{"id":"sre"}]""", Attributes = """{"grade":"7"}""", At = TrailFolder.Now.AddHours(-1).ToUnixTimeMilliseconds() };

    [Theory]
    [InlineData("groups", null, "«personnel», as of 2026-01-01 08:00:00Z")]
    [InlineData("groups", "[]", "«personnel», as of 2026-01-01 08:00:00Z; and the provider «corp», at sign-in or since")]
    [InlineData("person/grade", null, "«personnel», as of 2026-01-01 08:00:00Z")]
    [InlineData("person/other", null, "the provider «corp», at sign-in or since")]
    [InlineData("email", null, "the provider «corp», at sign-in or since")]
    public void Of_somebody_of_whom_a_directory_tells(string criterion, string? groupsOfProvider, string source) =>
        Assert.Equal(source, Sources(groupsOfProvider, _scim).Of(criterion));

    [Fact]
    public void What_was_told_only_afterwards_is_told_to_be()
    {
        var later = _scim with { At = TrailFolder.Now.AddHours(1).ToUnixTimeMilliseconds() };
        Assert.Equal("«personnel», as of 2026-01-01 10:00:00Z: since the request", Sources(null, later).Of("groups"));
        Assert.Equal("the provider «corp», at sign-in or since", Sources("[]").Of("groups"));
    }

    private static FactSources Sources(string? groupsOfProvider, params DirectoryRow[] told) => new(
        new RecordedDecision
        {
            RequestId = "r", At = TrailFolder.Now, Outcome = "deny", Reasons = [], Rules = [], Policy = "",
            Facts = new() { Now = TrailFolder.Now, Session = new() { Id = "s", Provider = "corp" } },
        },
        null,
        new KnownPerson("corp/ada", new PersonRow { Groups = groupsOfProvider }, told));
}
