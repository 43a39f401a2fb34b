using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Activities.Contracts;
using Millrace.Api.Dialect;
using Millrace.Contacts.Paging;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Fields;

/// <summary><c>/api/3/fieldValues</c> and <c>/api/3/contacts/{id}/fieldValues</c>.</summary>
internal sealed class FieldValuesResource : IEndpoint
{
    private static readonly V3Filters Filters = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"v.id"), V3Kind.Id),
        ["fieldid"] = new(Sql.Of($"v.field_id"), V3Kind.Id),
        ["field"] = new(Sql.Of($"v.field_id"), V3Kind.Id),
        ["contact"] = new(Sql.Of($"v.contact_id"), V3Kind.Id),
        ["val"] = new(Sql.Of($"v.value"), V3Kind.Text),
        ["value"] = new(Sql.Of($"v.value"), V3Kind.Text),
    });

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("fieldValues", List).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("fieldValues/{id}", Read).RequirePermission(Permission.ViewContacts);
        routes.V3.MapGet("contacts/{id}/fieldValues", OfContact).RequirePermission(Permission.ViewContacts);
        routes.V3.MapPost("fieldValues", Create).RequirePermission(Permission.ManageContacts);
        routes.V3.MapPut("fieldValues/{id}", Change).RequirePermission(Permission.ManageContacts);
        routes.V3.MapDelete("fieldValues/{id}", Delete).RequirePermission(Permission.ManageContacts);
    }

    internal sealed record Input(V3Id Contact = default, V3Id Field = default, string? Value = null);

    private static async Task<V3Result> List(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request);
        var where = Sql.Join(" and ", [Sql.Of($"true"), .. Filters.Where(query, account.TimeZone)]);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await V3FieldValues.RowsAsync(
            work, account.Id, Sql.Of($"{where} order by {Filters.OrderBy(query, Sql.Of($"v.id"))} limit {query.Limit} offset {query.Offset}"), cancellationToken);
        var total = await Sql.Of($"select count(*) from contacts.field_value v where v.account_id = {account.Id} and {where}")
            .FirstAsync<long>(work, cancellationToken);
        return V3Result.Ok(new { fieldValues = rows.Select(r => V3FieldValues.View(r, request, account)), meta = new { total = new V3Id(total) } });
    }

    private static async Task<V3Result> Read(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return V3Result.Ok(new { fieldValue = V3FieldValues.View(await OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken), request, account) });
    }

    private static async Task<V3Result> OfContact(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var contact = await V3Contacts.RowAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        var rows = await V3FieldValues.RowsAsync(work, account.Id, Sql.Of($"v.contact_id = {contact.Id} order by v.id"), cancellationToken);
        return V3Result.Ok(new { fieldValues = rows.Select(r => V3FieldValues.View(r, request, account)) });
    }

    /// <summary>Upsert by contact and field.</summary>
    private static async Task<V3Result> Create(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, FieldValueWriter writer, V3Contacts contacts, IActivityLog activities,
        CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "fieldValue", cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return V3Result.Created(await SaveAsync(
            work, input.Contact, input.Field, input.Value, request, account, writer, contacts, activities, cancellationToken));
    }

    private static async Task<V3Result> Change(
        string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, FieldValueWriter writer, V3Contacts contacts,
        IActivityLog activities, CancellationToken cancellationToken)
    {
        var input = await V3Body.ReadAsync<Input>(request, "fieldValue", cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        return V3Result.Ok(await SaveAsync(
            work, row.ContactId, row.FieldId, input.Value, request, account, writer, contacts, activities, cancellationToken));
    }

    private static async Task<V3Result> Delete(
        string id, CurrentAccount account, NpgsqlDataSource database, FieldValueWriter writer, IActivityLog activities, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await OneAsync(work, account.Id, V3Id.Parse(id), cancellationToken);
        var field = await DefinitionAsync(work, account.Id, row.FieldId, cancellationToken);
        await writer.WriteAsync(work.Transaction, account.Id, [new FieldWrite(row.ContactId, field, FieldValue.None)], cancellationToken);
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return V3Result.Empty;
    }

    private static async Task<object> SaveAsync(
        AccountTransaction work, long contactId, long fieldId, string? text, HttpRequest request, CurrentAccount account, FieldValueWriter writer,
        V3Contacts contacts, IActivityLog activities, CancellationToken cancellationToken)
    {
        var contact = await V3Contacts.RowAsync(work, account.Id, contactId, cancellationToken);
        var field = await DefinitionAsync(work, account.Id, fieldId, cancellationToken);
        if (!FieldValueParser.TryParse(field, text, TimeZones.Find(account.TimeZone), out var value, out var problem))
        {
            throw V3Errors.Invalid("value", "field_invalid", problem);
        }

        await writer.WriteAsync(work.Transaction, account.Id, [new FieldWrite(contactId, field, value)], cancellationToken);
        var rows = await V3FieldValues.RowsAsync(work, account.Id, Sql.Of($"v.contact_id = {contactId} and v.field_id = {fieldId}"), cancellationToken);
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        var stored = rows is [var row] ? row : new V3FieldValues.ValueRow(0, contactId, fieldId, string.Empty, contact.UpdatedAt);
        return new { contacts = new[] { contacts.View(contact, request, account) }, fieldValue = V3FieldValues.View(stored, request, account) };
    }

    private static async Task<FieldDefinition> DefinitionAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        (await FieldDefinitions.ByIdAsync(work.Transaction, accountId, [id], cancellationToken)).GetValueOrDefault(id) ?? throw V3Errors.NoResult("Field", id);

    private static async Task<V3FieldValues.ValueRow> OneAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        (await V3FieldValues.RowsAsync(work, accountId, Sql.Of($"v.id = {id}"), cancellationToken)) is [var row]
            ? row
            : throw V3Errors.NoResult("FieldValue", id);
}
