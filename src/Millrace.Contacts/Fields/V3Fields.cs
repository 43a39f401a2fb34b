using System.Globalization;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.Fields;

/// <summary>A custom field and its options as v3 shows them.</summary>
internal static class V3Fields
{
    internal sealed record FieldRow(
        long Id, string Name, string Key, string Type, string Description, string DefaultValue, bool Required, bool Visible, int Position,
        DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    internal sealed record OptionRow(long Id, long FieldId, string Value, string Label, int Position, bool IsDefault, DateTimeOffset FieldCreatedAt);

    /// <param name="which">Condition over the field row <c>f</c>, and what follows it.</param>
    public static Task<List<FieldRow>> RowsAsync(AccountTransaction work, long accountId, Sql which, CancellationToken cancellationToken) => Sql.Of($"""
        select f.id, f.name, f.key, f.type, f.description, f.default_value, f.required, f.visible, f.position, f.created_at, f.updated_at
        from contacts.field f where f.account_id = {accountId} and {which}
        """).ListAsync<FieldRow>(work, cancellationToken);

    public static async Task<FieldRow> OneAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        (await RowsAsync(work, accountId, Sql.Of($"f.id = {id}"), cancellationToken)) is [var row] ? row : throw V3Errors.NoResult("Field", id);

    public static Task<List<OptionRow>> OptionsAsync(AccountTransaction work, long accountId, long[] fieldIds, CancellationToken cancellationToken) => Sql.Of($"""
        select o.id, o.field_id, o.value, o.label, o.position, o.is_default, f.created_at
        from contacts.field_option o
        join contacts.field f on f.account_id = o.account_id and f.id = o.field_id
        where o.account_id = {accountId} and o.field_id = any({fieldIds})
        order by o.field_id, o.position, o.id
        """).ListAsync<OptionRow>(work, cancellationToken);

    public static object View(FieldRow row, IEnumerable<OptionRow> options, HttpRequest request, CurrentAccount account) => new
    {
        title = row.Name,
        descript = row.Description,
        type = row.Type,
        isrequired = Flag(row.Required),
        perstag = row.Key,
        defval = row.DefaultValue,
        show_in_list = "0",
        rows = "0",
        cols = "0",
        visible = Flag(row.Visible),
        service = string.Empty,
        ordernum = row.Position.ToString(CultureInfo.InvariantCulture),
        cdate = V3Time.Iso(row.CreatedAt, account.TimeZone),
        udate = V3Time.Iso(row.UpdatedAt, account.TimeZone),
        created_timestamp = V3Time.Plain(row.CreatedAt, account.TimeZone),
        updated_timestamp = V3Time.Plain(row.UpdatedAt, account.TimeZone),
        created_by = (string?)null,
        updated_by = (string?)null,
        options = options.Where(o => o.FieldId == row.Id).Select(o => new V3Id(o.Id)),
        relations = new[] { new V3Id(row.Id) },
        links = V3Links.Of(request, "fields", row.Id, "options", "relations"),
        id = new V3Id(row.Id),
    };

    public static object OptionView(OptionRow row, HttpRequest request, CurrentAccount account) => new
    {
        field = new V3Id(row.FieldId),
        orderid = row.Position.ToString(CultureInfo.InvariantCulture),
        value = row.Value,
        label = row.Label,
        isdefault = Flag(row.IsDefault),
        cdate = V3Time.Iso(row.FieldCreatedAt, account.TimeZone),
        udate = V3Time.Iso(row.FieldCreatedAt, account.TimeZone),
        links = V3Links.Of(request, "fieldOptions", row.Id, "field"),
        id = new V3Id(row.Id),
    };

    /// <summary>A field is available on every list (<c>relid</c> 0); the relation bears the field's number.</summary>
    public static object RelationView(FieldRow row) =>
        new { field = new V3Id(row.Id), relid = "0", dorder = "0", cdate = (string?)null, links = Array.Empty<string>(), id = new V3Id(row.Id) };

    private static string Flag(bool value) => value ? "1" : "0";
}
