namespace Doorward.Policy;

/// <summary>What an e-mail address is here: exactly one «@» with something on either side.</summary>
internal static class Emails
{
    /// <summary>Finds the «@».</summary>
    public static bool TrySplit(ReadOnlySpan<char> address, out int at)
    {
        at = address.IndexOf('@');
        return at > 0 && at < address.Length - 1 && address[(at + 1)..].IndexOf('@') < 0;
    }
}
