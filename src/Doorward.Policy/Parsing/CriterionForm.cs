using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>How one criterion is written.</summary>
/// <param name="Name">Its name, before the first «/».</param>
/// <param name="Plain">Reads it where nothing follows the name; null where something must.</param>
/// <param name="WithSubPath">Reads it where a sub path follows; null where nothing may.</param>
/// <param name="SubPathWord">What the sub path is, for messages.</param>
internal sealed record CriterionForm(string Name, Func<CriterionInput, Criterion?>? Plain, Func<CriterionInput, Criterion?>? WithSubPath = null, string SubPathWord = "name");
