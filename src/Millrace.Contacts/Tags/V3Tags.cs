using Microsoft.AspNetCore.Http;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.Tags;

/// <summary>A tag as v3 shows it.</summary>
internal static class V3Tags
{
    internal sealed record TagRow(long Id, string Name, string Description, DateTimeOffset CreatedAt, long Contacts);

    /// <param name="which">Condition over the tag row <c>t</c>, and what follows it.</param>
    public static Task<List<TagRow>> RowsAsync(AccountTransaction work, long accountId, Sql which, CancellationToken cancellationToken) => Sql.Of($"""
        select t.id, t.name, t.description, t.created_at, coalesce(n.total, 0)
        from contacts.tag t
        left join contacts.counter n on n.account_id = t.account_id and n.kind = 'tag' and n.subject_id = t.id
        where t.account_id = {accountId} and {which}
        """).ListAsync<TagRow>(work, cancellationToken);

    public static async Task<object[]> ViewsAsync(
        AccountTransaction work, HttpRequest request, CurrentAccount account, long[] ids, CancellationToken cancellationToken) =>
        [.. (await RowsAsync(work, account.Id, Sql.Of($"t.id = any({ids}) order by t.id"), cancellationToken)).Select(r => View(r, request, account))];

    public static object View(TagRow row, HttpRequest request, CurrentAccount account) => new
    {
        tagType = "contact",
        tag = row.Name,
        description = row.Description,
        subscriber_count = new V3Id(row.Contacts),
        cdate = V3Time.Iso(row.CreatedAt, account.TimeZone),
        created_timestamp = V3Time.Plain(row.CreatedAt, account.TimeZone),
        updated_timestamp = V3Time.Plain(row.CreatedAt, account.TimeZone),
        created_by = (string?)null,
        updated_by = (string?)null,
        links = V3Links.Of(request, "tags", row.Id, "contactGoalTags"),
        id = new V3Id(row.Id),
    };
}
