namespace Doorward.DevIdp.Telling;

/// <summary>One message to the listener, for the page.</summary>
/// <param name="At">When it was answered.</param>
/// <param name="By">SCIM or CAEP.</param>
/// <param name="What">What it said.</param>
/// <param name="Answer">The status it got; null where there was no answer.</param>
internal sealed record Told(DateTimeOffset At, string By, string What, int? Answer);
