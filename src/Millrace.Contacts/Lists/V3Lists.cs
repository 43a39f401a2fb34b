using Microsoft.AspNetCore.Http;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.Lists;

/// <summary>A list as v3 shows it.</summary>
internal static class V3Lists
{
    internal sealed record ListRow(
        long Id, string Name, string StringId, string SenderUrl, string Reminder, long? OwnerId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    /// <param name="which">Condition over the list row <c>l</c>, and what follows it.</param>
    public static Task<List<ListRow>> RowsAsync(AccountTransaction work, long accountId, Sql which, CancellationToken cancellationToken) => Sql.Of($"""
        select l.id, l.name, l.string_id, l.sender_url, l.reminder, l.owner_id, l.created_at, l.updated_at
        from contacts.list l where l.account_id = {accountId} and {which}
        """).ListAsync<ListRow>(work, cancellationToken);

    public static async Task<object[]> ViewsAsync(
        AccountTransaction work, HttpRequest request, CurrentAccount account, long[] ids, CancellationToken cancellationToken) =>
        [.. (await RowsAsync(work, account.Id, Sql.Of($"l.id = any({ids}) order by l.id"), cancellationToken)).Select(r => View(r, request, account))];

    public static object View(ListRow row, HttpRequest request, CurrentAccount account)
    {
        var owner = new V3Id(row.OwnerId ?? account.UserId);
        return new
        {
            stringid = row.StringId,
            userid = owner,
            name = row.Name,
            cdate = V3Time.Iso(row.CreatedAt, account.TimeZone),
            p_use_tracking = "1",
            p_use_analytics_read = "0",
            p_use_analytics_link = "0",
            p_use_twitter = "0",
            p_use_facebook = "0",
            p_embed_image = "1",
            p_use_captcha = "1",
            send_last_broadcast = "0",
            @private = "0",
            analytics_domains = (string?)null,
            analytics_source = "",
            analytics_ua = "",
            twitter_token = "",
            twitter_token_secret = "",
            facebook_session = (string?)null,
            carboncopy = (string?)null,
            subscription_notify = (string?)null,
            unsubscription_notify = (string?)null,
            require_name = "0",
            get_unsubscribe_reason = "0",
            to_name = "Subscriber",
            optinoptout = "1",
            sender_name = "",
            sender_addr1 = "",
            sender_addr2 = "",
            sender_city = "",
            sender_state = "",
            sender_zip = "",
            sender_country = "",
            sender_phone = "",
            sender_url = row.SenderUrl,
            sender_reminder = row.Reminder,
            fulladdress = "",
            optinmessageid = "0",
            optoutconf = "0",
            deletestamp = (string?)null,
            udate = V3Time.Iso(row.UpdatedAt, account.TimeZone),
            created_timestamp = V3Time.Plain(row.CreatedAt, account.TimeZone),
            updated_timestamp = V3Time.Plain(row.UpdatedAt, account.TimeZone),
            created_by = (string?)null,
            updated_by = (string?)null,
            channel = "email",
            links = V3Links.Of(request, "lists", row.Id, "contactGoalLists", "user", "addressLists"),
            id = new V3Id(row.Id),
            user = owner,
        };
    }
}
