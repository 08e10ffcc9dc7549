using System.Security.Cryptography;
using System.Text;
using Doorward.Policy;

namespace Doorward.Server.Store.Keys;

/// <summary>
/// The key that everything secret in the store is encrypted under, read from a file that lies elsewhere: 32 random bytes in base64, a
/// line each. The first line seals; the others only open, so that a root key can be replaced: add the new one as second line on
/// every node, then move it to the first, then drop the old.
/// </summary>
internal sealed class RootKey
{
    private const int Size = 32;

    private readonly Dictionary<string, byte[]> _keys;

    private RootKey(IEnumerable<byte[]> keys)
    {
        var named = keys.Select(key => (Id: Fingerprint(key), Key: key)).ToList();
        Id = named[0].Id;
        _keys = named.DistinctBy(pair => pair.Id).ToDictionary(pair => pair.Id, pair => Derive(pair.Key, "doorward/root/seal", Size));
    }

    /// <summary>The fingerprint of the key that seals; tells nothing of it.</summary>
    public string Id { get; }

    public bool Knows(string id) => _keys.ContainsKey(id);

    /// <summary>Makes a file with a new key, which only this user can read. An existing file is left as it is.</summary>
    public static void CreateFile(string path)
    {
        if (File.Exists(path))
            return;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, Encoding.ASCII, options);
        writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Size)));
    }

    /// <summary>Null where any of the problems is an error.</summary>
    public static RootKey? Load(string path, Place place, ICollection<Problem> problems)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherRead) != 0)
                problems.Add(KeyProblems.Exposed(path, place));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(KeyProblems.Missing(path, place));
            return null;
        }

        return Parse(lines, path, place, problems);
    }

    /// <summary>Reads a key that was written in the configuration. Null where any of the problems is an error.</summary>
    public static RootKey? Parse(string text, Place place, ICollection<Problem> problems) => Parse(text.Split('\n'), "root_key", place, problems);

    private static RootKey? Parse(string[] lines, string name, Place place, ICollection<Problem> problems)
    {
        var keys = lines.Select(line => line.Trim()).Where(line => line.Length > 0).Select(Decode).ToList();
        if (keys.Count > 0 && keys.All(key => key is not null))
            return new(keys.OfType<byte[]>());
        problems.Add(KeyProblems.Malformed(name, place));
        return null;
    }

    /// <summary>Encrypts a key of the store; <paramref name="name"/> keeps it from being passed off as another.</summary>
    public byte[] Seal(string name, ReadOnlySpan<byte> key) => Envelope.Seal(_keys[Id], name, key);

    /// <summary>Null where it was sealed under another key or name, or was altered.</summary>
    public byte[]? Open(string id, string name, ReadOnlySpan<byte> sealedKey) => _keys.TryGetValue(id, out var root) ? Envelope.Open(root, name, sealedKey) : null;

    private static string Fingerprint(byte[] key) => Convert.ToHexStringLower(Derive(key, "doorward/root/id", 8));

    private static byte[] Derive(byte[] key, string use, int size) => HKDF.Expand(HashAlgorithmName.SHA256, key, size, Encoding.ASCII.GetBytes(use));

    private static byte[]? Decode(string line)
    {
        var key = new byte[Size + 1];
        return Convert.TryFromBase64String(line, key, out var size) && size == Size ? key[..Size] : null;
    }
}
