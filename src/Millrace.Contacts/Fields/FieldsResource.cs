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

namespace Millrace.Contacts.Fields;

/// <summary><c>/api/3/fields</c> with their options, and <c>/api/3/fieldOption/bulk</c>. Every field is usable on every list, which one relation says.</summary>
internal sealed class FieldsResource : IEndpoint
{
    private static readonly V3Filters Filters = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"f.id"), V3Kind.Id),
        ["title"] = new(Sql.Of($"f.name"), V3Kind.Text),
        ["perstag"] = new(Sql.Of($"f.key"), V3Kind.Text),
        ["type"] = new(Sql.Of($"f.type"), V3Kind.Text),
    });

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("fields", List).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("fields/{id}", Read).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("fields/{id}/options", Options).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("fields/{id}/relations", Relations).RequirePermission(Permission.ViewContacts);
        routes.V3.MapPost("fields", Create).RequirePermission(Permission.ManageFields);
        routes.V3.MapPut("fields/{id}", Change).RequirePermission(Permission.ManageFields);
        routes.V3.MapDelete("fields/{id}", Delete).RequirePermission(Permission.ManageFields);
    }

    internal sealed record Input(
        string? Title = null, string? Type = null, string? Descript = null, string? Perstag = null, string? Defval = null, string? Isrequired = null,
        string? Visible = null, string? Ordernum = null);

    private static async Task<V3Result> List(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request, defaultLimit: 100);
        List<Sql> all = [Sql.Of($"true"), .. Filters.Where(query, account.TimeZone)];
        if (request.Query["search"].ToString() is { Length: > 0 and <= 500 } search)
        {
            all.Add(Sql.Of($"f.name ilike {$"%{NamedRows.Escape(search)}%"}"));
        }

        var where = Sql.Join(" and ", all);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await V3Fields.RowsAsync(
            work, account.Id, Sql.Of($"{where} order by {Filters.OrderBy(query, Sql.Of($"f.id"))} limit {query.Limit} offset {query.Offset}"), cancellationToken);
        var options = await V3Fields.OptionsAsync(work, account.Id, [.. rows.Select(r => r.Id)], cancellationToken);
        var total = await Sql.Of($"select count(*) from contacts.field f where f.account_id = {account.Id} and {where}").FirstAsync<long>(work, cancellationToken);
        return V3Result.Ok(new
        {
            fieldOptions = options.Select(o => V3Fields.OptionView(o, request, account)),
            fieldRels = rows.Select(V3Fields.RelationView),
            fields = rows.Select(r => V3Fields.View(r, options, request, account)),
            meta = new { total = new V3Id(total), selected = (string?)null },
        });
    }

    private static async Task<V3Result> Read(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await V3Fields.OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        var options = await V3Fields.OptionsAsync(work, account.Id, [row.Id], cancellationToken);
        return V3Result.Ok(new
        {
            fieldOptions = options.Select(o => V3Fields.OptionView(o, request, account)),
            fieldRels = new[] { V3Fields.RelationView(row) },
            field = V3Fields.View(row, options, request, account),
        });
    }

    private static async Task<V3Result> Options(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await V3Fields.OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        var options = await V3Fields.OptionsAsync(work, account.Id, [row.Id], cancellationToken);
        return V3Result.Ok(new { fieldOptions = options.Select(o => V3Fields.OptionView(o, request, account)) });
    }

    private static async Task<V3Result> Relations(
        string id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return V3Result.Ok(new { fieldRels = new[] { V3Fields.RelationView(await V3Fields.OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken)) } });
    }

    private static async Task<V3Result> Create(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, IAudit audit, CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "field", cancellationToken);
        if (string.IsNullOrWhiteSpace(input.Title))
        {
            throw V3Errors.Invalid("title", "field_missing", "The field needs a title.");
        }

        if (!EnumNames<FieldType>.TryParse(input.Type is null or "" or "NULL" ? "text" : input.Type, out var type))
        {
            throw V3Errors.Invalid("type", "field_invalid", "There is no such type of field.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await CheckFreeAsync(work, account.Id, input.Title, id: 0, cancellationToken);
        var id = await FieldCreation.InsertAsync(
            work.Transaction, account.Id,
            new NewField(
                input.Title, type, input.Perstag, GroupId: null, input.Descript ?? string.Empty, input.Defval ?? string.Empty, input.Isrequired == "1",
                input.Visible != "0", int.TryParse(input.Ordernum, System.Globalization.CultureInfo.InvariantCulture, out var position) ? position : null),
            clock.GetUtcNow(), cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "field.create", "field", id, new { input.Title }, cancellationToken);
        var row = await V3Fields.OneAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Created(new { field = V3Fields.View(row, [], request, account) });
    }

    private static async Task<V3Result> Change(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "field", cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await V3Fields.OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        await CheckFreeAsync(work, account.Id, input.Title ?? row.Name, row.Id, cancellationToken);
        var key = string.IsNullOrWhiteSpace(input.Perstag) ? row.Key : FieldCreation.CheckKey(input.Perstag);
        await Sql.Of($"""
            update contacts.field
            set name = {FieldCreation.CheckName(input.Title ?? row.Name)}, key = {key}, updated_at = {clock.GetUtcNow()},
                description = {PersonText.Line(input.Descript ?? row.Description, 1_000, "/data/attributes/descript")},
                default_value = {PersonText.Line(input.Defval ?? row.DefaultValue, FieldValueParser.MaxLength, "/data/attributes/defval")},
                required = {(input.Isrequired is null ? row.Required : input.Isrequired == "1")},
                visible = {(input.Visible is null ? row.Visible : input.Visible == "1")}
            where account_id = {account.Id} and id = {row.Id}
            """).ExecuteAsync(work, cancellationToken);
        var after = await V3Fields.OneAsync(work, account.Id, row.Id, cancellationToken);
        var options = await V3Fields.OptionsAsync(work, account.Id, [row.Id], cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Ok(new { field = V3Fields.View(after, options, request, account) });
    }

    private static async Task<V3Result> Delete(
        string id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await V3Fields.OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        await FieldEndpoints.DeleteAsync(work, account, row.Id, audit, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return V3Result.Empty;
    }

    private static async Task CheckFreeAsync(AccountTransaction work, long accountId, string title, long id, CancellationToken cancellationToken)
    {
        if (await Sql.Of($"select exists (select 1 from contacts.field where account_id = {accountId} and lower(name) = lower(trim({title})) and id <> {id})")
                .FirstAsync<bool>(work, cancellationToken))
        {
            throw V3Errors.Invalid("title", "duplicate", "A field with this title already exists.");
        }
    }
}
