using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Messaging.Erasing;

/// <summary>What is done with each send of somebody who is erased, whoever it belongs to: it stays as a number, without address and without what servers said of it.</summary>
internal static class ErasedSends
{
    public static async Task RunAsync(NpgsqlTransaction transaction, long account, long[] sends, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (sends.Length == 0)
        {
            return;
        }

        await Sql.Of($"""
            update messaging.send s
            set erased_at = coalesce(s.erased_at, {now}), sent_to = null, to_address = case when s.to_address is not null then '' end, reply_text = null,
                state = case when s.state in ('queued', 'deferred') then 'suppressed' when s.state = 'ambiguous' then 'unknown' else s.state end,
                next_at = case when s.state = 'handoff' then s.next_at end,
                finished_at = case when s.state in ('queued', 'deferred', 'ambiguous') then {now} else s.finished_at end,
                reason = case when s.state in ('queued', 'deferred') then 'no_address' else s.reason end
            where s.account_id = {account} and s.id = any ({sends})
              and (s.erased_at is null or s.sent_to is not null or s.to_address <> '' or s.reply_text is not null or s.state in ('queued', 'deferred', 'ambiguous'))
            """).ExecuteAsync(transaction, cancellationToken);
        await Sql.Of($"update messaging.send_attempt set reply_text = null where account_id = {account} and send_id = any ({sends}) and reply_text is not null")
            .ExecuteAsync(transaction, cancellationToken);
        await Sql.Of($"delete from messaging.send_dialogue where account_id = {account} and send_id = any ({sends})").ExecuteAsync(transaction, cancellationToken);
        await Sql.Of($"delete from messaging.caught_mail where account_id = {account} and send_id = any ({sends})").ExecuteAsync(transaction, cancellationToken);
        await Sql.Of($"""
            update messaging.bounce set address = '', detail = '' where account_id = {account} and send_id = any ({sends}) and (address <> '' or detail <> '')
            """).ExecuteAsync(transaction, cancellationToken);
    }
}
