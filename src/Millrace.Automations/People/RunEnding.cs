using Millrace.Activities.Contracts;
using Millrace.Automations.Contracts;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Automations.People;

/// <summary>Ends runs from outside: trace, counts, activities, and what they still had to send, in one transaction.</summary>
internal sealed class RunEnding(IActivityLog log, Catalogue<AutomationAction> actions, TimeProvider clock)
{
    /// <param name="which">Condition over <c>r</c>, a row of <c>automations.run</c>; what is over already is left out.</param>
    /// <param name="reason">Reason of <see cref="AutomationEnded"/>.</param>
    /// <param name="limit">At most so many, the oldest first; null: all.</param>
    public Task<List<EndedRun>> EndAsync(
        AccountTransaction work, long accountId, Sql which, string reason, CancellationToken cancellationToken, int? limit = null) =>
        EndAsync(work.Transaction, accountId, which, reason, cancellationToken, limit);

    /// <inheritdoc cref="EndAsync(AccountTransaction, long, Sql, string, CancellationToken, int?)"/>
    public async Task<List<EndedRun>> EndAsync(
        NpgsqlTransaction transaction, long accountId, Sql which, string reason, CancellationToken cancellationToken, int? limit = null)
    {
        var now = clock.GetUtcNow();
        var ended = await RunStore.EndAsync(transaction, accountId, which, limit, now, cancellationToken);
        if (ended.Count == 0)
        {
            return ended;
        }

        await RunStore.AddVisitsAsync(
            transaction,
            [.. ended.Where(r => r.StepKey is not null).Select(r => new StepVisit(accountId, r.Id, r.VisitNo, r.StepKey!, r.ArrivedAt, now, "ended_" + reason, null, r.Version ?? 0))],
            cancellationToken);
        var tally = new Tally(0, now);
        foreach (var automation in ended.GroupBy(r => r.AutomationId))
        {
            foreach (var run in automation)
            {
                tally.AddEnd(accountId, automation.Key, run.StepKey, reason);
            }

            // A batch of the engine either committed before the update above, and what it queued is seen here, or finds its runs changed and starts again.
            foreach (var action in actions.All)
            {
                await action.WithdrawAsync(transaction, accountId, automation.Key, [.. automation.Select(r => r.Id)], cancellationToken);
            }
        }

        await tally.SaveAsync(transaction, cancellationToken);
        await log.AppendAsync(
            transaction, accountId, [.. ended.Select(r => new AutomationEnded(r.ContactId, r.AutomationId, r.Id, reason))], cancellationToken);
        return ended;
    }
}
