using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using System.Globalization;

namespace Millrace.Contacts.Fields;

internal sealed record FieldRow(
    long Id, string Name, string Key, string Type, string Description, string DefaultValue, bool Required, bool Visible, int Position,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long[] OptionIds);

/// <summary><c>/api/3/fields</c>, with their options and relations beside them. Every field is usable on every list, which one relation says.</summary>
internal sealed class FieldsResource : V3Resource<FieldRow>, IEndpoint
{
    public override string Plural => "fields";

    public override string Singular => "field";

    public override string Model => "Field";

    public override IReadOnlyList<V3Relation> Relations { get; } = [V3Relation.Many("options", "fieldOptions"), V3Relation.Many("relations", "fieldRels")];

    protected override Sql Columns { get; } = Sql.Of($"""
        f.id, f.name, f.key, f.type, f.description, f.default_value, f.required, f.visible, f.position, f.created_at, f.updated_at,
        array(select o.id from contacts.field_option o where o.account_id = f.account_id and o.field_id = f.id order by o.position, o.id)
        """);

    protected override Sql Table { get; } = Sql.Of($"contacts.field f");

    protected override Sql AccountColumn { get; } = Sql.Of($"f.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"f.id");

    protected override int DefaultLimit => 100;

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"f.id"), V3Kind.Id),
        ["title"] = new(Sql.Of($"f.name"), V3Kind.Text),
        ["perstag"] = new(Sql.Of($"f.key"), V3Kind.Text),
        ["type"] = new(Sql.Of($"f.type"), V3Kind.Text),
        ["ordernum"] = new(Sql.Of($"f.position::bigint"), V3Kind.Id),
    });

    protected override long IdOf(FieldRow row) => row.Id;

    protected override IEnumerable<Sql> Where(V3Call call, V3Query query) => call.Request.Query["search"].ToString() is { Length: > 0 and <= 500 } search
        ? [.. base.Where(call, query), Sql.Of($"f.name ilike {$"%{LikePattern.Escape(search)}%"}")]
        : base.Where(call, query);

    protected override Task<object> MetaAsync(AccountTransaction work, V3Call call, V3Query query, IReadOnlyList<FieldRow> rows, long total) =>
        Task.FromResult<object>(new { total = new V3Id(total), selected = (string?)null });

    protected override async Task AddAsync(AccountTransaction work, V3Call call, IReadOnlyList<FieldRow> rows, Dictionary<string, object?> body)
    {
        body["fieldOptions"] = await call.Resource<FieldOptionsResource>().ViewsAsync(work, call, [.. rows.SelectMany(r => r.OptionIds)]);
        body["fieldRels"] = rows.Select(r => FieldRelsResource.ViewOf(r.Id));
    }

    public override object View(FieldRow row, V3Call call) => new
    {
        title = row.Name,
        descript = row.Description,
        type = row.Type,
        isrequired = row.Required ? "1" : "0",
        perstag = row.Key,
        defval = row.DefaultValue,
        show_in_list = "0",
        rows = "0",
        cols = "0",
        visible = row.Visible ? "1" : "0",
        service = string.Empty,
        ordernum = row.Position.ToString(CultureInfo.InvariantCulture),
        cdate = call.Iso(row.CreatedAt),
        udate = call.Iso(row.UpdatedAt),
        created_timestamp = call.Plain(row.CreatedAt),
        updated_timestamp = call.Plain(row.UpdatedAt),
        created_by = (string?)null,
        updated_by = (string?)null,
        options = row.OptionIds.Select(id => new V3Id(id)),
        relations = new[] { new V3Id(row.Id) },
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
    };

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("fields", Create).RequirePermission(Permission.ManageFields).Takes<Input>("field", "Makes a custom field.");
        routes.V3.MapPut("fields/{id}", Change).RequirePermission(Permission.ManageFields).Takes<Input>("field", "Changes what is given; the type stays.");
        routes.V3.MapDelete("fields/{id}", Delete).RequirePermission(Permission.ManageFields);
    }

    internal sealed record Input(
        string? Title = null, string? Type = null, string? Descript = null, string? Perstag = null, string? Defval = null, string? Isrequired = null,
        string? Visible = null, string? Ordernum = null);

    private static async Task<V3Result> Create(V3Call call, TimeProvider clock, IAudit audit)
    {
        var input = await call.BodyAsync<Input>("field");
        if (string.IsNullOrWhiteSpace(input.Title))
        {
            throw V3Errors.Invalid("title", "field_missing", "The field needs a title.");
        }

        if (!EnumNames<FieldType>.TryParse(input.Type is null or "" or "NULL" ? "text" : input.Type, out var type))
        {
            throw V3Errors.Invalid("type", "field_invalid", "There is no such type of field.");
        }

        var fields = call.Resource<FieldsResource>();
        return await call.ChangeAsync(async work =>
        {
            await CheckFreeAsync(work, call, input.Title, id: 0);
            var id = await FieldCreation.InsertAsync(
                work.Transaction, call.Account.Id,
                new NewField(
                    input.Title, type, input.Perstag, GroupId: null, input.Descript ?? string.Empty, input.Defval ?? string.Empty, input.Isrequired == "1",
                    input.Visible != "0", int.TryParse(input.Ordernum, CultureInfo.InvariantCulture, out var position) ? position : null),
                clock.GetUtcNow(), call.CancellationToken);
            await audit.AppendAsync(
                work.Transaction, call.Account.Id, call.Account.UserId, "field.create", "field", id, new { input.Title }, call.CancellationToken);
            return V3Result.Created(fields.Wrap(await fields.OneAsync(work, call, id), call));
        });
    }

    private static async Task<V3Result> Change(string id, V3Call call, TimeProvider clock)
    {
        var input = await call.BodyAsync<Input>("field");
        var fields = call.Resource<FieldsResource>();
        return await call.ChangeAsync(async work =>
        {
            var row = await fields.OneAsync(work, call, V3Id.Parse(id));
            await CheckFreeAsync(work, call, input.Title ?? row.Name, row.Id);
            var key = string.IsNullOrWhiteSpace(input.Perstag) ? row.Key : FieldCreation.CheckKey(input.Perstag);
            await Sql.Of($"""
                update contacts.field
                set name = {FieldCreation.CheckName(input.Title ?? row.Name)}, key = {key}, updated_at = {clock.GetUtcNow()},
                    description = {PersonText.Line(input.Descript ?? row.Description, 1_000, "/data/attributes/descript")},
                    default_value = {PersonText.Line(input.Defval ?? row.DefaultValue, FieldValueParser.MaxLength, "/data/attributes/defval")},
                    required = {(input.Isrequired is null ? row.Required : input.Isrequired == "1")},
                    visible = {(input.Visible is null ? row.Visible : input.Visible == "1")}
                where account_id = {call.Account.Id} and id = {row.Id}
                """).ExecuteAsync(work, call.CancellationToken);
            return V3Result.Ok(fields.Wrap(await fields.OneAsync(work, call, row.Id), call));
        });
    }

    private static Task<V3Result> Delete(string id, V3Call call, IAudit audit) => call.ChangeAsync(async work =>
    {
        var row = await call.Resource<FieldsResource>().OneAsync(work, call, V3Id.Parse(id));
        await FieldEndpoints.DeleteAsync(work, call.Account, row.Id, audit, call.CancellationToken);
        return V3Result.Empty;
    });

    private static async Task CheckFreeAsync(AccountTransaction work, V3Call call, string title, long id)
    {
        if (await Sql.Of($"""
            select exists (select 1 from contacts.field where account_id = {call.Account.Id} and lower(name) = lower(trim({title})) and id <> {id})
            """).FirstAsync<bool>(work, call.CancellationToken))
        {
            throw V3Errors.Invalid("title", "duplicate", "A field with this title already exists.");
        }
    }
}
