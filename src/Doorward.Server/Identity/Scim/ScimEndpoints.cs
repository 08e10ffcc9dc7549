using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Doorward.Server.Audit;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Routes.Options;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.Scim;

/// <summary>The SCIM clients of the configuration in force.</summary>
internal delegate IReadOnlyList<ScimOptions> ScimClients();

/// <summary>
/// SCIM 2.0 (RFC 7643, RFC 7644) for directories that push people and groups. Each client has a path and a token of its own. A change is
/// answered once it is durable; what takes access away is then told to every node.
/// </summary>
internal sealed class ScimEndpoints(ScimClients clients, ScimStore store, SignalRecords records, AuditTrail audit, TimeProvider time)
{
    public const string Path = Product.ReservedPath + "/scim/v2";

    private const int LargestBody = 4 * 1024 * 1024, MostResults = 1000;

    public async Task AnswerAsync(HttpContext context)
    {
        var parts = context.Request.Path.Value![Path.Length..].Trim('/').Split('/');
        if (clients().FirstOrDefault(one => one.Name == parts[0]) is not { } client || !IsFrom(context.Request, client))
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{Product.Name}\"";
            await records.RefusedAsync(context, clients().FirstOrDefault(one => one.Name == parts[0]) is { } meant ? ScimStore.SourceOf(meant) : "scim", "unauthorized", "not the token of this SCIM client");
            await ErrorAsync(context, new ScimFault(StatusCodes.Status401Unauthorized, null, "Send the token of this SCIM client."));
            return;
        }
        try
        {
            await AnswerAsync(context, client, [.. parts.Skip(1).Select(Uri.UnescapeDataString)]);
        }
        catch (ScimFault fault)
        {
            // What is not there, or has changed, is asked for in good faith.
            if (fault.Status is StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge) await records.RefusedAsync(context, ScimStore.SourceOf(client), fault.Type ?? "tooLarge", fault.Message);
            await ErrorAsync(context, fault);
        }
        catch (StoreUnavailableException)
        {
            // Not accepted: the client sends it again.
            context.Response.Headers.RetryAfter = "5";
            await ErrorAsync(context, new ScimFault(StatusCodes.Status503ServiceUnavailable, null, "The store does not answer. Send it again."));
        }
    }

    private Task AnswerAsync(HttpContext context, ScimOptions client, string[] parts)
    {
        var method = context.Request.Method;
        var type = parts is [{ } named, ..] ? named switch { "Users" => ScimResource.User, "Groups" => ScimResource.Group, _ => null } : null;
        return (method, parts) switch
        {
            ("GET", ["ServiceProviderConfig" or "ResourceTypes" or "Schemas", ..]) => WriteAsync(context, 200, ScimDescription.Of(parts) ?? throw ScimFault.NotFound("There is no such description.")),
            ("GET", [_]) when type is not null => ListAsync(context, client, type),
            ("POST", [_]) when type is not null => KeepAsync(context, client, type, null, (_, body) => body),
            ("GET", [_, var id]) when type is not null => GetAsync(context, client, type, id),
            ("PUT", [_, var id]) when type is not null => KeepAsync(context, client, type, id, (_, body) => body),
            ("PATCH", [_, var id]) when type is not null => KeepAsync(context, client, type, id, Patched),
            ("DELETE", [_, var id]) when type is not null => DeleteAsync(context, client, type, id),
            _ => throw ScimFault.NotFound("There is no such endpoint."),
        };
    }

    private static JsonObject Patched(JsonObject resource, JsonObject message)
    {
        ScimPatch.Apply(resource, message);
        return resource;
    }

    private async Task GetAsync(HttpContext context, ScimOptions client, string type, string id)
    {
        var (resource, members) = await store.FindAsync(client, type, id, context.RequestAborted) ?? throw ScimFault.NotFound($"There is no {type} «{id}».");
        if (context.Request.Headers.IfNoneMatch.ToString() == resource.ETag) context.Response.StatusCode = StatusCodes.Status304NotModified;
        else await WriteAsync(context, 200, client, resource, members);
    }

    private async Task ListAsync(HttpContext context, ScimOptions client, string type)
    {
        var query = context.Request.Query;
        var filter = query["filter"] is [{ Length: > 0 } text] ? ScimFilter.Parse(text) : null;
        var start = Math.Max(1, Number(query["startIndex"].ToString(), 1));
        var count = Math.Clamp(Number(query["count"].ToString(), 100), 0, MostResults);
        var found = await store.ListAsync(client, type, filter, context.RequestAborted);
        var page = found.Skip(start - 1).Take(count).ToList();
        await WriteAsync(context, 200, new JsonObject
        {
            ["schemas"] = new JsonArray(ScimSchemas.List),
            ["totalResults"] = found.Count,
            ["startIndex"] = start,
            ["itemsPerPage"] = page.Count,
            ["Resources"] = new JsonArray([.. page.Select(one => (JsonNode)one.Resource.Answer(Location(context, client, one.Resource), one.Members))]),
        });
    }

    private async Task KeepAsync(HttpContext context, ScimOptions client, string type, string? id, Func<JsonObject, JsonObject, JsonObject> change)
    {
        var body = ScimJson.Parse(await BodyAsync(context));
        var (resource, members) = await store.KeepAsync(client, type, id, IfMatch(context), before => change(before, (JsonObject)body.DeepClone()));
        await RecordAsync(context, client, id is null ? $"create {type}" : $"change {type}", resource);
        if (id is null) context.Response.Headers.Location = Location(context, client, resource);
        await WriteAsync(context, id is null ? StatusCodes.Status201Created : 200, client, resource, members);
    }

    private async Task DeleteAsync(HttpContext context, ScimOptions client, string type, string id)
    {
        await store.DeleteAsync(client, type, id, IfMatch(context));
        await RecordAsync(context, client, $"delete {type}", new ScimResource { Type = type, Id = id });
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task RecordAsync(HttpContext context, ScimOptions client, string act, ScimResource resource) => await audit.Append(new EventRecord
    {
        Kind = EventKind.Signal,
        At = time.GetUtcNow(),
        Act = act,
        Target = new Party { PersonId = resource.Person },
        RequestId = context.TraceIdentifier,
        Details =
        [
            KeyValuePair.Create("source", ScimStore.SourceOf(client)),
            KeyValuePair.Create("resource", resource.Id),
            // Never silent: somebody was told of whom nobody knows who it is.
            .. resource is { Type: ScimResource.User, Person: null, NameKey.Length: > 0 } ? (KeyValuePair<string, string>[])[KeyValuePair.Create("unmatched", resource.NameKey)] : [],
        ],
    });

    private static bool IsFrom(HttpRequest request, ScimOptions client) => client.Token is { } token && SharedToken.IsIn(request, token);

    private static async Task<string> BodyAsync(HttpContext context) => Encoding.UTF8.GetString(
        await BoundedBody.ReadAsync(context, LargestBody) ?? throw new ScimFault(StatusCodes.Status413PayloadTooLarge, null, "The body is larger than 4 MiB, or packed."));

    private static string? IfMatch(HttpContext context) => context.Request.Headers.IfMatch is [{ Length: > 0 } tag] ? tag : null;

    private static int Number(string text, int otherwise) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static string Location(HttpContext context, ScimOptions client, ScimResource resource) =>
        $"{context.Request.Scheme}://{context.Request.Host.Value}{Path}/{client.Name}/{resource.Type}s/{resource.Id}";

    private static Task WriteAsync(HttpContext context, int status, ScimOptions client, ScimResource resource, IReadOnlyList<string> members)
    {
        context.Response.Headers.ETag = resource.ETag;
        return WriteAsync(context, status, resource.Answer(Location(context, client, resource), members));
    }

    private static Task WriteAsync(HttpContext context, int status, JsonObject answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/scim+json";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(answer.ToJsonString());
    }

    private static Task ErrorAsync(HttpContext context, ScimFault fault)
    {
        var answer = new JsonObject { ["schemas"] = new JsonArray(ScimSchemas.Error), ["status"] = fault.Status.ToString(CultureInfo.InvariantCulture), ["detail"] = fault.Message };
        if (fault.Type is { } type) answer["scimType"] = type;
        return WriteAsync(context, fault.Status, answer);
    }
}
