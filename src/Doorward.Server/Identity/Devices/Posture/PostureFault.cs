namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>What a source did wrong. Nothing was changed.</summary>
/// <param name="status">The answer.</param>
/// <param name="error">In a word, for programs and records.</param>
/// <param name="detail">One sentence, which repeats nothing of what was sent.</param>
internal sealed class PostureFault(int status, string error, string detail) : Exception(detail)
{
    public int Status => status;

    public string Error => error;

    public static PostureFault Invalid(string detail) => new(400, "invalid", detail);

    public static PostureFault Unsigned(string detail) => new(401, "signature", detail);
}
