using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Messaging.Reports;

/// <summary>
/// Counts what becomes of mails. For each mail and each of its links a row of what happened to it and by whom, and with these rows their sums: for each
/// message, under the time of sending for each automation and the account as a whole, and under the day it happened on. Nobody counts the log.
/// </summary>
internal sealed class CountMails : IReaction
{
    private const int Shards = 8;
    private const string Prefix = "email.";

    /// <summary>Members that each entry has anyway, or that stand in columns.</summary>
    private static readonly string[] Known = ["contact_id", "message_id", "send_id", "machine", "suspect"];

    public IReadOnlySet<string> Kinds { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "email.sent", "email.bounced", "email.opened", "email.clicked", "email.unsubscribed", "email.complained", "email.replied", "email.forwarded", "email.shared",
    };

    public async Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken)
    {
        var facts = batch.Entries.Where(e => e.Data.TryGetProperty("send_id", out var send) && send.ValueKind == JsonValueKind.Number).Select(Fact.Of).ToList();
        if (facts.Count == 0)
        {
            return;
        }

        var zone = await AccountDay.ZoneAsync(batch.Transaction, batch.AccountId, cancellationToken);

        // One order everywhere, so that two batches never wait for each other in a circle. A mail's rows are only touched by who holds its contact's bucket.
        await Sql.Of($"""
            with f as materialized (
                select f.no, f.send_id, f.what, f.way::smallint as way, f.link, f.at, f.day, f.detail, s.source_kind, s.message_id, s.message_version_id, s.contact_id, s.automation_id, s.refused, s.taken,
                       date_bin('15 minutes', s.finished_at, 'epoch') as quarter
                from unnest({facts.Select(f => f.SendId).ToArray()}, {facts.Select(f => f.What).ToArray()}, {facts.Select(f => f.Way).ToArray()},
                            {facts.Select(f => f.Link).ToArray()}, {facts.Select(f => f.At).ToArray()}, {facts.Select(f => AccountDay.Of(zone, f.At)).ToArray()},
                            {JsonText.Array([.. facts.Select(f => f.Detail)])})
                     with ordinality as f (send_id, what, way, link, at, day, detail, no)
                cross join lateral (
                    select coalesce(automation_id, 0) as automation_id, source_kind, message_id, message_version_id, contact_id, finished_at, state = 'failed' as refused, state = 'sent' as taken from messaging.send s
                    where s.account_id = {batch.AccountId} and s.id = f.send_id and s.source_kind in ('automation', 'campaign', 'transactional') limit 1) s
                where s.finished_at is not null),
            g as materialized (
                select message_id, what, send_id, max(contact_id) as contact_id, max(automation_id) as automation_id, max(quarter) as quarter, bit_or(way) as ways,
                       bool_or(refused) as refused, bool_or(taken) as taken, count(*) filter (where way = {Ways.Person}) as persons, count(*) filter (where way = {Ways.Privacy}) as privates,
                       count(*) filter (where way = {Ways.Suspect}) as suspects, count(*) filter (where way = {Ways.Machine}) as machines,
                       min(at) as first_at, max(at) as last_at, (array_agg(detail order by way & {Ways.Machine}, no))[1] as detail
                from f where what <> 'sent' group by message_id, what, send_id),
            changed as materialized (
                select g.*, coalesce(m.ways, 0::smallint) as was, (coalesce(m.ways, 0::smallint) | g.ways)::smallint as now
                from g left join lateral (
                    select ways from messaging.mail_fact m
                    where m.account_id = {batch.AccountId} and m.message_id = g.message_id and m.what = g.what and m.send_id = g.send_id limit 1) m on true),
            -- One by one, as they happened: what each changed of its mail. By key again: two lists that the planner takes for ten rows are never compared.
            moved as materialized (
                select o.*, (o.was | o.way)::smallint as now
                from (
                    select f.message_id, f.source_kind, f.day, f.what, f.way, f.refused,
                           (coalesce(m.ways, 0::smallint)
                            | coalesce(bit_or(f.way) over (partition by f.message_id, f.what, f.send_id order by f.no rows between unbounded preceding and 1 preceding), 0::smallint))::smallint as was
                    from f left join lateral (
                        select ways from messaging.mail_fact m
                        where m.account_id = {batch.AccountId} and m.message_id = f.message_id and m.what = f.what and m.send_id = f.send_id limit 1) m on true
                    where f.what <> 'sent') o),
            kept as (
                insert into messaging.mail_fact as m (account_id, message_id, what, send_id, contact_id, ways, by_person, by_privacy, by_suspect, by_machine, first_at, last_at, detail)
                select {batch.AccountId}, message_id, what, send_id, contact_id, now, persons, privates, suspects, machines, first_at, last_at, detail
                from changed order by 2, 3, 4
                on conflict (account_id, message_id, what, send_id) do update
                set ways = m.ways | excluded.ways, by_person = m.by_person + excluded.by_person, by_privacy = m.by_privacy + excluded.by_privacy,
                    by_suspect = m.by_suspect + excluded.by_suspect, by_machine = m.by_machine + excluded.by_machine,
                    first_at = least(m.first_at, excluded.first_at), last_at = greatest(m.last_at, excluded.last_at),
                    detail = case when m.ways & {Ways.Read} = 0 then excluded.detail else m.detail end),
            l as materialized (
                select l.*, coalesce(m.ways, 0::smallint) as was, (coalesce(m.ways, 0::smallint) | l.ways)::smallint as now
                from (select message_id, message_version_id, link, send_id, max(contact_id) as contact_id, bit_or(way) as ways,
                             count(*) filter (where way = {Ways.Person}) as persons, count(*) filter (where way = {Ways.Suspect}) as suspects,
                             count(*) filter (where way = {Ways.Machine}) as machines, min(at) as first_at, max(at) as last_at
                      from f where what = 'clicked' and link > 0 group by 1, 2, 3, 4) l
                left join lateral (
                    select ways from messaging.link_fact m
                    where m.account_id = {batch.AccountId} and m.message_id = l.message_id and m.message_version_id = l.message_version_id and m.link = l.link
                      and m.send_id = l.send_id limit 1) m on true),
            links_kept as (
                insert into messaging.link_fact as m (account_id, message_id, message_version_id, link, send_id, contact_id, ways, by_person, by_suspect, by_machine, first_at, last_at)
                select {batch.AccountId}, message_id, message_version_id, link, send_id, contact_id, now, persons, suspects, machines, first_at, last_at
                from l order by 2, 3, 4, 5
                on conflict (account_id, message_id, message_version_id, link, send_id) do update
                set ways = m.ways | excluded.ways, by_person = m.by_person + excluded.by_person, by_suspect = m.by_suspect + excluded.by_suspect,
                    by_machine = m.by_machine + excluded.by_machine, first_at = least(m.first_at, excluded.first_at), last_at = greatest(m.last_at, excluded.last_at)),
            deltas (message_id, what, part, n) as (
                select message_id, what, '', 1 from f where what = 'sent'
                union all
                select message_id, what, now::text, 1 from changed where what in ('opened', 'clicked') and now <> was
                union all
                select message_id, what, was::text, -1 from changed where what in ('opened', 'clicked') and now <> was and was <> 0
                union all
                select message_id, what, case when what = 'bounced' then coalesce(detail ->> 'type', case when detail -> 'hard' = 'true' then 'hard' else 'soft' end) || '/' || coalesce(detail ->> 'class', 'unknown')
                                              when what = 'shared' then coalesce(detail ->> 'network', '') else '' end, 1
                from changed where what not in ('opened', 'clicked') and was = 0
                union all
                select message_id, 'refused', '', 1 from changed where what = 'bounced' and was = 0 and refused
                union all
                select message_id, case what when 'opened' then 'opens' when 'clicked' then 'clicks' when 'forwarded' then 'forwards' when 'shared' then 'shares' else 'replies' end, way::text, 1
                from f where what in ('opened', 'clicked', 'forwarded', 'shared', 'replied')
                union all
                select message_id, case what when 'opened' then 'opens_at' else 'clicks_at' end, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24') || '/' || way, 1
                from f where what in ('opened', 'clicked')
                union all
                select message_id, 'link', message_version_id || '/' || link || '/' || now, 1 from l where now <> was
                union all
                select message_id, 'link', message_version_id || '/' || link || '/' || was, -1 from l where now <> was and was <> 0
                union all
                select message_id, 'link_clicks', message_version_id || '/' || link || '/' || way, 1 from f where what = 'clicked' and link > 0
                union all
                select c.message_id, k.key, left(c.detail ->> k.key, 100), 1
                from changed c cross join (values ('country'), ('device'), ('client')) k (key)
                where c.what = 'opened' and c.was & {Ways.Read} = 0 and c.now & {Ways.Read} <> 0 and c.detail ->> k.key is not null),
            summed as (
                insert into messaging.message_tally as t (account_id, message_id, what, part, shard, total)
                select {batch.AccountId}, message_id, what, part, {(short)(facts[0].SendId % Shards)}, sum(n) from deltas group by 2, 3, 4 having sum(n) <> 0 order by 2, 3, 4
                on conflict (account_id, message_id, what, part, shard) do update set total = t.total + excluded.total),
            happened (message_id, source, day, what, ways, n) as (
                select message_id, source_kind, day, what, 0, 1 from f where what = 'sent'
                union all
                select message_id, source_kind, day, case what when 'opened' then 'opens' when 'clicked' then 'clicks' when 'replied' then 'replies' else 'forwards' end,
                       case when what in ('opened', 'clicked') then way else 0 end, 1
                from f where what in ('opened', 'clicked', 'replied', 'forwarded')
                union all
                select message_id, source_kind, day, what, now, 1 from moved where what in ('opened', 'clicked') and now <> was
                union all
                select message_id, source_kind, day, what, was, -1 from moved where what in ('opened', 'clicked') and now <> was and was <> 0
                union all
                select message_id, source_kind, day, what, 0, 1 from moved where what in ('bounced', 'unsubscribed', 'complained', 'replied', 'forwarded') and was = 0
                union all
                select message_id, source_kind, day, 'refused', 0, 1 from moved where what = 'bounced' and was = 0 and refused),
            dated as (
                insert into messaging.event_tally as t (account_id, message_id, day, source, what, ways, shard, total)
                select {batch.AccountId}, message_id, day, source, what, ways, {(short)(facts[0].SendId % Shards)}, total
                from (
                    select message_id, day, source, what, ways, sum(n) as total from happened group by 1, 2, 3, 4, 5
                    union all
                    select 0, day, source, what, ways, sum(n) from happened group by 2, 3, 4, 5) n
                where total <> 0
                order by 2, 3, 4, 5, 6
                on conflict (account_id, message_id, day, source, what, ways, shard) do update set total = t.total + excluded.total),
            timed (automation_id, message_id, quarter, what, n) as (
                select automation_id, message_id, quarter, what, 1 from f where what = 'sent'
                union all
                select automation_id, message_id, quarter, what, 1 from changed where what in ('bounced', 'unsubscribed') and was = 0
                union all
                -- Taken first, come back later: it was not delivered after all.
                select automation_id, message_id, quarter, 'sent', -1 from changed where what = 'bounced' and was = 0 and taken
                union all
                select automation_id, message_id, quarter, what, 1 from changed
                where what in ('opened', 'clicked') and was & {Ways.Counted} = 0 and now & {Ways.Counted} <> 0
                union all
                select automation_id, message_id, quarter, 'opened_privately', case when now & {Ways.Counted} = 0 then 1 else -1 end from changed
                where what = 'opened' and (was & {Ways.Counted} = 0 and was & {Ways.Privacy} <> 0) <> (now & {Ways.Counted} = 0 and now & {Ways.Privacy} <> 0))
            insert into messaging.mail_tally as t (account_id, automation_id, message_id, quarter, what, shard, total)
            select {batch.AccountId}, automation_id, message_id, quarter, what, {(short)(facts[0].SendId % Shards)}, total
            from (
                select automation_id, message_id, quarter, what, sum(n) as total from timed group by 1, 2, 3, 4
                union all
                select 0, 0, quarter, what, sum(n) from timed group by 3, 4) n
            where total <> 0
            order by 2, 3, 4, 5
            on conflict (account_id, automation_id, message_id, quarter, what, shard) do update set total = t.total + excluded.total
            """).ExecuteAsync(batch.Transaction, cancellationToken);
    }

    /// <summary>One entry of the log.</summary>
    private sealed record Fact(long SendId, string What, int Way, int Link, DateTimeOffset At, string? Detail)
    {
        public static Fact Of(ActivityEntry entry)
        {
            var (data, what) = (entry.Data, entry.Kind[Prefix.Length..]);
            var link = what == "clicked" && data.TryGetProperty("link", out var no) && no.ValueKind == JsonValueKind.Number ? no.GetInt32() : 0;
            return new(data.GetProperty("send_id").GetInt64(), what, WayOf(data), link, entry.OccurredAt, what is "sent" or "clicked" ? null : DetailOf(data));
        }

        private static int WayOf(JsonElement data) => (Text(data, "machine"), Text(data, "suspect")) switch
        {
            (null, null) => Ways.Person,
            (Agent.Privacy, _) => Ways.Privacy,
            (null, _) => Ways.Suspect,
            _ => Ways.Machine,
        };

        private static string? Text(JsonElement data, string name) =>
            data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        private static string? DetailOf(JsonElement data)
        {
            var detail = JsonObject.Create(data)!;
            foreach (var name in Known)
            {
                detail.Remove(name);
            }

            return detail.Count == 0 ? null : detail.ToJsonString();
        }
    }
}
