using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers;

/// <summary>The conversation with a provider in which something failed.</summary>
internal enum ProviderStep
{
    Discovery,
    Keys,
    CodeExchange,
    Refresh,
    IdToken,
    UserInfo,
    Groups,
    Revocation,
    Verification,
}

/// <summary>What failed. The first group passes by itself; the second means that the provider is wrongly set up, or lies.</summary>
internal enum ProviderFault
{
    // Hiccups: no word about the person, so that nobody is signed out by them.
    Unreachable,
    TimedOut,
    Busy,
    ServerError,

    // Answers that cannot be used.
    TooLarge,
    Redirected,
    Encoded,
    UnexpectedStatus,
    NotJson,
    WrongContent,
    InsecureUrl,
    WrongIssuer,
    TokenRefused,
    OtherSubject,

    /// <summary>The provider said no: <c>invalid_grant</c> and its like.</summary>
    Refused,
}

/// <summary>A provider did not do its part. The message is for the log; people are shown one generic answer.</summary>
internal sealed class ProviderFaultException(ProviderStep step, ProviderFault fault, string detail, Exception? cause = null)
    : Exception($"{step}: {fault}: {detail}", cause)
{
    public ProviderStep Step => step;

    public ProviderFault Fault => fault;

    public TokenRefusal TokenRefusal { get; init; }

    /// <summary>True where trying again later may help and nothing is said about the person.</summary>
    public bool IsHiccup => fault is ProviderFault.Unreachable or ProviderFault.TimedOut or ProviderFault.Busy or ProviderFault.ServerError;
}
