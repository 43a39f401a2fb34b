using Millrace.Activities.Contracts;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Automations.Entry;

/// <summary>
/// Tells the engine to look again at the runs of a contact to whom something happened that a wait or a goal of their automation reads. The
/// whole automation counts, not only the present step: the run may just be on its way to the wait in a transaction not yet visible here.
/// </summary>
internal sealed class NudgeWaiting(LiveFlows live, WorkSignal signal) : IReaction
{
    public IReadOnlySet<string>? Kinds => null;

    public async Task<IReadOnlySet<string>?> WantedAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        (await live.OfAsync(transaction, accountId, cancellationToken)).AwaitedKinds;

    public async Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken)
    {
        var account = await live.OfAsync(batch.Transaction, batch.AccountId, cancellationToken);
        var pairs = batch.Entries.Where(e => e.ContactId != 0)
            .SelectMany(e => account.Awaiting[e.Kind].Select(a => (e.ContactId, AutomationId: a))).Distinct().ToList();
        if (pairs.Count == 0)
        {
            return;
        }

        // By contact alone, and the rest is asked of what that finds: "offset 0" keeps the planner from mixing the two. Before statistics were taken
        // everybody in an automation looked like one row to it, and it read them all for every activity.
        await Sql.Of($"""
            insert into automations.nudge (account_id, bucket, run_id)
            select r.account_id, r.bucket, r.id
            from unnest({pairs.Select(p => p.ContactId).ToArray()}, {pairs.Select(p => p.AutomationId).ToArray()}) as p (contact_id, automation_id)
            cross join lateral (
                select account_id, bucket, id, automation_id, status from automations.run
                where account_id = {batch.AccountId} and contact_id = p.contact_id offset 0) r
            where r.automation_id = p.automation_id and r.status in ('active', 'waiting')
            """).ExecuteAsync(batch.Transaction, cancellationToken);
        signal.Pulse(nameof(RunEngine));
    }

    /// <summary>Looks again at everybody in an automation who stands on one of these steps; null: on any.</summary>
    public static Task AllAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, IReadOnlyCollection<string>? stepKeys, CancellationToken cancellationToken) => Sql.Of($"""
        insert into automations.nudge (account_id, bucket, run_id)
        select account_id, bucket, id from automations.run
        where account_id = {accountId} and automation_id = {automationId} and status in ('active', 'waiting')
          and ({stepKeys is null} or step_key = any ({(stepKeys ?? []).ToArray()}))
        """).ExecuteAsync(transaction, cancellationToken);
}
