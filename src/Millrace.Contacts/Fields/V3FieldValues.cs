using Microsoft.AspNetCore.Http;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.Fields;

/// <summary>A custom field value as v3 shows it.</summary>
internal static class V3FieldValues
{
    internal sealed record ValueRow(long Id, long ContactId, long FieldId, string Value, DateTimeOffset UpdatedAt);

    /// <param name="which">Condition over the value row <c>v</c>, and what follows it.</param>
    public static Task<List<ValueRow>> RowsAsync(AccountTransaction work, long accountId, Sql which, CancellationToken cancellationToken) =>
        Sql.Of($"select v.id, v.contact_id, v.field_id, v.value, v.updated_at from contacts.field_value v where v.account_id = {accountId} and {which}")
            .ListAsync<ValueRow>(work, cancellationToken);

    public static object View(ValueRow row, HttpRequest request, CurrentAccount account) => new
    {
        contact = new V3Id(row.ContactId),
        field = new V3Id(row.FieldId),
        value = row.Value,
        cdate = V3Time.Iso(row.UpdatedAt, account.TimeZone),
        udate = V3Time.Iso(row.UpdatedAt, account.TimeZone),
        created_by = (string?)null,
        updated_by = (string?)null,
        links = V3Links.Of(request, "fieldValues", row.Id, "owner", "field"),
        id = new V3Id(row.Id),
        owner = new V3Id(row.ContactId),
    };
}
