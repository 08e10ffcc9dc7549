using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers;

/// <summary>A provider's public keys, from where its metadata says; never from a token.</summary>
internal sealed class JwksSource
{
    private readonly LastGood<KeySet> _keys;

    public JwksSource(Func<CancellationToken, ValueTask<Uri>> where, BoundedHttp http, TimeProvider time)
    {
        _keys = new LastGood<KeySet>(FetchAsync, time);

        async Task<KeySet> FetchAsync(CancellationToken cancel)
        {
            var url = await where(cancel);
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            var answer = await http.SendAsync(request, ProviderStep.Keys, cancel);
            if (!answer.IsSuccess) throw Fault(ProviderFault.UnexpectedStatus, $"{url} answered {(int)answer.Status}");
            return KeySet.TryParse(answer.Body, out var set) ? set : throw Fault(ProviderFault.NotJson, $"{url} is not a JSON Web Key Set");
        }
    }

    /// <summary>The <see cref="FindKey"/> of this provider. An unknown key id, and a signature that does not fit, ask for a newer set.</summary>
    public async ValueTask<KeyLookup> FindAsync(TokenHeader header, VerificationKey? distrusted, CancellationToken cancel)
    {
        var set = await _keys.GetAsync(cancel);
        var refusal = set.Find(header.KeyId, header.Algorithm, out var key);
        if (refusal == TokenRefusal.UnknownKey || (key is not null && ReferenceEquals(key, distrusted)))
        {
            set = await _keys.GetNewerAsync(set, cancel);
            refusal = set.Find(header.KeyId, header.Algorithm, out key);
        }

        return new KeyLookup(key, refusal);
    }

    private static ProviderFaultException Fault(ProviderFault fault, string detail) => new(ProviderStep.Keys, fault, detail);
}
