using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Segments.Saved;

/// <summary><c>/api/app/segments</c>: the list, and one segment with its tree.</summary>
internal sealed class SegmentEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("segments", List).WithName("app_segment_list").RequirePermission(Permission.ViewContacts);
        routes.App.MapPost("segments", Create).WithName("app_segment_create").RequirePermission(Permission.ManageContacts);
        routes.App.MapGet("segments/{id:long}", Read).WithName("app_segment_read").RequirePermission(Permission.ViewContacts);
        routes.App.MapPut("segments/{id:long}", Change).WithName("app_segment_change").RequirePermission(Permission.ManageContacts);
        routes.App.MapDelete("segments/{id:long}", Delete).WithName("app_segment_delete").RequirePermission(Permission.ManageContacts);
        routes.App.MapPost("segments/{id:long}/duplicate", Duplicate).WithName("app_segment_duplicate").RequirePermission(Permission.ManageContacts);
        routes.App.MapGet("segments/{id:long}/uses", Uses).WithName("app_segment_uses").RequirePermission(Permission.ViewContacts);
    }

    internal sealed record SegmentPage(IReadOnlyList<SegmentListItem> Items, long Total, IReadOnlyList<string> Tags);

    /// <param name="Words">The rule in words.</param>
    /// <param name="Count">What the last count said; null when it has not been counted since its last change.</param>
    /// <param name="Uses">In how many places it is used; <c>GET segments/{id}/uses</c> names them.</param>
    internal sealed record SegmentListItem(
        long Id, string Name, string Description, IReadOnlyList<string> Tags, string Words, long? Count, DateTimeOffset? CountedAt, DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt, int Uses);

    /// <param name="Conditions">The tree with ids.</param>
    /// <param name="Version">Send it as <c>If-Match</c> when changing.</param>
    /// <param name="Names">For each source the names of the ids in the tree, to show it without further questions.</param>
    internal sealed record SegmentDetail(
        long Id, string Name, string Description, IReadOnlyList<string> Tags, JsonElement Conditions, string Words, long Version, long? Count,
        DateTimeOffset? CountedAt, int? CountMs, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Names);

    internal sealed record SegmentDraft(string Name, JsonElement Conditions, string Description = "", IReadOnlyList<string>? Tags = null)
    {
        public SegmentInput AsInput() => new(Name, Description, Tags ?? [], Conditions);
    }

    internal sealed record SavedSegment(long Id, long Version);

    internal sealed record SegmentPlaces(IReadOnlyList<SegmentPlace> Places);

    /// <param name="q">Part of the name.</param>
    /// <param name="tag">One of the words it was given.</param>
    /// <param name="sort"><c>name</c>, <c>updated</c> or <c>count</c>; with <c>-</c> in front the other way round. Default <c>name</c>.</param>
    private static async Task<Ok<SegmentPage>> List(
        CurrentAccount account, NpgsqlDataSource database, IConditions conditions, SegmentUses uses, CancellationToken cancellationToken, string? q = null, string? tag = null,
        string? sort = null, int limit = 50, int offset = 0)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var text = string.IsNullOrWhiteSpace(q) ? null : q.Trim();
        var filter = Sql.Of($"""
            s.account_id = {account.Id} and ({text} is null or strpos(lower(s.name), lower({text})) > 0) and ({tag} is null or {tag} = any (s.tags))
            """);
        var rows = await Sql.Of($"""
            select {SegmentRow.Columns} from segments.segment s where {filter}
            order by {Order(sort)}, s.id limit {Math.Clamp(limit, 1, 200)} offset {Math.Max(0, offset)}
            """).ListAsync<SegmentRow>(work, cancellationToken);
        var total = await Sql.Of($"select count(*) from segments.segment s where {filter}").FirstAsync<long>(work, cancellationToken);
        var tags = await Sql.Of($"""
            select distinct t from segments.segment s cross join lateral unnest(s.tags) t where s.account_id = {account.Id} order by t limit 200
            """).ListAsync<string>(work, cancellationToken);
        var used = (await uses.PlacesAsync(work, account.Id, [.. rows.Select(r => r.Id)], cancellationToken))
            .CountBy(p => p.SegmentId).ToDictionary();
        var trees = rows.ConvertAll(r => Parsed(conditions, r.Tree));
        var names = await conditions.NamesAsync(work, account.Id, [.. trees.OfType<ConditionTree>()], cancellationToken);
        return TypedResults.Ok(new SegmentPage(
            [.. rows.Zip(trees, (r, t) => new SegmentListItem(
                r.Id, r.Name, r.Description, r.Tags, t is null ? string.Empty : conditions.Describe(t, Namer(names)), r.LastCount, r.CountedAt, r.CreatedAt, r.UpdatedAt,
                used.GetValueOrDefault(r.Id)))],
            total,
            tags));
    }

    private static async Task<Created<SavedSegment>> Create(
        SegmentDraft request, CurrentAccount account, SegmentChanges changes, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var id = await changes.CreateAsync(work, account, request.AsInput(), cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/api/app/segments/{id}"), new SavedSegment(id, 1));
    }

    private static async Task<Ok<SegmentDetail>> Read(
        long id, CurrentAccount account, IConditions conditions, HttpResponse response, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await SegmentRow.ReadAsync(work, account.Id, id, cancellationToken);
        var tree = Parsed(conditions, row.Tree);
        var names = await conditions.NamesAsync(work, account.Id, tree is null ? [] : [tree], cancellationToken);
        Tag(response, row.Version);
        return TypedResults.Ok(new SegmentDetail(
            row.Id, row.Name, row.Description, row.Tags, row.Tree, tree is null ? string.Empty : conditions.Describe(tree, Namer(names)), row.Version,
            row.LastCount, row.CountedAt, row.CountMs, row.CreatedAt, row.UpdatedAt,
            names.GroupBy(n => n.Key.Source, StringComparer.Ordinal).ToDictionary(
                g => g.Key,
                IReadOnlyDictionary<string, string> (g) => g.ToDictionary(n => n.Key.Id.ToString(CultureInfo.InvariantCulture), n => n.Value, StringComparer.Ordinal),
                StringComparer.Ordinal)));
    }

    private static async Task<Ok<SavedSegment>> Change(
        long id, SegmentDraft request, [FromHeader(Name = "If-Match")] string? ifMatch, CurrentAccount account, SegmentChanges changes, HttpResponse response,
        NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!long.TryParse(ifMatch?.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            throw new InvalidInputException("If-Match", "required", "Say with If-Match which version you have changed.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await changes.ChangeAsync(work, account, id, version, request.AsInput(), cancellationToken);
        await work.CommitAsync(cancellationToken);
        Tag(response, version + 1);
        return TypedResults.Ok(new SavedSegment(id, version + 1));
    }

    /// <param name="force">Also when it is used; 409 <c>segment_in_use</c> otherwise.</param>
    private static async Task<NoContent> Delete(
        long id, CurrentAccount account, SegmentChanges changes, NpgsqlDataSource database, CancellationToken cancellationToken, bool force = false)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await changes.DeleteAsync(work, account, id, force, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Created<SavedSegment>> Duplicate(
        long id, CurrentAccount account, SegmentChanges changes, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await SegmentRow.ReadAsync(work, account.Id, id, cancellationToken);
        var name = await FreeNameAsync(work, account.Id, row.Name, cancellationToken);
        var copy = await changes.CreateAsync(work, account, new SegmentInput(name, row.Description, row.Tags, row.Tree), cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/api/app/segments/{copy}"), new SavedSegment(copy, 1));
    }

    private static async Task<Ok<SegmentPlaces>> Uses(
        long id, CurrentAccount account, SegmentUses uses, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await SegmentRow.ReadAsync(work, account.Id, id, cancellationToken);
        return TypedResults.Ok(new SegmentPlaces(await uses.PlacesAsync(work, account.Id, [id], cancellationToken)));
    }

    private static Sql Order(string? sort) => sort switch
    {
        null or "" or "name" => Sql.Of($"lower(s.name)"),
        "-name" => Sql.Of($"lower(s.name) desc"),
        "updated" => Sql.Of($"s.updated_at"),
        "-updated" => Sql.Of($"s.updated_at desc"),
        "count" => Sql.Of($"s.last_count nulls first"),
        "-count" => Sql.Of($"s.last_count desc nulls last"),
        _ => throw new InvalidInputException("sort", "validation_failed", "The order is name, updated or count, with - in front the other way round."),
    };

    /// <summary>Null for a tree that can no longer be read; the builder says what is wrong with it.</summary>
    private static ConditionTree? Parsed(IConditions conditions, JsonElement tree)
    {
        try
        {
            return conditions.Parse(tree, string.Empty);
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    private static Func<string, long, string> Namer(IReadOnlyDictionary<(string Source, long Id), string> names) =>
        (source, id) => names.TryGetValue((source, id), out var name) ? name : Naming.TreeNames.Deleted(id);

    private static void Tag(HttpResponse response, long version) => response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    private static async Task<string> FreeNameAsync(AccountTransaction work, long accountId, string name, CancellationToken cancellationToken)
    {
        var stem = name.Length > 180 ? name[..180] : name;
        var taken = (await Sql.Of($"select lower(name) from segments.segment where account_id = {accountId}").ListAsync<string>(work, cancellationToken))
            .ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(1, taken.Count + 1)
            .Select(n => n == 1 ? $"{stem} (copy)" : string.Create(CultureInfo.InvariantCulture, $"{stem} (copy {n})"))
            .First(free => !taken.Contains(free.ToLowerInvariant()));
    }
}
