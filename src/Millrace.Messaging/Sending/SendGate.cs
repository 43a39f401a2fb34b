using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>
/// Who may not be mailed, and why: the one place where it is decided. The same expression runs when a mail is queued, when it is rendered and
/// in the hand-over itself. It joins contacts and their subscriptions, since only a set-based join is fast enough here.
/// </summary>
internal static class SendGate
{
    /// <summary>
    /// Follows a row <c>s</c> with account_id, contact_id, lane, to_address and list_ids; offers the contact as <c>c</c> and its suppression as <c>x</c>.
    /// By key (hence lateral, with a limit), whatever the planner believes: a claim of hundreds must not read the account's contacts.
    /// </summary>
    public static Sql Joins(DateTimeOffset now) => Sql.Of($"""
        left join lateral (select * from contacts.contact c where c.account_id = s.account_id and c.id = s.contact_id limit 1) c on true
        left join messaging.suppression x on x.account_id = s.account_id and x.address = c.email and (x.until is null or x.until > {now})
        """);

    /// <summary>Null when the mail may go. In order: address, complaint, exclusion, bounce, lists, history of the address.</summary>
    public static readonly Sql Reason = Sql.Of($"""
        case
            when s.to_address is not null then null
            when c.email is null then 'no_address'
            when s.lane = 1 then null
            when x.reason = 'complaint' then 'complaint'
            -- "Any at all" is asked once for the whole statement: most accounts exclude nobody, and each mail would look in vain, twice.
            when (select exists (select 1 from messaging.exclusion)) and exists (
                select 1 from (values ('exactly', c.email), ('domain', split_part(c.email, '@', 2))) k (mode, pattern)
                join messaging.exclusion e on e.account_id = s.account_id and e.mode = k.mode and e.pattern = k.pattern
                where e.list_ids is null or e.list_ids && s.list_ids) then 'excluded'
            when (select exists (select 1 from messaging.exclusion)) and exists (
                select 1 from messaging.exclusion e
                where e.account_id = s.account_id and e.mode in ('begins_with', 'ends_with')
                  and (e.list_ids is null or e.list_ids && s.list_ids)
                  and case e.mode when 'begins_with' then starts_with(c.email, e.pattern) else right(c.email, length(e.pattern)) = e.pattern end)
                then 'excluded'
            when c.bounced_at is not null or x.reason = 'hard' then 'bounced'
            when (select bool_or(true) and (not bool_or(b.status = 'active')
                         or coalesce(not bool_or(b.status = 'active') filter (where b.list_id = any (s.list_ids)), false))
                  from contacts.subscription b where b.account_id = s.account_id and b.contact_id = s.contact_id) then 'unsubscribed'
            when x.reason = 'unsubscribe' then 'unsubscribed'
            when x.reason = 'soft' then 'bounced'
            when x.reason is not null then 'excluded'
        end
        """);

    /// <summary>What a person writes to one contact: only who once called a mail spam gets nothing. Addresses of rows are lower case.</summary>
    public static readonly Sql ReasonOfPersonal = Sql.Of($"""
        case
            when s.to_address is null and c.email is null then 'no_address'
            when s.to_address is null and x.reason = 'complaint' then 'complaint'
            when s.to_address is not null and exists (
                select 1 from messaging.suppression px where px.account_id = s.account_id and px.address = s.to_address and px.reason = 'complaint') then 'complaint'
        end
        """);

    /// <summary>The same for rows of the ledger itself, where a transactional mail's stream has its own word: an address it has suppressed gets nothing more.</summary>
    public static readonly Sql ReasonOfSend = Sql.Of($"""
        case
            when s.erased_at is not null then 'no_address'
            when s.source_kind = 'transactional' and exists (
                select 1 from messaging.mail_recipient tr
                join messaging.mail tm on tm.account_id = tr.account_id and tm.id = tr.mail_id
                join messaging.stream_suppression tx on tx.account_id = tr.account_id and tx.stream_id = tm.stream_id and tx.address = tr.address_key
                where tr.account_id = s.account_id and tr.mail_id = s.source_id and tr.no = s.recipient_no and tr.send_id = s.id) then 'stream_suppressed'
            when s.source_kind = 'forward' and (
                exists (select 1 from messaging.suppression fx where fx.account_id = s.account_id and fx.address = s.to_address and fx.until is null)
                or exists (select 1 from messaging.forward_refusal fr where fr.account_id = s.account_id and fr.address = s.to_address)) then 'excluded'
            when s.source_kind = 'personal' then {ReasonOfPersonal}
            else {Reason}
        end
        """);

    /// <summary>
    /// Held by the hand-over until it commits, so that no suppression can commit between its look and its commit. Shared: hand-overs do not
    /// wait for each other.
    /// </summary>
    public static Task HandOverAsync(NpgsqlTransaction transaction, long[] accountIds, CancellationToken cancellationToken) => Sql.Of($"""
        select pg_advisory_xact_lock_shared({Lock}, (a % 2147483647)::integer) from unnest({accountIds}) a
        """).ListAsync<object>(transaction, cancellationToken);

    /// <summary>The other side: taken by whoever makes an address unmailable, before the commit.</summary>
    public static Task CloseAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) => Sql.Of($"""
        select pg_advisory_xact_lock({Lock}, {(int)(accountId % int.MaxValue)})
        """).ListAsync<object>(transaction, cancellationToken);

    private const int Lock = 641_377;
}
