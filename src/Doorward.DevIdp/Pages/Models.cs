namespace Doorward.DevIdp.Pages;

// Public because the classes that Razor makes of the pages are.

/// <summary>The sign-in page.</summary>
/// <param name="Client">Who sent the browser here.</param>
/// <param name="UserName">Filled in already.</param>
/// <param name="Problem">Why the last attempt failed.</param>
/// <param name="AsksSecondFactor">Whether the client asked for it.</param>
/// <param name="Request">The client's request, which the form sends again.</param>
/// <param name="People">Who may be tried.</param>
public sealed record SignInModel(
    string Client,
    string UserName,
    string? Problem,
    bool AsksSecondFactor,
    IReadOnlyList<KeyValuePair<string, string>> Request,
    IReadOnlyList<PersonModel> People);

/// <summary>The page on which people are changed.</summary>
/// <param name="People">All of them.</param>
/// <param name="Groups">The groups to choose from.</param>
/// <param name="Now">The provider's time.</param>
/// <param name="Notice">What has just been done.</param>
public sealed record PeopleModel(IReadOnlyList<PersonModel> People, IReadOnlyList<string> Groups, DateTimeOffset Now, string? Notice)
{
    /// <summary>What the listener was told lately; null where there is none.</summary>
    public IReadOnlyList<ToldModel>? Told { get; init; }
}

/// <summary>One message to the listener.</summary>
/// <param name="At">When.</param>
/// <param name="By">SCIM or CAEP.</param>
/// <param name="What">What it said.</param>
/// <param name="Answer">The status that answered it; null for none.</param>
public sealed record ToldModel(DateTimeOffset At, string By, string What, int? Answer);

/// <summary>One person on a page.</summary>
public sealed record PersonModel(
    string UserName,
    string Name,
    string Email,
    string Password,
    IReadOnlyList<string> Groups,
    bool Active,
    string DeviceId,
    bool? DeviceCompliant,
    DateTimeOffset? EndDate,
    bool MaySignIn);
