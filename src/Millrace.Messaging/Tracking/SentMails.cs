using Millrace.Kernel.Data;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Sending;

namespace Millrace.Messaging.Tracking;

/// <summary>Finds a send again with its version and its contact, to merge once more: redirects with values, the web copy.</summary>
internal sealed class SentMails(CompiledMessages messages, TokenKeys keys, PublicAddress address, TimeProvider clock)
{
    /// <returns>Null when there is no such send, or its contact is gone.</returns>
    public async Task<SentMail?> FindAsync(AccountTransaction work, long accountId, long sendId, CancellationToken cancellationToken)
    {
        var send = await Sql.Of($"""
            select s.account_id, s.id, s.bucket, s.lane, s.contact_id, s.message_id, s.message_version_id, s.source_kind, s.automation_id, s.step_key,
                   s.list_ids, s.to_address, s.state, s.attempts, s.ambiguities, s.queued_at, s.reason, null::text,
                   c.email, c.first_name, c.last_name, c.phone, c.ip_address, c.time_zone, null::text, s.source_id, s.recipient_no
            from messaging.send s left join contacts.contact c on c.account_id = s.account_id and c.id = s.contact_id
            where s.account_id = {accountId} and s.id = {sendId} and s.erased_at is null and (c.id is not null or s.to_address is not null)
            """).FirstAsync<DueSend>(work, cancellationToken);
        if (send is null || await messages.FindAsync(work.Transaction, accountId, send.VersionId, cancellationToken) is not { } message)
        {
            return null;
        }

        var facts = await Recipients.LoadAsync(work.Transaction, [(accountId, send.ContactId, message)], cancellationToken);
        return new SentMail(send, message, facts, new TrackingUrls(address.Url, keys, accountId) { SendId = sendId }, clock.GetUtcNow());
    }
}

/// <summary>A send with all that is needed to merge it again.</summary>
internal sealed record SentMail(DueSend Send, CompiledMessage Message, RecipientFacts Facts, TrackingUrls Urls, DateTimeOffset Now)
{
    /// <param name="tracking">Null leaves link placeholders empty.</param>
    public RenderContext Context(TrackingUrls? tracking) => Message.Merge(Send, Facts, tracking, Now);
}
