namespace Doorward.Policy;

/// <summary>Acts of the person that could make an unknown known.</summary>
[Flags]
public enum Remedies : byte
{
    /// <summary>No act of this person can.</summary>
    None = 0,

    /// <summary>Signing in.</summary>
    SignIn = 1,

    /// <summary>Signing in afresh.</summary>
    FreshSignIn = 2,

    /// <summary>Signing in more strongly.</summary>
    StrongerAuthentication = 4,

    /// <summary>Showing a device.</summary>
    Device = 8,
}
