using System.Text.Json;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Messaging.Reports;

/// <summary>
/// Counts what becomes of mails: taken, refused, and once each opened by a person, clicked by a person, unsubscribed from. All under the time of sending,
/// so that a rate is of the same mails; for each mail, and for the account as a whole.
/// </summary>
internal sealed class CountMails : IReaction
{
    private const int Shards = 8;

    public IReadOnlySet<string> Kinds { get; } =
        new HashSet<string>(StringComparer.Ordinal) { "email.sent", "email.bounced", "email.opened", "email.clicked", "email.unsubscribed" };

    public async Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken)
    {
        var facts = batch.Entries.Where(e => e.Data.TryGetProperty("send_id", out _) && !ByMachine(e))
            .Select(e => (Send: e.Data.GetProperty("send_id").GetInt64(), What: e.Kind["email.".Length..])).Distinct().ToList();
        if (facts.Count == 0)
        {
            return;
        }

        // Sent, bounced and unsubscribed are told once of each mail; opens and clicks are told as often as they happen. One order, so that two batches
        // never wait for each other in a circle.
        await Sql.Of($"""
            with f as materialized (
                select f.send_id, f.what, s.automation_id, s.message_id, s.state, date_bin('15 minutes', s.finished_at, 'epoch') as quarter
                from unnest({facts.Select(f => f.Send).ToArray()}, {facts.Select(f => f.What).ToArray()}) as f (send_id, what)
                cross join lateral (
                    select coalesce(automation_id, 0) as automation_id, message_id, finished_at, state from messaging.send s
                    where s.account_id = {batch.AccountId} and s.id = f.send_id and s.source_kind in ('automation', 'campaign', 'transactional') limit 1) s
                where s.finished_at is not null),
            fresh as (
                insert into messaging.mail_seen (account_id, send_id, what)
                select {batch.AccountId}, send_id, what from f where what in ('opened', 'clicked') order by 2, 3
                on conflict (account_id, send_id, what) do nothing
                returning send_id, what),
            counted as (
                select f.automation_id, f.message_id, f.quarter, f.what, 1 as times
                from f left join fresh on fresh.send_id = f.send_id and fresh.what = f.what
                where f.what in ('sent', 'bounced', 'unsubscribed') or fresh.send_id is not null
                union all
                -- Taken first, come back later: it was not delivered after all.
                select f.automation_id, f.message_id, f.quarter, 'sent', -1 from f where f.what = 'bounced' and f.state = 'sent')
            insert into messaging.mail_tally as t (account_id, automation_id, message_id, quarter, what, shard, total)
            select {batch.AccountId}, automation_id, message_id, quarter, what, {(short)(facts[0].Send % Shards)}, total
            from (
                select automation_id, message_id, quarter, what, sum(times) as total from counted group by 1, 2, 3, 4
                union all
                select 0, 0, quarter, what, sum(times) from counted group by 3, 4) n
            order by 2, 3, 4, 5
            on conflict (account_id, automation_id, message_id, quarter, what, shard) do update set total = t.total + excluded.total
            """).ExecuteAsync(batch.Transaction, cancellationToken);
    }

    private static bool ByMachine(ActivityEntry entry) => entry.Data.TryGetProperty("machine", out var machine) && machine.ValueKind == JsonValueKind.String;
}
