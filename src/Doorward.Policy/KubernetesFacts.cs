namespace Doorward.Policy;

/// <summary>A request to a Kubernetes API server, parsed as the server itself does.</summary>
/// <param name="Verb">get, list, watch, create, update, patch, delete, deletecollection; the method in lower case for non-resource paths.</param>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Resource">The resource, plural; empty for non-resource paths.</param>
/// <param name="Subresource">The subresource; empty for none.</param>
/// <param name="Namespace">The namespace; empty for none.</param>
/// <param name="Name">The object's name; empty for none.</param>
public sealed record KubernetesFacts(string Verb, string Group, string Resource, string Subresource, string Namespace, string Name);
