using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Api.Dialect;
using Millrace.Contacts.Paging;
using Millrace.Contacts.People;
using Millrace.Contacts.References;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Lists;

/// <summary><c>/api/3/lists</c>.</summary>
internal sealed class ListsResource : IEndpoint
{
    private static readonly V3Filters Filters = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"l.id"), V3Kind.Id),
        ["name"] = new(Sql.Of($"l.name"), V3Kind.Text),
        ["stringid"] = new(Sql.Of($"l.string_id"), V3Kind.Text),
        ["cdate"] = new(Sql.Of($"l.created_at"), V3Kind.Time),
    });

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("lists", List).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("lists/{id}", Read).RequirePermission(Permission.ViewContacts);
        routes.V3.MapPost("lists", Create).RequirePermission(Permission.ManageLists);
        routes.V3.MapPut("lists/{id}", Change).RequirePermission(Permission.ManageLists);
        routes.V3.MapDelete("lists/{id}", Delete).RequirePermission(Permission.ManageLists);
    }

    internal sealed record Input(
        string? Name = null, string? Stringid = null,
        [property: System.Text.Json.Serialization.JsonPropertyName("sender_url")] string? SenderUrl = null,
        [property: System.Text.Json.Serialization.JsonPropertyName("sender_reminder")] string? SenderReminder = null);

    private static async Task<V3Result> List(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request);
        var where = Sql.Join(" and ", [Sql.Of($"true"), .. Filters.Where(query, account.TimeZone)]);
        var name = query.Filters.FirstOrDefault(f => f.Name == "name")?.Values[0];
        var order = name is not null && query.Orders.Any(o => o is { Name: "name", Weight: true })
            ? Sql.Of($"lower(l.name) <> lower({name}), not l.name ilike {NamedRows.Escape(name) + "%"}, lower(l.name)")
            : Filters.OrderBy(query, Sql.Of($"l.id"));
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await V3Lists.RowsAsync(
            work, account.Id, Sql.Of($"{where} order by {order} limit {query.Limit} offset {query.Offset}"), cancellationToken);
        var total = await Sql.Of($"select count(*) from contacts.list l where l.account_id = {account.Id} and {where}").FirstAsync<long>(work, cancellationToken);
        return V3Result.Ok(new { lists = rows.Select(r => V3Lists.View(r, request, account)), meta = new { total = new V3Id(total) } });
    }

    private static async Task<V3Result> Read(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return V3Result.Ok(new { list = V3Lists.View(await OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken), request, account) });
    }

    private static async Task<V3Result> Create(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, IAudit audit, CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "list", cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (string.IsNullOrWhiteSpace(input.Name))
        {
            throw V3Errors.Invalid("name", "field_missing", "The list needs a name.");
        }

        await CheckFreeAsync(work, account.Id, input.Name, id: 0, cancellationToken);
        var list = new NewList(input.Name, input.Stringid, input.SenderUrl ?? string.Empty, input.SenderReminder ?? string.Empty, account.UserId);
        var id = await ListCreation.InsertAsync(work.Transaction, account.Id, list, clock.GetUtcNow(), cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "list.create", "list", id, new { list.Name }, cancellationToken);
        var row = await OneAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Created(new { list = V3Lists.View(row, request, account) });
    }

    private static async Task<V3Result> Change(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "list", cancellationToken);
        var listId = V3Id.Parse(id);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (input.Name is not null)
        {
            await CheckFreeAsync(work, account.Id, input.Name, listId, cancellationToken);
        }

        var name = input.Name is null ? null : PersonText.Name(input.Name, ListCreation.MaxNameLength, "/data/attributes/name");
        await Sql.Of($"""
            update contacts.list
            set name = coalesce({name}, name), updated_at = {clock.GetUtcNow()},
                string_id = coalesce({(string.IsNullOrWhiteSpace(input.Stringid) ? null : PersonText.Line(input.Stringid, ListCreation.MaxNameLength, "/data/attributes/stringid"))}, string_id),
                sender_url = coalesce({(input.SenderUrl is null ? null : PersonText.Line(input.SenderUrl, ListCreation.MaxTextLength, "/data/attributes/sender_url"))}, sender_url),
                reminder = coalesce({(input.SenderReminder is null ? null : PersonText.Line(input.SenderReminder, ListCreation.MaxTextLength, "/data/attributes/sender_reminder"))}, reminder)
            where account_id = {account.Id} and id = {listId}
            """).ExecuteAsync(work, cancellationToken);
        var row = await OneAsync(work, account.Id, listId, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Ok(new { list = V3Lists.View(row, request, account) });
    }

    private static async Task<V3Result> Delete(
        string id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        await ListEndpoints.DeleteAsync(work, account, row.Id, audit, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Empty;
    }

    internal static async Task<V3Lists.ListRow> OneAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        (await V3Lists.RowsAsync(work, accountId, Sql.Of($"l.id = {id}"), cancellationToken)) is [var row] ? row : throw V3Errors.NoResult("_List", id);

    private static async Task CheckFreeAsync(AccountTransaction work, long accountId, string name, long id, CancellationToken cancellationToken)
    {
        if (await Sql.Of($"select exists (select 1 from contacts.list where account_id = {accountId} and lower(name) = lower(trim({name})) and id <> {id})")
                .FirstAsync<bool>(work, cancellationToken))
        {
            throw V3Errors.Invalid("name", "duplicate", "A list of this name already exists.");
        }
    }
}
