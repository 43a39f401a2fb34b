using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Time;

namespace Millrace.Contacts.Fields;

internal sealed record FieldValueRow(long Id, long ContactId, long FieldId, string Value, DateTimeOffset UpdatedAt) : IContactRow;

/// <summary><c>/api/3/fieldValues</c>: what contacts have in custom fields.</summary>
internal sealed class FieldValuesResource : ContactRowsResource<FieldValueRow>, IEndpoint
{
    public override string Plural => "fieldValues";

    public override string Singular => "fieldValue";

    public override string Model => "FieldValue";

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.One<FieldValueRow>("owner", "contacts", r => r.ContactId), V3Relation.One<FieldValueRow>("field", "fields", r => r.FieldId),
    ];

    protected override Sql Columns { get; } = Sql.Of($"r.id, r.contact_id, r.field_id, r.value, r.updated_at");

    protected override Sql Table { get; } = Sql.Of($"contacts.field_value r");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"r.id"), V3Kind.Id),
        ["fieldid"] = new(Sql.Of($"r.field_id"), V3Kind.Id),
        ["field"] = new(Sql.Of($"r.field_id"), V3Kind.Id),
        ["contact"] = new(Sql.Of($"r.contact_id"), V3Kind.Id),
        ["val"] = new(Sql.Of($"r.value"), V3Kind.Text),
        ["value"] = new(Sql.Of($"r.value"), V3Kind.Text),
    });

    public override object View(FieldValueRow row, V3Call call) => new
    {
        contact = new V3Id(row.ContactId),
        field = new V3Id(row.FieldId),
        value = row.Value,
        cdate = call.Iso(row.UpdatedAt),
        udate = call.Iso(row.UpdatedAt),
        created_by = (string?)null,
        updated_by = (string?)null,
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
        owner = new V3Id(row.ContactId),
    };

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("fieldValues", Create).RequirePermission(Permission.ManageContacts).Takes<Input>("fieldValue", "Sets a contact's value of a field, whether it had one or not.");
        routes.V3.MapPut("fieldValues/{id}", Change).RequirePermission(Permission.ManageContacts).Takes<Input>("fieldValue", "Changes the value.");
        routes.V3.MapDelete("fieldValues/{id}", Delete).RequirePermission(Permission.ManageContacts);
    }

    internal sealed record Input(V3Id Contact = default, V3Id Field = default, string? Value = null);

    private static async Task<V3Result> Create(V3Call call, FieldValueWriter writer)
    {
        var input = await call.BodyAsync<Input>("fieldValue");
        return await call.ChangeAsync(async work => V3Result.Created(await SaveAsync(work, call, input.Contact, input.Field, input.Value, writer)));
    }

    private static async Task<V3Result> Change(string id, V3Call call, FieldValueWriter writer)
    {
        var input = await call.BodyAsync<Input>("fieldValue");
        return await call.ChangeAsync(async work =>
        {
            var row = await call.Resource<FieldValuesResource>().OneAsync(work, call, V3Id.Parse(id));
            return V3Result.Ok(await SaveAsync(work, call, row.ContactId, row.FieldId, input.Value, writer));
        });
    }

    private static Task<V3Result> Delete(string id, V3Call call, FieldValueWriter writer) => call.ChangeAsync(async work =>
    {
        var row = await call.Resource<FieldValuesResource>().OneAsync(work, call, V3Id.Parse(id));
        var field = await DefinitionAsync(work, call, row.FieldId);
        await writer.WriteAsync(work.Transaction, call.Account.Id, [new FieldWrite(row.ContactId, field, FieldValue.None)], call.CancellationToken);
        return V3Result.Empty;
    });

    private static async Task<object> SaveAsync(
        AccountTransaction work, V3Call call, long contactId, long fieldId, string? text, FieldValueWriter writer)
    {
        var (contacts, values) = (call.Resource<ContactsResource>(), call.Resource<FieldValuesResource>());
        var contact = await contacts.OneAsync(work, call, contactId);
        var field = await DefinitionAsync(work, call, fieldId);
        if (!FieldValueParser.TryParse(field, text, WallClock.Zone(call.Account.TimeZone), out var value, out var problem))
        {
            throw V3Errors.Invalid("value", "field_invalid", problem);
        }

        await writer.WriteAsync(work.Transaction, call.Account.Id, [new FieldWrite(contactId, field, value)], call.CancellationToken);
        var rows = await values.RowsAsync(work, call, Sql.Of($"r.contact_id = {contactId} and r.field_id = {fieldId}"));
        var stored = rows is [var row] ? row : new FieldValueRow(0, contactId, fieldId, string.Empty, contact.UpdatedAt);
        return new { contacts = new[] { contacts.View(contact, call) }, fieldValue = values.View(stored, call) };
    }

    private static async Task<FieldDefinition> DefinitionAsync(AccountTransaction work, V3Call call, long id) =>
        (await FieldDefinitions.ByIdAsync(work.Transaction, call.Account.Id, [id], call.CancellationToken)).GetValueOrDefault(id)
        ?? throw V3Errors.NoResult("Field", id);
}
