using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Suppression;
using Millrace.Messaging.Transactional.Events;
using Npgsql;

namespace Millrace.Messaging.Tracking;

internal enum UnsubscribeOutcome
{
    NoSuchSend,

    /// <summary>The mail was a test: whoever tries its link out is not the contact whose name stands in it, so nothing changed.</summary>
    WasTest,
    Unsubscribed,
}

/// <summary>Unsubscribes the contact of one send, from the lists the mail stands for or from everything.</summary>
internal sealed class UnsubscribeBySend(NpgsqlDataSource database, ISubscriptions subscriptions, TransactionalEvents events, IActivityLog activities, TimeProvider clock)
{
    internal sealed record Target(long ContactId, long MessageId, long? AutomationId, string? StepKey, long[]? ListIds, string? Address, bool Before, bool IsTest, bool IsErased);

    public static Task<Target?> FindAsync(AccountTransaction work, long accountId, long sendId, CancellationToken cancellationToken) => Sql.Of($"""
        select s.contact_id, s.message_id, s.automation_id, s.step_key, s.list_ids, coalesce(c.email, s.sent_to), s.unsubscribed_at is not null,
               s.source_kind = 'test', s.erased_at is not null
        from messaging.send s left join contacts.contact c on c.account_id = s.account_id and c.id = s.contact_id
        where s.account_id = {accountId} and s.id = {sendId} and s.source_kind <> 'forward'
        """).FirstAsync<Target>(work, cancellationToken);

    public async Task<UnsubscribeOutcome> RunAsync(long accountId, long sendId, bool all, string way, string? reason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);

        // From the commit on nothing more goes to them: no hand-over can slip in between.
        await SendGate.CloseAsync(work.Transaction, accountId, cancellationToken);
        if (await FindAsync(work, accountId, sendId, cancellationToken) is not { } target)
        {
            return UnsubscribeOutcome.NoSuchSend;
        }

        if (target.IsTest)
        {
            return UnsubscribeOutcome.WasTest;
        }

        // Nothing is sent to them any more, and there is no address to remember.
        if (target.IsErased)
        {
            return UnsubscribeOutcome.Unsubscribed;
        }

        // A mail of a stream: its reader leaves that stream, whatever lists the contact may be on.
        if (await events.UnsubscribedAsync(work.Transaction, accountId, sendId, now, cancellationToken))
        {
            await work.CommitAsync(cancellationToken);
            events.Wake();
            return UnsubscribeOutcome.Unsubscribed;
        }

        var lists = all ? null : target.ListIds;
        var origin = target.AutomationId is { } automation ? new ActivityOrigin(automation, target.StepKey!) : null;
        var ended = target.ContactId == 0 ? 0 : await subscriptions.UnsubscribeAsync(
            work.Transaction, accountId, [target.ContactId], lists, "email", reason, cancellationToken, origin);

        // Someone on none of the lists leaves no mark there, so the address itself is remembered.
        if (target.Address is { } address && (lists is null || ended == 0) && !(target.Before && lists is not null))
        {
            await SuppressionBook.WriteAsync(
                work.Transaction, accountId, [address], SuppressionReason.Unsubscribe, sendId, reason ?? way, now, cancellationToken);
        }

        var first = await Sql.Of($"""
            update messaging.send set unsubscribed_at = {now} where account_id = {accountId} and id = {sendId} and unsubscribed_at is null
            """).ExecuteAsync(work, cancellationToken);
        if (first > 0 && target.ContactId > 0)
        {
            await activities.AppendAsync(
                work.Transaction, accountId,
                [new EmailUnsubscribed(target.ContactId, target.MessageId, sendId, lists is null, way, reason)], cancellationToken, origin);
        }

        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return UnsubscribeOutcome.Unsubscribed;
    }
}
