namespace Doorward.Policy;

/// <summary>What is to be done with the request.</summary>
public enum Outcome : byte
{
    /// <summary>Refuse.</summary>
    Deny,

    /// <summary>Let through.</summary>
    Allow,

    /// <summary>Ask the person to sign in.</summary>
    SignIn,

    /// <summary>Ask the person to sign in again, or more strongly.</summary>
    StepUp,

    /// <summary>Ask for a device.</summary>
    Device,

    /// <summary>Ask for a client certificate.</summary>
    Certificate,
}
