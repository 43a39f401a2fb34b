using System.Globalization;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Dialect;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.Lists;

/// <summary>A subscription as v3 shows it.</summary>
internal static class V3ContactLists
{
    internal sealed record PairRow(
        long Id, long ContactId, long ListId, SubscriptionStatus Status, DateTimeOffset? SubscribedAt, DateTimeOffset? UnsubscribedAt, string? Reason,
        DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string FirstName, string LastName);

    /// <param name="which">Condition over the subscription row <c>s</c>, and what follows it.</param>
    public static Task<List<PairRow>> RowsAsync(AccountTransaction work, long accountId, Sql which, CancellationToken cancellationToken) => Sql.Of($"""
        select s.id, s.contact_id, s.list_id, s.status, s.subscribed_at, s.unsubscribed_at, s.reason, s.created_at, s.updated_at, c.first_name, c.last_name
        from contacts.subscription s
        join contacts.contact c on c.account_id = s.account_id and c.id = s.contact_id
        where s.account_id = {accountId} and {which}
        """).ListAsync<PairRow>(work, cancellationToken);

    public static object View(PairRow row, HttpRequest request, CurrentAccount account) => new
    {
        contact = new V3Id(row.ContactId),
        list = new V3Id(row.ListId),
        form = (string?)null,
        seriesid = "0",
        sdate = V3Time.Iso(row.SubscribedAt, account.TimeZone),
        udate = V3Time.Iso(row.UnsubscribedAt, account.TimeZone),
        status = ((int)row.Status).ToString(CultureInfo.InvariantCulture),
        responder = "1",
        sync = "0",
        unsubreason = row.Reason ?? string.Empty,
        campaign = (string?)null,
        message = (string?)null,
        first_name = row.FirstName,
        last_name = row.LastName,
        ip4Sub = "0",
        sourceid = "0",
        autosyncLog = (string?)null,
        ip4_last = "0",
        ip4Unsub = "0",
        created_timestamp = V3Time.Plain(row.CreatedAt, account.TimeZone),
        updated_timestamp = V3Time.Plain(row.UpdatedAt, account.TimeZone),
        created_by = (string?)null,
        updated_by = (string?)null,
        unsubscribeAutomation = (string?)null,
        links = V3Links.Of(
            request, "contactLists", row.Id, "automation", "list", "contact", "form", "autosyncLog", "campaign", "unsubscribeAutomation", "message"),
        id = new V3Id(row.Id),
        automation = (string?)null,
    };
}
