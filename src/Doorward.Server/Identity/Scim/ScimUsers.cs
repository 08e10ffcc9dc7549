using System.Text.Json.Nodes;
using Doorward.Server.Identity.Directory;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Routes.Options;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Scim;

/// <summary>What a client wants of a user.</summary>
/// <param name="Client">Who asks.</param>
/// <param name="Id">Null for a new one.</param>
/// <param name="IfMatch">The version that the client knows; null for any.</param>
/// <param name="Change">From what there is to what there shall be; null where it is to be deleted.</param>
internal sealed record UserChange(ScimOptions Client, string? Id, string? IfMatch, Func<JsonObject, JsonObject>? Change);

/// <summary>
/// What SCIM clients change of users. A directory that lets thousands go sends each by itself, so those that come at the same time share a
/// transaction. What is wrong with one is known before anything is written, and harms no other.
/// </summary>
internal sealed class ScimUsers
{
    private const int Most = 100;

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly Together<UserChange, Became> _together;

    public ScimUsers(Database database, TimeProvider time)
    {
        (_database, _time) = (database, time);
        // Of one client, and of each user once: a second change stands on the first.
        _together = new(WriteAsync, (chosen, one) => chosen.All(other => other.Client == one.Client && (one.Id is null || other.Id != one.Id)), Most);
    }

    /// <returns>The user as it is now, or was before it was deleted.</returns>
    public async Task<ScimResource> ChangeAsync(UserChange asked)
    {
        var became = await _together.AskAsync(asked);
        return became.Fault is null ? became.User! : throw became.Fault;
    }

    private async Task<IReadOnlyList<Became>> WriteAsync(IReadOnlyList<UserChange> asked) =>
        (await _database.WriteAsync(transaction => WriteAsync(transaction, asked[0].Client, asked), CancellationToken.None)).Value;

    private async Task<IReadOnlyList<Became>> WriteAsync(Transaction transaction, ScimOptions client, IReadOnlyList<UserChange> asked)
    {
        var there = await ScimResource.FindAllAsync(transaction, client.Name, ScimResource.User, [.. asked.Select(one => one.Id).OfType<string>()], transaction.ForUpdate);
        var known = there.ToDictionary(user => user.Id, StringComparer.Ordinal);
        var now = _time.GetUtcNow();
        var became = asked.Select(one => Became.Of(() => Wanted(one, one.Id is null ? null : known.GetValueOrDefault(one.Id), now), transaction.Deadline)).ToArray();
        await ReadPeopleAsync(transaction, client, became);
        await RefuseTakenNamesAsync(transaction, client, became);

        var good = became.Where(one => one.Fault is null).ToList();
        if (good.Count == 0) return became;
        await ScimResource.KeepAsync(transaction, [.. good.Where(one => !one.IsDeleted).Select(one => one.User!)]);
        await ScimResource.DeleteUsersAsync(transaction, client.Name, [.. good.Where(one => one.IsDeleted).Select(one => one.User!.Id)]);
        var told = good.Select(one => one.Told).OfType<DirectoryRow>().ToList();
        await DirectoryStore.KeepAsync(transaction, told);
        foreach (var former in good.Where(one => !one.IsDeleted).Select(one => one.Known?.Person).OfType<string>().Except(told.Select(row => row.Person)).Order(StringComparer.Ordinal))
            await DirectoryStore.ForgetAsync(transaction, ScimStore.SourceOf(client), former);
        await SignalSources.HeardAsync(transaction, ScimStore.SourceOf(client), $"User {good[^1].Act}", good.Count, good.Count(one => one.User!.Person is null), now);
        return became;
    }

    private static Became Wanted(UserChange asked, ScimResource? known, DateTimeOffset now)
    {
        if (asked.Id is not null) ScimResource.Check(known, ScimResource.User, asked.Id, asked.IfMatch);
        return asked.Change is not { } change
            ? new() { Known = known, User = known, IsDeleted = true }
            : new() { Known = known, User = ScimResource.Of(asked.Client, ScimResource.User, change(known?.Content() ?? ScimJson.Parse("{}"))).After(known, now) };
    }

    /// <summary>A name is one user's. One that is given up in the same moment is not free yet.</summary>
    private static async Task RefuseTakenNamesAsync(Transaction transaction, ScimOptions client, Became[] became)
    {
        var named = became.Where(one => one is { Fault: null, IsDeleted: false } && one.User!.NameKey != one.Known?.NameKey).ToList();
        if (named.Count == 0) return;
        var taken = await ScimResource.TakenAsync(transaction, client.Name, ScimResource.User, [.. named.Select(one => one.User!.NameKey)]);
        foreach (var one in named)
            if (!taken.Add(one.User!.NameKey)) one.Fault = ScimFault.NotUnique("There is a User of this name already.");
    }

    private static async Task ReadPeopleAsync(Transaction transaction, ScimOptions client, Became[] became)
    {
        var kept = became.Where(one => one is { Fault: null, IsDeleted: false, User.Person: not null }).ToList();
        var groups = await ScimPerson.GroupsAsync(transaction, client.Name, [.. kept.Select(one => one.User!.Id)]);
        foreach (var one in kept) one.Try(() => one.Told = ScimPerson.Read(one.User!, groups));
        foreach (var one in became)
            if (one is { Fault: null, IsDeleted: true, User.Person: { } person }) one.Told = new() { Source = ScimStore.SourceOf(client), Person = person, Active = 0 };
    }

    /// <summary>What becomes of one change.</summary>
    private sealed class Became
    {
        public ScimResource? Known { get; init; }

        public ScimResource? User { get; init; }

        public bool IsDeleted { get; init; }

        /// <summary>What it says of a person; null where it is nobody.</summary>
        public DirectoryRow? Told { get; set; }

        /// <summary>What is wrong with it, or with what we make of it: its own in any case.</summary>
        public Exception? Fault { get; set; }

        public string Act => IsDeleted ? "deleted" : Known is null ? "made" : "changed";

        public static Became Of(Func<Became> wanted, CancellationToken deadline)
        {
            deadline.ThrowIfCancellationRequested();
            try
            {
                return wanted();
            }
            catch (Exception fault)
            {
                return new() { Fault = fault };
            }
        }

        public void Try(Action act)
        {
            try
            {
                act();
            }
            catch (Exception fault)
            {
                Fault = fault;
            }
        }
    }
}
