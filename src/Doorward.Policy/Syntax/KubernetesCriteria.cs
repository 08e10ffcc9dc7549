namespace Doorward.Policy.Syntax;

/// <summary>A part of <see cref="KubernetesFacts"/>.</summary>
public enum KubernetesField
{
    /// <summary>The verb.</summary>
    Verb,

    /// <summary>The API group; empty for the core group.</summary>
    Group,

    /// <summary>The resource, plural.</summary>
    Resource,

    /// <summary>The subresource; empty for none.</summary>
    Subresource,

    /// <summary>The namespace; empty for none.</summary>
    Namespace,

    /// <summary>The object's name; empty for none.</summary>
    Name,
}

/// <summary><c>kubernetes/&lt;field&gt;</c>: matches a part of the request to a Kubernetes API server.</summary>
/// <remarks>Empty is a value like any other. Reasons <see cref="Reason.KubernetesOk"/> and <see cref="Reason.KubernetesUnauthorized"/>.</remarks>
/// <param name="Field">Which part.</param>
/// <param name="Matcher">What it must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record KubernetesCriterion(KubernetesField Field, StringMatcher Matcher, Place Place) : Criterion("kubernetes/" + Field.ToString().ToLowerInvariant(), FactKinds.Kubernetes, Place);

/// <summary><c>kubernetes/exec_class</c>: whether the request runs something in, or opens a way into, a pod, node or service.</summary>
/// <remarks>
/// A request is of that class where its subresource is <c>exec</c>, <c>attach</c>, <c>portforward</c>, <c>ephemeralcontainers</c> or
/// <c>proxy</c>, of whatever resource, or its verb is <c>proxy</c>. True where that equals <see cref="Is"/>, else false.
/// Reasons <see cref="Reason.KubernetesOk"/> and <see cref="Reason.KubernetesUnauthorized"/>.
/// </remarks>
/// <param name="Is">Whether it must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record KubernetesExecClassCriterion(bool Is, Place Place) : Criterion("kubernetes/exec_class", FactKinds.Kubernetes, Place);
