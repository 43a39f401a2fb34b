using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Automations.Entry;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Automations.People;

/// <summary>
/// Deletes an automation: nobody sees it or enters any more from the first transaction on; everybody inside is out, nothing more is sent for it, and its
/// traces go, in batches. Whoever asked does the first batches; after that, and after a crash, the worker goes on. Reports of its mails stay.
/// </summary>
internal sealed class AutomationRemoval(
    NpgsqlDataSource database, RunEnding ending, Catalogue<AutomationAction> actions, IActivityLog log, IAudit audit, WorkSignal signal, TimeProvider clock) : IWorkerPass
{
    /// <summary>Runs of one transaction.</summary>
    public const int Batch = 1_000;

    /// <summary>An automation with fewer runs than this is gone when the answer comes; a larger one follows.</summary>
    private const int BatchesAtOnce = 5;

    /// <summary>Called before a batch commits. Tests cut the work off here.</summary>
    internal Func<Task>? BeforeCommit { get; set; }

    /// <exception cref="Kernel.Errors.NotFoundException">No such automation in this account.</exception>
    public async Task AskAsync(long accountId, long? userId, long id, CancellationToken cancellationToken)
    {
        await using (var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken))
        {
            var row = await AutomationRow.LockAsync(work.Transaction, accountId, id, cancellationToken);
            var now = clock.GetUtcNow();
            // Its name is free for another one at once.
            await Sql.Of($"""
                update automations.automation
                set deleted_at = {now}, status = case status when 'active' then 'inactive' else status end, name = left(name, 150) || ' (deleted ' || id || ')', updated_at = {now}
                where account_id = {accountId} and id = {id}
                """).ExecuteAsync(work, cancellationToken);
            await Sql.Of($"""
                insert into automations.removal (account_id, automation_id, name, asked_at, user_id) values ({accountId}, {id}, {row.Name}, {now}, {userId})
                """).ExecuteAsync(work, cancellationToken);
            await EnterBySchedule.SyncAsync(work.Transaction, accountId, id, null, now, cancellationToken);
            await LiveFlows.MoveStampAsync(work.Transaction, accountId, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        for (var i = 0; i < BatchesAtOnce && await BatchAsync(accountId, id, cancellationToken); i++)
        {
        }

        signal.Pulse(nameof(AutomationRemoval));
    }

    /// <returns>Batches done.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        List<Open> open;
        await using (var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken))
        {
            open = await Sql.Of($"select account_id, automation_id from automations.removal order by asked_at limit 20").ListAsync<Open>(work, cancellationToken);
        }

        var done = 0;
        foreach (var one in open)
        {
            done += await BatchAsync(one.AccountId, one.AutomationId, cancellationToken) ? 1 : 0;
        }

        return done;
    }

    /// <returns>Whether there is more to do; false also when another process is at it.</returns>
    private async Task<bool> BatchAsync(long accountId, long id, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var asked = await Sql.Of($"""
            select name, user_id, ended from automations.removal where account_id = {accountId} and automation_id = {id} for update skip locked
            """).FirstAsync<Asked>(work, cancellationToken);
        if (asked is null)
        {
            return false;
        }

        var ended = (await ending.EndAsync(work, accountId, Sql.Of($"r.automation_id = {id}"), "deleted", cancellationToken, Batch)).Count;
        // Traces only when nobody is inside any more: until then a run is told where it ended.
        var isLast = ended < Batch && await RemoveTracesAsync(work, accountId, id, cancellationToken) < Batch;
        if (isLast)
        {
            await RemoveAsync(work, accountId, id, asked, ended, cancellationToken);
        }
        else
        {
            await Sql.Of($"update automations.removal set ended = ended + {ended} where account_id = {accountId} and automation_id = {id}").ExecuteAsync(work, cancellationToken);
        }

        if (BeforeCommit is not null)
        {
            await BeforeCommit();
        }

        await work.CommitAsync(cancellationToken);
        log.Wake();
        return !isLast;
    }

    /// <returns>Rows of the larger kind, of at most <see cref="Batch"/>.</returns>
    private static async Task<int> RemoveTracesAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken)
    {
        var runs = await Sql.Of($"""
            with part as (select r.id from automations.run r where r.account_id = {accountId} and r.automation_id = {id} order by r.id limit {Batch}),
                 visits as (delete from automations.step_visit v using part where v.account_id = {accountId} and v.run_id = part.id)
            delete from automations.run r using part where r.account_id = {accountId} and r.id = part.id
            """).ExecuteAsync(work, cancellationToken);
        var paths = await Sql.Of($"""
            with part as (select p.step_key, p.contact_id from automations.split_path p where p.account_id = {accountId} and p.automation_id = {id} limit {Batch})
            delete from automations.split_path p using part
            where p.account_id = {accountId} and p.automation_id = {id} and p.step_key = part.step_key and p.contact_id = part.contact_id
            """).ExecuteAsync(work, cancellationToken);
        var goals = await Sql.Of($"""
            with part as (select g.step_key, g.reached_at, g.run_id from automations.goal_time g where g.account_id = {accountId} and g.automation_id = {id} limit {Batch})
            delete from automations.goal_time g using part
            where g.account_id = {accountId} and g.automation_id = {id} and g.step_key = part.step_key and g.reached_at = part.reached_at and g.run_id = part.run_id
            """).ExecuteAsync(work, cancellationToken);
        return Math.Max(runs, Math.Max(paths, goals));
    }

    private async Task RemoveAsync(AccountTransaction work, long accountId, long id, Asked asked, int ended, CancellationToken cancellationToken)
    {
        foreach (var action in actions.All)
        {
            await action.WithdrawAsync(work.Transaction, accountId, id, null, cancellationToken);
        }

        await Sql.Of($"delete from automations.automation where account_id = {accountId} and id = {id}").ExecuteAsync(work, cancellationToken);
        await LiveFlows.MoveStampAsync(work.Transaction, accountId, cancellationToken);
        await audit.AppendAsync(
            work.Transaction, accountId, asked.UserId, "automation.delete", "automation", id, new { name = asked.Name, ended = asked.Ended + ended }, cancellationToken);
    }

    private sealed record Open(long AccountId, long AutomationId);

    private sealed record Asked(string Name, long? UserId, long Ended);
}
