using Millrace.Kernel.Data;

namespace Millrace.PersonalMail.Composing;

/// <summary>Who a user writes as: by a connected mailbox, or, while there is none, by the account's server with his own address.</summary>
/// <param name="MailboxId">Null: the account's server.</param>
internal sealed record FromChoice(long? MailboxId, string Name, string Address);

internal static class Senders
{
    /// <summary>A user with a connected mailbox writes by his mailboxes only.</summary>
    public static async Task<IReadOnlyList<FromChoice>> OfAsync(AccountTransaction work, long accountId, long userId, CancellationToken cancellationToken)
    {
        var boxes = await Sql.Of($"""
            select b.id, coalesce(nullif(b.name, ''), trim(u.first_name || ' ' || u.last_name)), b.email from personal.mailbox b
            join accounts.app_user u on u.account_id = b.account_id and u.id = b.user_id
            where b.account_id = {accountId} and b.user_id = {userId} and b.removed_at is null order by b.id
            """).ListAsync<FromChoice>(work, cancellationToken);
        return boxes.Count > 0 ? boxes : await Sql.Of($"""
            select null::bigint, trim(first_name || ' ' || last_name), email from accounts.app_user where account_id = {accountId} and id = {userId} and disabled_at is null
            """).ListAsync<FromChoice>(work, cancellationToken);
    }
}
