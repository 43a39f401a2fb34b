using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Counting;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Lists;

/// <summary><c>/api/app/lists</c>: all lists of the account (few) with their counts of active subscribers.</summary>
internal sealed class ListEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("lists", All).WithName("list_list").RequirePermission(Permission.ViewContacts);
        routes.App.MapGet("lists/{id:long}", One).WithName("list_read").RequirePermission(Permission.ViewContacts);
        routes.App.MapPost("lists", Create).WithName("list_create").RequirePermission(Permission.ManageLists);
        routes.App.MapPut("lists/{id:long}", Change).WithName("list_change").RequirePermission(Permission.ManageLists);
        routes.App.MapDelete("lists/{id:long}", Delete).WithName("list_delete").RequirePermission(Permission.ManageLists);
    }

    internal sealed record ListInput(string Name, string? StringId = null, string SenderUrl = "", string Reminder = "");

    internal sealed record ListView(
        long Id, string Name, string StringId, string SenderUrl, string Reminder, long ActiveContacts, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    internal sealed record ListViews(IReadOnlyList<ListView> Items);

    private static async Task<Ok<ListViews>> All(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(new ListViews(
            await Query(account.Id, Sql.Of($"order by lower(l.name), l.id")).ListAsync<ListView>(work, cancellationToken)));
    }

    private static async Task<Ok<ListView>> One(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(await OneAsync(work, account.Id, id, cancellationToken));
    }

    private static async Task<Created<ListView>> Create(
        ListInput request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var list = new NewList(request.Name, request.StringId, request.SenderUrl, request.Reminder, account.UserId);
        var id = await ListCreation.InsertAsync(work.Transaction, account.Id, list, clock.GetUtcNow(), cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "list.create", "list", id, new { list.Name }, cancellationToken);
        var view = await OneAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/lists/{id}", view);
    }

    private static async Task<Ok<ListView>> Change(
        long id, ListInput request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, IAudit audit, CancellationToken cancellationToken)
    {
        var name = PersonText.Name(request.Name, ListCreation.MaxNameLength, "/name");
        var stringId = request.StringId is { Length: > 0 } given ? PersonText.Line(given, ListCreation.MaxNameLength, "/string_id") : null;
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"""
            update contacts.list
            set name = {name}, string_id = coalesce({stringId}, string_id), updated_at = {clock.GetUtcNow()},
                sender_url = {PersonText.Line(request.SenderUrl, ListCreation.MaxTextLength, "/sender_url")},
                reminder = {PersonText.Line(request.Reminder, ListCreation.MaxTextLength, "/reminder")}
            where account_id = {account.Id} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        var view = await OneAsync(work, account.Id, id, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "list.change", "list", id, new { name }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(view);
    }

    private static async Task<NoContent> Delete(
        long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, IEnumerable<IListUse> uses, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await DeleteAsync(work, account, id, audit, uses, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Subscriptions go with the list; the contacts stay, and nothing starts because of it.</summary>
    /// <exception cref="ConflictException"><c>list_in_use</c>: something that is scheduled or under way needs it.</exception>
    internal static async Task DeleteAsync(
        AccountTransaction work, CurrentAccount account, long id, IAudit audit, IEnumerable<IListUse> uses, CancellationToken cancellationToken)
    {
        foreach (var use in uses)
        {
            if (await use.NamesAsync(work, account.Id, id, cancellationToken) is { Count: > 0 } names)
            {
                throw new ConflictException("list_in_use", $"This list is still needed by {string.Join(", ", names.Select(n => $"“{n}”"))}.");
            }
        }

        var name = await Sql.Of($"delete from contacts.list where account_id = {account.Id} and id = {id} returning name")
            .FirstAsync<string>(work, cancellationToken) ?? throw new NotFoundException();
        await Counters.ForgetAsync(work.Transaction, account.Id, CounterKind.List, id, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "list.delete", "list", id, new { name }, cancellationToken);
    }

    private static async Task<ListView> OneAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        await Query(accountId, Sql.Of($"and l.id = {id}")).FirstAsync<ListView>(work, cancellationToken) ?? throw new NotFoundException();

    private static Sql Query(long accountId, Sql more) => Sql.Of($"""
        select l.id, l.name, l.string_id, l.sender_url, l.reminder, coalesce(n.total, 0), l.created_at, l.updated_at
        from contacts.list l
        left join contacts.counter n on n.account_id = l.account_id and n.kind = 'list' and n.subject_id = l.id
        where l.account_id = {accountId} {more}
        """);
}
