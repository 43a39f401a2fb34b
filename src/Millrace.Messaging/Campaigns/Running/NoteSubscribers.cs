using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;

namespace Millrace.Messaging.Campaigns.Running;

/// <summary>
/// Who subscribes to a list is due for its responders some time later, each once for all times: whoever had the mail, or waits for it, is not noted again.
/// </summary>
internal sealed class NoteSubscribers(WorkSignal signal) : IReaction
{
    public IReadOnlySet<string>? Kinds { get; } = new HashSet<string>(StringComparer.Ordinal) { "list.subscribed" };

    public async Task<IReadOnlySet<string>?> WantedAsync(Npgsql.NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        await Sql.Of($"""
            select exists (select 1 from messaging.campaign where account_id = {accountId} and type = 'responder' and status in ('sending', 'paused'))
            """).FirstAsync<bool>(transaction, cancellationToken) ? Kinds : new HashSet<string>(StringComparer.Ordinal);

    public async Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken)
    {
        var lists = batch.Entries.Where(e => e.SubjectId is not null).ToList();
        var noted = await Sql.Of($"""
            with d as (
                insert into messaging.campaign_due (account_id, campaign_id, contact_id, occurrence, due_at)
                select {batch.AccountId}, k.id, e.contact_id, 0, min(e.at + make_interval(mins => (k.recurrence ->> 'delay_minutes')::integer))
                from unnest({lists.Select(e => e.ContactId).ToArray()}, {lists.Select(e => e.SubjectId!.Value).ToArray()}, {lists.Select(e => e.OccurredAt).ToArray()})
                     as e (contact_id, list_id, at)
                join messaging.campaign k on k.account_id = {batch.AccountId} and k.type = 'responder' and k.status in ('sending', 'paused') and e.list_id = any (k.list_ids)
                where e.at >= k.started_at and not exists (
                    select 1 from messaging.send s
                    where s.account_id = k.account_id and s.source_kind = 'campaign' and s.source_id = k.id and s.contact_id = e.contact_id)
                group by k.id, e.contact_id order by k.id, e.contact_id
                on conflict do nothing
                returning campaign_id, due_at)
            update messaging.campaign k set work_at = least(k.work_at, d.due_at)
            from (select campaign_id, min(due_at) as due_at from d group by campaign_id) d
            where k.account_id = {batch.AccountId} and k.id = d.campaign_id and k.work = 'recur' and k.work_at > d.due_at
            """).ExecuteAsync(batch.Transaction, cancellationToken);
        if (noted > 0)
        {
            signal.Pulse(nameof(RunCampaigns));
        }
    }
}
