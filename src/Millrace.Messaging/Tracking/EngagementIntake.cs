using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Messaging.Tracking;

/// <summary>
/// Opens and clicks on their way into the group commit: requests wait a few milliseconds for a shared transaction and are answered when it is durable. One
/// statement finds the sends, appends the activities and marks the first open, for hundreds of requests at once. Where the contacts were seen goes along as the aside.
/// </summary>
internal sealed class EngagementIntake(GroupCommit group, IActivityLog activities)
{
    private readonly GroupCommitPart<Engagement, EngagedSend?> _part = group.Part<Engagement, Row, EngagedSend?>(e => e.AccountId, Statement, (facts, rows) =>
    {
        activities.Wake();
        var found = new EngagedSend?[facts.Count];
        foreach (var (no, version, contact, url, isFinal) in rows)
        {
            found[no - 1] = new EngagedSend(version, contact, url, isFinal);
        }

        return found;
    });

    /// <returns>Null when there is no such send.</returns>
    public Task<EngagedSend?> RecordAsync(Engagement engagement) => _part.AddAsync(engagement);

    private static Sql Statement(IReadOnlyList<Engagement> facts) =>
        // A click without an open is an open too, and a person's click after a proxy's open is that person's. Two requests for one send may
        // both be its first: only one row update wins, and whose activity says so does not matter.
        // Of letters a machine's look never counts as somebody's, whatever the account's switch says: their webhooks would tell programs of readers who were none.
        // Lateral, so that each is a search by key whatever the planner believes.
        Sql.Of($"""
            with e as materialized (
                select e.no, e.link, e.at, case when r.reason = {Agent.Privacy} or f.filters then r.reason end as machine,
                       case when r.reason <> {Agent.Privacy} and not f.filters then r.reason end as suspect,
                       case when r.found is null or e.machine is not null then e.told else jsonb_build_object() end as told,
                       case when r.found is null or e.machine is not null then e.seen end as seen,
                       s.account_id, s.contact_id, s.id as send_id, s.message_id, s.message_version_id, s.automation_id, s.step_key, coalesce(l.url, tl.url) as url,
                       coalesce(l.tagged_url, l.url, tl.url) as target, s.source_id as mail_id, s.recipient_no, tr.mail_id is not null as is_letter,
                       s.opened_at is null as unopened, s.read_at is null as unread, s.clicked_at is null as unclicked, s.erased_at is not null as is_erased
                from unnest({facts.Select(f => f.AccountId).ToArray()}, {facts.Select(f => f.SendId).ToArray()}, {facts.Select(f => f.Link).ToArray()},
                            {facts.Select(f => f.At).ToArray()}, {facts.Select(f => f.Machine).ToArray()},
                            {JsonText.Array([.. facts.Select(f => f.Told)])}, {JsonText.Array([.. facts.Select(f => f.Seen)])})
                     with ordinality as e (account_id, send_id, link, at, machine, told, seen, no)
                cross join lateral (select * from messaging.send s where s.account_id = e.account_id and s.id = e.send_id limit 1) s
                cross join lateral (
                    select found, coalesce(e.machine, found) as reason
                    from (select case when e.at < s.finished_at + {MachineGuess.TooSoon} then 'too_soon'
                                      when e.at between s.trapped_at and s.trapped_at + {MachineGuess.AfterTrap} then 'hidden_link' end as found) t) r
                left join messaging.link l
                    on e.link > 0 and l.account_id = s.account_id and l.message_version_id = s.message_version_id and l.no = e.link
                left join messaging.mail_recipient tr
                    on s.source_kind = 'transactional' and tr.account_id = s.account_id and tr.mail_id = s.source_id and tr.no = s.recipient_no and tr.send_id = s.id
                cross join lateral (
                    select tr.mail_id is not null or coalesce((select t.filter_machines from messaging.tracking_settings t where t.account_id = e.account_id), false) as filters) f
                left join messaging.mail_link tl on e.link > 0 and tl.account_id = tr.account_id and tl.mail_id = tr.mail_id and tl.no = e.link
                where e.link = 0 or l.no is not null or tl.no is not null),
            -- Of somebody who was erased nothing more is written down; the link still leads where it did.
            counted as (
                select e.*, row_number() over (partition by account_id, send_id order by no) as nth,
                       row_number() over (partition by account_id, send_id, machine is null order by no) as nth_alike
                from e where not is_erased),
            facts as (
                select e.*, 'email.opened' as kind, 0 as rank,
                       jsonb_build_object('contact_id', contact_id, 'message_id', message_id, 'send_id', send_id, 'machine', machine) || jsonb_strip_nulls(jsonb_build_object('suspect', suspect)) || told as data,
                       case when link = 0 then seen end as aside
                from counted e
                where link = 0 or case when machine is null then unread and nth_alike = 1 else unopened and nth = 1 end
                union all
                select e.*, 'email.clicked', 1,
                       jsonb_build_object('contact_id', contact_id, 'message_id', message_id, 'send_id', send_id, 'link', link, 'url', url, 'machine', machine) || jsonb_strip_nulls(jsonb_build_object('suspect', suspect)) || told, seen
                from counted e where link > 0),
            {ActivityRows.Append(Sql.Of($"select account_id, contact_id, at, kind, message_id, automation_id, step_key, data, aside from facts where contact_id > 0 order by no, rank"))},
            letters as (
                insert into messaging.mail_event (account_id, mail_id, recipient_no, kind, occurred_at, data)
                select account_id, mail_id, recipient_no, replace(kind, 'email.', ''), at,
                       told || jsonb_strip_nulls(jsonb_build_object('machine', machine, 'link', case when kind = 'email.clicked' then link end, 'url', case when kind = 'email.clicked' then url end,
                           'first', case when kind = 'email.opened' then (machine is null and unread) or null when unclicked then true end))
                from facts where is_letter order by no, rank),
            marked as (
                update messaging.send s
                set opened_at = coalesce(s.opened_at, f.at), clicked_at = coalesce(s.clicked_at, f.clicked), read_at = coalesce(s.read_at, f.read)
                from (select account_id, send_id, min(at) as at, min(at) filter (where link > 0) as clicked, min(at) filter (where machine is null) as read
                      from e where not is_erased and (unopened or (link > 0 and unclicked) or (machine is null and unread)) group by account_id, send_id) f
                where s.account_id = f.account_id and s.id = f.send_id
                  and (s.opened_at is null or (f.clicked is not null and s.clicked_at is null) or (f.read is not null and s.read_at is null)))
            select no, message_version_id, contact_id, target, is_letter from e
            """);

    private sealed record Row(long No, long VersionId, long ContactId, string? Url, bool IsFinal);
}
