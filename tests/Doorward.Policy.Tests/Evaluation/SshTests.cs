using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Evaluation;

public class SshTests
{
    private const string Ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFlPQkxYbmluZ0tleUZvclRlc3RzT25seU9rYXk=";
    private const string Other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFub3RoZXJLZXlGb3JUZXN0c09ubHlPa2F5ISE=";

    [Theory]
    [InlineData(Ed25519, "true")]
    [InlineData(Ed25519 + " ada@laptop", "true")]
    [InlineData("  command=\"echo ssh-rsa AAAA\",no-pty   " + Ed25519 + " comment", "true")]
    [InlineData("command=\"say \\\" ssh-rsa AAAA\" " + Ed25519, "true")]
    [InlineData("ssh-ed25519\tAAAAC3NzaC1lZDI1NTE5AAAAIFlPQkxYbmluZ0tleUZvclRlc3RzT25seU9rYXk=", "true")]
    [InlineData(Other, "false")]
    [InlineData("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIFlPQkxYbmluZ0tleUZvclRlc3RzT25seU9rYXk=", "false")]
    [InlineData("ssh-ed25519", "unknown")]
    [InlineData("AAAA", "unknown")]
    [InlineData("", "unknown")]
    [InlineData(null, "unknown")]
    public void A_key_is_compared_by_type_and_text(string? shown, string truth)
    {
        var reason = truth == "true" ? "ssh-publickey-ok" : "ssh-publickey-unauthorized";
        Assert.Equal($"{truth} {reason}", Verdict.Of("{'ssh_publickey': ['# mine\\n" + Ed25519 + " ada', '" + Ed25519 + "']}", new Facts { Now = Some.Now, Ssh = new SshFacts("ada", shown) }));
    }

    [Theory]
    [InlineData(Ed25519, "ada", "ada,bob", "true")]
    [InlineData(Ed25519, "eve", "ada,bob", "false")]
    [InlineData(Ed25519, "ADA", "ada,bob", "false")]
    [InlineData(Other, "ada", "ada", "false")]
    [InlineData(Other, null, "ada", "false")]
    [InlineData(null, "ada", "ada", "unknown")]
    [InlineData(null, "eve", "ada", "false")]
    [InlineData(Ed25519, null, "ada", "unknown")]
    [InlineData(Ed25519, "ada", null, "unknown")]
    [InlineData(Ed25519, "ada", "", "false")]
    public void A_certificate_is_from_an_authority_and_for_the_user(string? authority, string? username, string? principals, string truth)
    {
        var facts = new SshFacts(username, null, authority, principals is null ? null : principals.Length == 0 ? [] : principals.Split(','));
        Assert.StartsWith(truth, Verdict.Of("{'ssh_ca': '" + Ed25519 + "'}", new Facts { Now = Some.Now, Ssh = facts }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ada", "true ssh-username-ok")]
    [InlineData("root", "false ssh-username-unauthorized")]
    [InlineData(null, "unknown ssh-username-unauthorized")]
    public void A_user_name_is_compared(string? username, string verdict) =>
        Assert.Equal(verdict, Verdict.Of("{'ssh_username': 'ada'}", new Facts { Now = Some.Now, Ssh = new SshFacts(username, null) }));

    [Theory]
    [InlineData("ada", "ada@example.com", true, "true ssh-username-ok")]
    [InlineData("Ada", "ada@example.com", true, "false ssh-username-unauthorized")]
    [InlineData("ada", "ada@example.com", false, "unknown ssh-username-unauthorized")]
    [InlineData("ada", "ada@x@example.com", true, "unknown ssh-username-unauthorized")]
    [InlineData(null, "ada@example.com", true, "unknown ssh-username-unauthorized")]
    public void A_user_name_matches_the_verified_address(string? username, string email, bool verified, string verdict)
    {
        var facts = new Facts { Now = Some.Now, Session = Some.Session(), Person = Some.Person(email, verified), Ssh = new SshFacts(username, null) };
        Assert.Equal(verdict, Verdict.Of("{'ssh_username_matches_email': true}", facts));
    }

    public static TheoryData<string?, object?, string> Claims => new()
    {
        { "ada", "ada", "true ssh-username-ok" },
        { "ada", new[] { "x", "ada" }, "true ssh-username-ok" },
        { "ada", new[] { "x" }, "false ssh-username-unauthorized" },
        { "ada", "adam", "false ssh-username-unauthorized" },
        { "3", 3.0, "true ssh-username-ok" },
        { "true", true, "true ssh-username-ok" },
        { "ada", DateTimeOffset.UnixEpoch, "unknown ssh-username-unauthorized" },
        { "ada", null, "unknown ssh-username-unauthorized" },
        { null, "ada", "unknown ssh-username-unauthorized" },
    };

    [Theory]
    [MemberData(nameof(Claims))]
    public void A_user_name_matches_a_claim(string? username, object? claim, string verdict)
    {
        var claims = claim is null ? [] : new Dictionary<string, FactValue> { ["login"] = new(claim) };
        var facts = new Facts { Now = Some.Now, Session = new SessionFacts { Id = "s1", Claims = claims }, Ssh = new SshFacts(username, null) };
        Assert.Equal(verdict, Verdict.Of("{'ssh_username_matches_claim': 'login'}", facts));
    }
}
