using Doorward.Policy;
using Doorward.Server.Identity.Providers;

namespace Doorward.Revocation;

/// <summary>Somebody who is signed in until the trial that is about them.</summary>
/// <param name="Subject">Their id at the provider.</param>
/// <param name="Session">Their session's id.</param>
/// <param name="Cookie">The cookie header that their browser sends.</param>
internal sealed record Person(string Subject, string Session, string Cookie)
{
    public const string Provider = "corp";

    public string Id => $"{Provider}/{Subject}";

    public string Email => EmailOf(Subject);

    /// <summary>The provider's session, which its logout tokens name.</summary>
    public string ProviderSession => ProviderSessionOf(Subject);

    /// <summary>What they use, as the provider names it.</summary>
    public string Device => DeviceOf(Subject);

    /// <summary>What the provider said about them.</summary>
    public static SignedIn Said(string subject, params IEnumerable<string> groups) => new()
    {
        Provider = Provider,
        Subject = subject,
        Name = $"Person {subject}",
        Email = EmailOf(subject),
        EmailVerified = true,
        Groups = [.. groups.Select(group => new GroupFact(group))],
        AuthTime = DateTimeOffset.UtcNow,
        ProviderSessionId = ProviderSessionOf(subject),
        Device = DeviceOf(subject),
        Tokens = new("access", subject, null, null),
    };

    private static string EmailOf(string subject) => $"{subject}@example.com";

    private static string DeviceOf(string subject) => $"device-{subject}";

    private static string ProviderSessionOf(string subject) => $"at-the-provider-{subject}";
}
