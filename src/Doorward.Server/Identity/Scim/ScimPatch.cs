using System.Text.Json.Nodes;

namespace Doorward.Server.Identity.Scim;

/// <summary>
/// Changes a resource as a PATCH asks (RFC 7644, 3.5.2), in the dialects that are in use: Entra writes operations with capitals, values
/// without a path whose keys are paths, and filters for elements that are to be made; Okta writes whole objects without a path.
/// </summary>
internal static class ScimPatch
{
    public static void Apply(JsonObject resource, JsonObject message)
    {
        if (message["Operations"] is not JsonArray { Count: > 0 and <= 1000 } operations) throw ScimFault.InvalidSyntax("A PATCH has «Operations», a thousand at most.");
        foreach (var node in operations)
        {
            if (node is not JsonObject operation || operation["op"] is not JsonValue op || !op.TryGetValue<string>(out var name)) throw ScimFault.InvalidSyntax("Each operation has an «op».");
            var path = operation["path"] is JsonValue text && text.TryGetValue<string>(out var written) ? ScimPath.Parse(written) : null;
            Apply(resource, name.ToLowerInvariant(), path, operation["value"]);
        }
    }

    private static void Apply(JsonObject resource, string op, ScimPath? path, JsonNode? value)
    {
        switch (op)
        {
            case "remove":
                Remove(resource, path ?? throw ScimFault.NoTarget("A removal needs a «path»."), value);
                break;
            case "add" or "replace" when path is not null:
                Set(resource, path, value, append: op == "add");
                break;
            case "add" or "replace" when value is JsonObject values:
                foreach (var (key, one) in values.ToArray()) Set(resource, ScimPath.Parse(key), one, append: op == "add");
                break;
            default:
                throw ScimFault.InvalidSyntax("An operation is add, replace or remove, and has a «value».");
        }
    }

    private static void Set(JsonObject resource, ScimPath path, JsonNode? value, bool append)
    {
        var container = ContainerOf(resource, path);
        if (path.Attribute is not { } name)
        {
            if (value is not JsonObject parts) throw ScimFault.InvalidValue("An extension is an object.");
            foreach (var (key, one) in parts.ToArray()) container[key] = one?.DeepClone();
        }
        else if (path.Filter is { } filter)
        {
            SetElements(container, name, filter, path.Sub, value);
        }
        else if (path.Sub is { } sub)
        {
            if (container[name] is JsonArray list) foreach (var element in list.OfType<JsonObject>()) element[sub] = value?.DeepClone();
            else (container[name] as JsonObject ?? Made(container, name))[sub] = value?.DeepClone();
        }
        else if (append && container[name] is JsonArray all)
        {
            var there = all.Select(KeyOf).ToHashSet(StringComparer.Ordinal);
            foreach (var element in value is JsonArray added ? added.ToArray() : [value])
                if (there.Add(KeyOf(element))) all.Add(element?.DeepClone());
        }
        else if (append && container[name] is JsonObject known && value is JsonObject merged)
        {
            foreach (var (key, one) in merged.ToArray()) known[key] = one?.DeepClone();
        }
        else
        {
            container[name] = value?.DeepClone();
        }
    }

    private static void SetElements(JsonObject container, string name, ScimFilter filter, string? sub, JsonNode? value)
    {
        var list = container[name] as JsonArray ?? [];
        if (container[name] is not JsonArray) container[name] = list;
        var matching = list.OfType<JsonObject>().Where(filter.Matches).ToList();
        if (matching.Count == 0)
        {
            // Whoever writes to the element that equals something means one that does.
            if (filter is not ScimFilter.Compare { Operator: "eq", Path: { Filter: null, Sub: null, Attribute: { } key }, Value: { } equal }) throw ScimFault.NoTarget("The path matches nothing.");
            var made = new JsonObject(container.Options) { [key] = equal.DeepClone() };
            list.Add(made);
            matching.Add(made);
        }
        foreach (var element in matching)
        {
            if (sub is not null) element[sub] = value?.DeepClone();
            else if (value is JsonObject parts) foreach (var (key, one) in parts.ToArray()) element[key] = one?.DeepClone();
            else throw ScimFault.InvalidValue("An element is an object.");
        }
    }

    private static void Remove(JsonObject resource, ScimPath path, JsonNode? value)
    {
        if (path.Attribute is not { } name)
        {
            resource.Remove(path.Extension!);
            return;
        }
        var container = path.Extension is null ? resource : resource[path.Extension] as JsonObject;
        if (container is null) return;
        if (path.Filter is null && container[name] is JsonArray all && value is JsonArray or JsonObject)
        {
            // Entra names the members to remove by a value.
            var gone = (value is JsonArray some ? some.ToArray() : [value]).Select(KeyOf).ToHashSet(StringComparer.Ordinal);
            all.RemoveAll(one => gone.Contains(KeyOf(one)));
        }
        else if (path.Filter is { } filter)
        {
            if (container[name] is not JsonArray list) return;
            foreach (var element in list.OfType<JsonObject>().Where(filter.Matches).ToArray())
            {
                if (path.Sub is { } part) element.Remove(part);
                else list.Remove(element);
            }
        }
        else if (path.Sub is { } sub)
        {
            (container[name] as JsonObject)?.Remove(sub);
        }
        else
        {
            container.Remove(name);
        }
    }

    private static JsonObject ContainerOf(JsonObject resource, ScimPath path) =>
        path.Extension is null ? resource : resource[path.Extension] as JsonObject ?? Made(resource, path.Extension);

    private static JsonObject Made(JsonObject container, string name)
    {
        var made = new JsonObject(container.Options);
        container[name] = made;
        return made;
    }

    /// <summary>Elements of one key are one: those with the same value, whatever else they say, or the same as a whole. A list may have a hundred thousand.</summary>
    private static string KeyOf(JsonNode? element) => element is JsonObject named && named["value"] is { } value ? "value " + value.ToJsonString() : element?.ToJsonString() ?? "null";
}
