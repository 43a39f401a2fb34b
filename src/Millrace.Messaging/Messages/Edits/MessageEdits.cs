using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Json;

namespace Millrace.Messaging.Messages.Edits;

/// <summary>Keeps what a mail was. The editor saves by itself every second; what one person saves within some minutes is one version.</summary>
internal static class MessageEdits
{
    /// <summary>Older ones without a note go.</summary>
    private const int MaxKept = 100;
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(10);

    public static async Task RecordAsync(
        AccountTransaction work, long accountId, long userId, long messageId, MessagesResource.MessageInput input, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var content = new JsonText(JsonSerializer.Serialize(input, AppJson.Options));
        var joined = await Sql.Of($"""
            update messaging.message_edit e set content = {content}, saved_at = {now}
            where account_id = {accountId} and message_id = {messageId} and note = '' and user_id is not distinct from {(long?)userId} and began_at > {now - Together}
              and no = (select max(no) from messaging.message_edit l where l.account_id = {accountId} and l.message_id = {messageId})
            """).ExecuteAsync(work, cancellationToken);
        if (joined > 0)
        {
            return;
        }

        await Sql.Of($"""
            insert into messaging.message_edit (account_id, message_id, no, content, user_id, began_at, saved_at)
            select {accountId}, {messageId}, coalesce(max(no), 0) + 1, {content}, {userId}, {now}, {now}
            from messaging.message_edit where account_id = {accountId} and message_id = {messageId}
            """).ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            delete from messaging.message_edit where account_id = {accountId} and message_id = {messageId} and note = ''
              and no <= (select max(no) - {MaxKept} from messaging.message_edit where account_id = {accountId} and message_id = {messageId})
            """).ExecuteAsync(work, cancellationToken);
    }
}
