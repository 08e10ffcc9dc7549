namespace Doorward.Policy;

/// <summary>The outcome with each criterion's verdict and the fact it saw.</summary>
public sealed record Explanation;
