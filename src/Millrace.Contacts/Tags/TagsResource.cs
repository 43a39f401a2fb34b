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

namespace Millrace.Contacts.Tags;

/// <summary><c>/api/3/tags</c>.</summary>
internal sealed class TagsResource : IEndpoint
{
    private static readonly V3Attribute Name = new(Sql.Of($"t.name"), V3Kind.Text);

    private static readonly V3Filters Filters = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"t.id"), V3Kind.Id),
        ["tag"] = Name,
        ["description"] = new(Sql.Of($"t.description"), V3Kind.Text),
        ["cdate"] = new(Sql.Of($"t.created_at"), V3Kind.Time),
    });

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("tags", List).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("tags/{id}", Read).RequirePermission(Permission.ViewContacts);
        routes.V3.MapPost("tags", Create).RequirePermission(Permission.ManageTags);
        routes.V3.MapPut("tags/{id}", Change).RequirePermission(Permission.ManageTags);
        routes.V3.MapDelete("tags/{id}", Delete).RequirePermission(Permission.ManageTags);
    }

    internal sealed record Input(string? Tag = null, string? TagType = null, string? Description = null);

    private static async Task<V3Result> List(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request);
        var search = query.Filters.FirstOrDefault(f => f.Name == "search")
            ?? (request.Query["search"].ToString() is { Length: > 0 } text ? new V3Filter("search", "contains", [text]) : null);
        List<Sql> all = [Sql.Of($"true"), .. Filters.Where(query, account.TimeZone)];
        if (search is not null)
        {
            all.Add(V3Filters.Condition(search with { Op = search.Op ?? "contains" }, Name, account.TimeZone));
        }

        var order = query.Orders.FirstOrDefault(o => o.Name == "search") switch
        {
            { Weight: true } when search is not null => Sql.Of($"""
                lower(t.name) <> lower({search.Values[0]}), not t.name ilike {NamedRows.Escape(search.Values[0]) + "%"}, lower(t.name)
                """),
            { Descending: true } => Sql.Of($"lower(t.name) desc"),
            { } => Sql.Of($"lower(t.name)"),
            null => Filters.OrderBy(query, Sql.Of($"t.id")),
        };
        var where = Sql.Join(" and ", all);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await V3Tags.RowsAsync(
            work, account.Id, Sql.Of($"{where} order by {order} limit {query.Limit} offset {query.Offset}"), cancellationToken);
        var total = await Sql.Of($"select count(*) from contacts.tag t where t.account_id = {account.Id} and {where}").FirstAsync<long>(work, cancellationToken);
        return V3Result.Ok(new { tags = rows.Select(r => V3Tags.View(r, request, account)), meta = new { total = new V3Id(total) } });
    }

    private static async Task<V3Result> Read(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return V3Result.Ok(new { tag = V3Tags.View(await OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken), request, account) });
    }

    private static async Task<V3Result> Create(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "tag", cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await CheckFreeAsync(work, account.Id, input.Tag, id: 0, cancellationToken);
        var id = await TagEndpoints.InsertAsync(
            work, account.Id, input.Tag ?? string.Empty, input.Description ?? string.Empty, "/data/attributes/", clock.GetUtcNow(), cancellationToken);
        var row = await OneAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Created(new
        {
            tag = new
            {
                tag = row.Name,
                description = row.Description,
                tagType = input.TagType ?? "contact",
                cdate = V3Time.Iso(row.CreatedAt, account.TimeZone),
                links = V3Links.Of(request, "tags", id, "contactGoalTags"),
                id = new V3Id(id),
            },
        });
    }

    private static async Task<V3Result> Change(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "tag", cancellationToken);
        var tagId = V3Id.Parse(id);
        var name = input.Tag is null ? null : PersonText.Name(input.Tag, Tagging.MaxNameLength, "/data/attributes/tag");
        var description = input.Description is null ? null : PersonText.Line(input.Description, 1_000, "/data/attributes/description");
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await CheckFreeAsync(work, account.Id, name, tagId, cancellationToken);
        await Sql.Of($"""
            update contacts.tag set name = coalesce({name}, name), description = coalesce({description}, description)
            where account_id = {account.Id} and id = {tagId}
            """).ExecuteAsync(work, cancellationToken);
        var row = await OneAsync(work, account.Id, tagId, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Ok(new { tag = V3Tags.View(row, request, account) });
    }

    private static async Task<V3Result> Delete(
        string id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        await TagEndpoints.DeleteAsync(work, account, row.Id, audit, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Empty;
    }

    internal static async Task<V3Tags.TagRow> OneAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        (await V3Tags.RowsAsync(work, accountId, Sql.Of($"t.id = {id}"), cancellationToken)) is [var row] ? row : throw V3Errors.NoResult("Tag", id);

    private static async Task CheckFreeAsync(AccountTransaction work, long accountId, string? name, long id, CancellationToken cancellationToken)
    {
        if (name is not null && await Sql.Of($"""
            select exists (select 1 from contacts.tag where account_id = {accountId} and lower(name) = lower(trim({name})) and id <> {id})
            """).FirstAsync<bool>(work, cancellationToken))
        {
            throw V3Errors.Invalid("tag", "duplicate", "The tag already exists.");
        }
    }
}
