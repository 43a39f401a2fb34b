using Microsoft.AspNetCore.Http;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.Tags;

/// <summary>A tag on a contact as v3 shows it.</summary>
internal static class V3ContactTags
{
    internal sealed record PairRow(long Id, long ContactId, long TagId, DateTimeOffset TaggedAt);

    /// <param name="which">Condition over the row <c>ct</c>, and what follows it.</param>
    public static Task<List<PairRow>> RowsAsync(AccountTransaction work, long accountId, Sql which, CancellationToken cancellationToken) =>
        Sql.Of($"select ct.id, ct.contact_id, ct.tag_id, ct.tagged_at from contacts.contact_tag ct where ct.account_id = {accountId} and {which}")
            .ListAsync<PairRow>(work, cancellationToken);

    public static object View(PairRow row, HttpRequest request, CurrentAccount account) => new
    {
        contact = new V3Id(row.ContactId),
        tag = new V3Id(row.TagId),
        cdate = V3Time.Iso(row.TaggedAt, account.TimeZone),
        created_timestamp = V3Time.Plain(row.TaggedAt, account.TimeZone),
        updated_timestamp = V3Time.Plain(row.TaggedAt, account.TimeZone),
        created_by = (string?)null,
        updated_by = (string?)null,
        links = V3Links.Of(request, "contactTags", row.Id, "tag", "contact"),
        id = new V3Id(row.Id),
    };
}
