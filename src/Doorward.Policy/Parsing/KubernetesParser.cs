using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads <c>kubernetes/&lt;field&gt;</c>.</summary>
internal static class KubernetesParser
{
    private const string ExecClass = "exec_class";
    private static readonly string[] Fields = [.. Enum.GetNames<KubernetesField>().Select(name => name.ToLowerInvariant()), ExecClass];

    public static Criterion? Parse(CriterionInput input)
    {
        if (input.SubPath == ExecClass)
            return DataParser.Boolean(input.Data, input.What, input.Findings) is { } value ? new KubernetesExecClassCriterion(value, input.Place) : null;
        var field = Array.IndexOf(Fields, input.SubPath);
        if (field < 0)
        {
            input.Findings.Unknown("DW1021", "part of a Kubernetes request", input.SubPath, Fields, input.Place);
            return null;
        }

        return StringMatcherParser.Parse(input) is { } matcher ? new KubernetesCriterion((KubernetesField)field, matcher, input.Place) : null;
    }
}
