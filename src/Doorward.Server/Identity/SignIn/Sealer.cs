using System.Buffers.Text;
using System.Text.Json;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Store.Keys;

namespace Doorward.Server.Identity.SignIn;

/// <summary>
/// Puts state into a cookie or a URL so that only we can read it, and nobody can change it: authenticated encryption, bound to a
/// purpose and a context, with an end. Whatever is wrong with a text, the answer is the same: null.
/// </summary>
internal sealed class Sealer(Secrets secrets, TimeProvider time)
{
    // A cookie holds 4 KiB, a URL of ours 8.
    private const int Longest = 8 * 1024;

    /// <param name="purpose">What it is for; a constant of the code.</param>
    /// <param name="context">What it belongs to, such as a host or an id.</param>
    /// <param name="value">What to keep.</param>
    /// <param name="life">For how long.</param>
    public string Seal<T>(string purpose, string context, T value, TimeSpan life) => Base64Url.EncodeToString(
        secrets.Protect(purpose, context, JsonSerializer.SerializeToUtf8Bytes(new Sealed<T>(value, time.GetUtcNow() + life))));

    public T? Open<T>(string purpose, string context, string? text)
        where T : class
    {
        if (text is not { Length: > 0 and <= Longest } || !StrictBase64Url.TryDecode(text, out var bytes)) return null;
        if (secrets.Unprotect(purpose, context, bytes) is not { } plain) return null;
        var found = JsonSerializer.Deserialize<Sealed<T>>(plain);
        return found is not null && found.Until > time.GetUtcNow() ? found.Value : null;
    }

    private sealed record Sealed<T>(T Value, DateTimeOffset Until);
}
