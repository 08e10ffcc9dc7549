namespace Doorward.Server.Identity.ServiceAccounts;

/// <summary>A secret as machines send it: <c>doorward_sa_</c>, so that secret scanners find one that leaked, and a keyed token.</summary>
internal sealed class ServiceAccountSecret(KeyedToken token)
{
    public const string Prefix = "doorward_sa_";

    public string Create() => Prefix + token.Create();

    public bool IsGenuine(string secret) => secret.StartsWith(Prefix, StringComparison.Ordinal) && token.IsGenuine(secret.AsSpan(Prefix.Length));

    /// <summary>What is stored of a genuine secret.</summary>
    public static byte[] Hash(string secret) => KeyedToken.Hash(secret.AsSpan(Prefix.Length));
}
