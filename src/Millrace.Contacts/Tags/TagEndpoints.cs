using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Contacts.Counting;
using Millrace.Contacts.Paging;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Tags;

/// <summary><c>/api/app/tags</c>: tags by name with their counts.</summary>
internal sealed class TagEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("tags", All).WithName("tag_list").RequirePermission(Permission.ViewContacts);
        routes.App.MapPost("tags", Create).WithName("tag_create").RequirePermission(Permission.ManageTags);
        routes.App.MapPut("tags/{id:long}", Change).WithName("tag_change").RequirePermission(Permission.ManageTags);
        routes.App.MapDelete("tags/{id:long}", Delete).WithName("tag_delete").RequirePermission(Permission.ManageTags);
    }

    internal sealed record TagInput(string Name, string Description = "");

    internal sealed record TagView(long Id, string Name, string Description, long Contacts, DateTimeOffset CreatedAt);

    internal sealed record TagPage(IReadOnlyList<TagView> Items, string? NextCursor);

    private static async Task<Ok<TagPage>> All(
        string? q, string? cursor, int? limit, CurrentAccount account, NpgsqlDataSource database, Cursors cursors, CancellationToken cancellationToken)
    {
        var size = Cursors.Limit(limit);
        var listing = $"tags {account.Id} {q}";
        var after = cursors.Read(listing, cursor);
        var search = string.IsNullOrWhiteSpace(q) ? Sql.Empty : Sql.Of($"and t.name ilike {$"%{LikePattern.Escape(q.Trim())}%"}");
        // Names are unique ignoring case, so the name alone is the position.
        var beyond = after is null ? Sql.Empty : Sql.Of($"and lower(t.name) > lower({after.Key})");
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Query(account.Id, Sql.Of($"{search} {beyond} order by lower(t.name) limit {size + 1}")).ListAsync<TagView>(work, cancellationToken);
        var next = rows.Count > size ? cursors.Write(listing, new Position(rows[size - 1].Id, rows[size - 1].Name)) : null;
        return TypedResults.Ok(new TagPage([.. rows.Take(size)], next));
    }

    private static async Task<Created<TagView>> Create(
        TagInput request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var id = await InsertAsync(work, account.Id, request.Name, request.Description, "/", clock.GetUtcNow(), cancellationToken);
        var view = await OneAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/tags/{id}", view);
    }

    private static async Task<Ok<TagView>> Change(
        long id, TagInput request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"""
            update contacts.tag set name = {PersonText.Name(request.Name, Tagging.MaxNameLength, "/name")},
                                    description = {PersonText.Line(request.Description, 1_000, "/description")}
            where account_id = {account.Id} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        var view = await OneAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(view);
    }

    private static async Task<NoContent> Delete(
        long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await DeleteAsync(work, account, id, audit, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>A taken name breaks <c>tag_name_unique</c> (409).</summary>
    internal static async Task<long> InsertAsync(
        AccountTransaction work, long accountId, string name, string description, string path, DateTimeOffset now, CancellationToken cancellationToken) =>
        await Sql.Of($"""
            insert into contacts.tag (account_id, name, description, created_at)
            values ({accountId}, {PersonText.Name(name, Tagging.MaxNameLength, path + "name")},
                    {PersonText.Line(description, 1_000, path + "description")}, {now})
            returning id
            """).FirstAsync<long>(work, cancellationToken);

    /// <summary>The tag comes off every contact; nothing starts because of it.</summary>
    internal static async Task DeleteAsync(AccountTransaction work, CurrentAccount account, long id, IAudit audit, CancellationToken cancellationToken)
    {
        var name = await Sql.Of($"delete from contacts.tag where account_id = {account.Id} and id = {id} returning name")
            .FirstAsync<string>(work, cancellationToken) ?? throw new NotFoundException();
        await Counters.ForgetAsync(work.Transaction, account.Id, CounterKind.Tag, id, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "tag.delete", "tag", id, new { name }, cancellationToken);
    }

    internal static async Task<TagView> OneAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        await Query(accountId, Sql.Of($"and t.id = {id}")).FirstAsync<TagView>(work, cancellationToken) ?? throw new NotFoundException();

    private static Sql Query(long accountId, Sql more) => Sql.Of($"""
        select t.id, t.name, t.description, coalesce(n.total, 0), t.created_at
        from contacts.tag t
        left join contacts.counter n on n.account_id = t.account_id and n.kind = 'tag' and n.subject_id = t.id
        where t.account_id = {accountId} {more}
        """);
}
