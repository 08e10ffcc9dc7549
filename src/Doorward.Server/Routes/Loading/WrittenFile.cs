using Doorward.Policy;
using Doorward.Server.Routes.Options;

namespace Doorward.Server.Routes.Loading;

/// <summary>One file of the configuration, as it was read.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Options">What it says; null where its text could not be read as a whole, so that nothing in it is certain.</param>
internal sealed record WrittenFile(string Path, SharedOptions? Options);

/// <summary>All that the operator wrote, and everything that is wrong with how it is written.</summary>
/// <param name="Main">The main file's options; null where its text could not be read as a whole.</param>
/// <param name="Files">The main file and the included ones, in the order in which they count.</param>
/// <param name="Problems">What is wrong so far.</param>
internal sealed record WrittenConfiguration(ConfigurationOptions? Main, IReadOnlyList<WrittenFile> Files, IReadOnlyList<Problem> Problems);
