using Doorward.Policy;

namespace Doorward.Server.Store.Keys;

/// <summary>What can be wrong with the root key: DW301x.</summary>
internal static class KeyProblems
{
    private const string HowToMake = "Make one by `head -c 32 /dev/urandom | base64 > root.key; chmod 600 root.key`, and keep a copy of it apart from the store's backups.";

    public static Problem Missing(string path, Place place) => new(
        "DW3010", Severity.Error, $"The root key file '{path}' cannot be read.", $"Name a readable file as `root_key_file`. {HowToMake}", place);

    public static Problem Malformed(string path, Place place) => new(
        "DW3011", Severity.Error, $"The root key file '{path}' does not hold 32 bytes in base64 on each line.", HowToMake, place);

    public static Problem Exposed(string path, Place place) => new(
        "DW3012", Severity.Warning, $"Every user of this machine can read the root key file '{path}'.", $"Run `chmod 600 {path}`.", place);

    public static Problem OtherRoot(string store, string known, string sealedUnder, Place place) => new(
        "DW3013", Severity.Error, $"The store ({store}) is encrypted under another root key: {sealedUnder}, not {known}.",
        "Put the file that belongs to this store into `root_key_file`. Without it the store's sessions and keys cannot be read: start with an empty store.", place);

    public static Problem Altered(string store, string key, Place place) => new(
        "DW3014", Severity.Error, $"The key {key} in the store ({store}) was altered: it does not open under the root key that sealed it.",
        "Restore the store from a backup.", place);
}
