using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Messaging.Sending;

namespace Millrace.Messaging.Transactional.Activity;

/// <summary>What a list of mails is narrowed by; null members do not narrow.</summary>
internal sealed record MailFilter(
    long ServerId, string? Stream = null, string? Recipient = null, string? FromAddress = null, string? Tag = null, string? Subject = null, string? Status = null,
    DateTimeOffset? After = null, DateTimeOffset? Before = null, string? MetadataName = null, string? MetadataValue = null, long? BeforeId = null);

internal sealed record FoundMail(
    long Id, Guid Guid, string StreamKey, string FromName, string FromAddress, string Subject, string? Tag, JsonElement Metadata, bool TrackOpens, LinkTracking TrackLinks,
    DateTimeOffset SubmittedAt, string[] Files, bool IsForgotten);

/// <param name="State">In the ledger; null when it was suppressed from the start.</param>
internal sealed record FoundRecipient(
    long MailId, string Kind, string Name, string Address, long? ContactId, SendState? State, string? Reason, DateTimeOffset? FinishedAt, DateTimeOffset? OpenedAt, DateTimeOffset? ClickedAt);

/// <summary>Lists mails, newest first.</summary>
internal static class MailSearch
{
    public static async Task<(long Total, List<FoundMail> Mails)> ListAsync(
        AccountTransaction work, long accountId, MailFilter filter, int offset, int count, bool counted, CancellationToken cancellationToken)
    {
        var where = Sql.Join(" and ", Conditions(accountId, filter));
        // Counting stops where paging does.
        var total = counted
            ? await Sql.Of($"select count(*) from (select 1 from messaging.mail m join messaging.mail_stream s on s.account_id = m.account_id and s.id = m.stream_id where {where} limit 10000) n")
                .FirstAsync<long>(work, cancellationToken)
            : 0;
        var mails = await Sql.Of($"""
            select m.id, m.guid, s.key, m.from_name, m.from_address, m.subject, m.tag, m.metadata, m.track_opens, m.track_links, m.submitted_at,
                   coalesce((select array_agg(f.name order by f.no) from messaging.mail_file f where f.account_id = m.account_id and f.mail_id = m.id), array[]::text[]),
                   m.forgotten_at is not null
            from messaging.mail m join messaging.mail_stream s on s.account_id = m.account_id and s.id = m.stream_id
            where {where} order by m.submitted_at desc, m.id desc offset {offset} limit {count}
            """).ListAsync<FoundMail>(work, cancellationToken);
        return (total, mails);
    }

    public static Task<FoundMail?> FindAsync(AccountTransaction work, long accountId, Sql which, CancellationToken cancellationToken) => Sql.Of($"""
        select m.id, m.guid, s.key, m.from_name, m.from_address, m.subject, m.tag, m.metadata, m.track_opens, m.track_links, m.submitted_at,
               coalesce((select array_agg(f.name order by f.no) from messaging.mail_file f where f.account_id = m.account_id and f.mail_id = m.id), array[]::text[]),
               m.forgotten_at is not null
        from messaging.mail m join messaging.mail_stream s on s.account_id = m.account_id and s.id = m.stream_id
        where m.account_id = {accountId} and {which}
        """).FirstAsync<FoundMail>(work, cancellationToken);

    public static async Task<ILookup<long, FoundRecipient>> RecipientsAsync(AccountTransaction work, long accountId, IReadOnlyList<long> mailIds, CancellationToken cancellationToken) =>
        (await Sql.Of($"""
            select r.mail_id, r.kind, r.name, r.address, r.contact_id, s.state, s.reason, s.finished_at, s.opened_at, s.clicked_at
            from messaging.mail_recipient r left join messaging.send s on s.account_id = r.account_id and s.id = r.send_id
            where r.account_id = {accountId} and r.mail_id = any ({mailIds}) order by r.mail_id, r.no
            """).ListAsync<FoundRecipient>(work, cancellationToken)).ToLookup(r => r.MailId);

    private static IEnumerable<Sql> Conditions(long accountId, MailFilter filter)
    {
        yield return Sql.Of($"m.account_id = {accountId} and m.server_id = {filter.ServerId}");
        if (filter.Stream is { } stream)
        {
            yield return Sql.Of($"s.key = {stream.ToLowerInvariant()}");
        }

        if (filter.Recipient is { } recipient)
        {
            yield return Sql.Of($"exists (select 1 from messaging.mail_recipient r where r.account_id = m.account_id and r.mail_id = m.id and r.address_key = {recipient.Trim().ToLowerInvariant()})");
        }

        if (filter.FromAddress is { } from)
        {
            yield return Sql.Of($"lower(m.from_address) = {from.Trim().ToLowerInvariant()}");
        }

        if (filter.Tag is { } tag)
        {
            yield return Sql.Of($"m.tag = {tag}");
        }

        if (filter.Subject is { } subject)
        {
            yield return Sql.Of($"strpos(lower(m.subject), lower({subject})) > 0");
        }

        if (filter.After is { } after)
        {
            yield return Sql.Of($"m.submitted_at >= {after}");
        }

        if (filter.Before is { } before)
        {
            yield return Sql.Of($"m.submitted_at < {before}");
        }

        if (filter.BeforeId is { } beforeId)
        {
            yield return Sql.Of($"m.id < {beforeId}");
        }

        if (filter is { MetadataName: { } name, MetadataValue: { } value })
        {
            yield return Sql.Of($"m.metadata ->> {name} = {value}");
        }

        foreach (var condition in Status(filter.Status))
        {
            yield return condition;
        }
    }

    private static IEnumerable<Sql> Status(string? status)
    {
        var open = Sql.Of($"exists (select 1 from messaging.mail_recipient r join messaging.send d on d.account_id = r.account_id and d.id = r.send_id where r.account_id = m.account_id and r.mail_id = m.id and d.next_at is not null)");
        switch (status)
        {
            case "queued":
                yield return open;
                break;
            case "sent" or "processed":
                yield return Sql.Of($"not {open}");
                break;
            case "delivered" or "bounced" or "opened" or "clicked" or "complained" or "suppressed":
                yield return Sql.Of($"exists (select 1 from messaging.mail_event e where e.account_id = m.account_id and e.mail_id = m.id and e.kind = {status})");
                break;
        }
    }
}
