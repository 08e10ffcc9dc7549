using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Doorward.DevIdp.Protocol;

/// <summary>The keys of this provider: the first signs, all are published.</summary>
internal sealed class SigningKeys
{
    private readonly StateFile<KeyTexts> _file;
    private readonly List<RsaSecurityKey> _keys;

    public SigningKeys(DevIdpOptions options)
    {
        _file = new(options.StateFolder, "keys.json");
        if (_file.Load() is { } texts)
        {
            _keys = [.. texts.Signing.Select(k => Key(k.Id, Import(k.Pem)))];
            Encryption = new(texts.Encryption);
        }
        else
        {
            _keys = [NewKey()];
            Encryption = new(RandomNumberGenerator.GetBytes(32));
            Save();
        }
    }

    public IReadOnlyList<RsaSecurityKey> All => _keys;

    /// <summary>Codes, access and refresh tokens are read by nobody but this provider.</summary>
    public SymmetricSecurityKey Encryption { get; }

    /// <summary>Signs with a new key from now on.</summary>
    /// <param name="keepOld">Whether the old ones stay published; a provider that drops them at once is what clients must bear.</param>
    public RsaSecurityKey Rotate(bool keepOld)
    {
        if (!keepOld)
            _keys.Clear();
        var key = NewKey();
        _keys.Insert(0, key);
        Save();
        return key;
    }

    private static RsaSecurityKey NewKey() => Key(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), RSA.Create(2048));

    private static RsaSecurityKey Key(string id, RSA rsa) => new(rsa) { KeyId = id };

    private static RSA Import(string pem)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return rsa;
    }

    private void Save() =>
        _file.Save(new([.. _keys.Select(k => new KeyText(k.KeyId, k.Rsa.ExportPkcs8PrivateKeyPem()))], Encryption.Key));

    private sealed record KeyTexts(IReadOnlyList<KeyText> Signing, byte[] Encryption);

    private sealed record KeyText(string Id, string Pem);
}
