using Doorward.Policy;
using Doorward.Server.Routes.Options;

namespace Doorward.Server.Routes.Loading;

/// <summary>All that the operator wrote, and everything that is wrong with how it is written.</summary>
/// <param name="Main">The main file's options; null where its text could not be read as a whole, and never was.</param>
/// <param name="Files">What each file says, by full path, in the order in which they count.</param>
/// <param name="Problems">What is wrong so far.</param>
internal sealed record WrittenConfiguration(ConfigurationOptions? Main, IReadOnlyDictionary<string, SharedOptions> Files, IReadOnlyList<Problem> Problems);
