using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Automations.People;

/// <summary>
/// Ends everybody inside an automation, or on one step of it, in batches: each one transaction that ends some and notes how far it is. Whoever asked
/// does the first batches; after that, and after a crash, the worker goes on.
/// </summary>
internal sealed class EndEverybody(NpgsqlDataSource database, RunEnding ending, IActivityLog log, IAudit audit, WorkSignal signal, TimeProvider clock) : IWorkerPass
{
    public const int Batch = 1_000;

    /// <summary>So many are out when the answer comes; the others follow within seconds.</summary>
    private const int BatchesAtOnce = 5;

    /// <summary>Called before a batch commits. Tests cut the work off here.</summary>
    internal Func<Task>? BeforeCommit { get; set; }

    /// <param name="Ended">Who is out by now.</param>
    /// <param name="Left">Who will be within seconds.</param>
    internal readonly record struct Progress(long Ended, long Left);

    public async Task<Progress> AskAsync(long accountId, long? userId, long automationId, string? stepKey, CancellationToken cancellationToken)
    {
        Asked asked;
        await using (var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken))
        {
            var now = clock.GetUtcNow();
            asked = await Sql.Of($"""
                insert into automations.ending (account_id, automation_id, step_key, asked_at, last_run_id, user_id)
                select {accountId}, {automationId}, {stepKey}, {now}, coalesce((select max(id) from automations.run where account_id = {accountId}), 0), {userId}
                returning account_id, id, automation_id, step_key, asked_at, last_run_id, user_id, ended
                """).FirstAsync<Asked>(work, cancellationToken) ?? throw new InvalidOperationException("Nothing was written.");
            await work.CommitAsync(cancellationToken);
        }

        var total = await CountAsync(asked, cancellationToken);

        for (var i = 0; i < BatchesAtOnce; i++)
        {
            if (await BatchAsync(accountId, asked.Id, cancellationToken) < Batch)
            {
                break;
            }
        }

        signal.Pulse(nameof(EndEverybody));
        var left = await CountAsync(asked, cancellationToken);
        return new(Math.Max(0, total - left), left);
    }

    /// <returns>Runs ended.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        List<Asked> open;
        await using (var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken))
        {
            open = await Sql.Of($"""
                select account_id, id, automation_id, step_key, asked_at, last_run_id, user_id, ended from automations.ending order by id limit 20
                """).ListAsync<Asked>(work, cancellationToken);
        }

        var ended = 0;
        foreach (var asked in open)
        {
            ended += await BatchAsync(asked.AccountId, asked.Id, cancellationToken);
        }

        return ended;
    }

    private async Task<long> CountAsync(Asked asked, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, asked.AccountId, cancellationToken);
        return await Sql.Of($"""
            select count(*) from automations.run r where r.account_id = {asked.AccountId} and r.status in ('active', 'waiting', 'parked') and {Which(asked)}
            """).FirstAsync<long>(work, cancellationToken);
    }

    /// <returns>How many; fewer than a whole batch when those were the last, or another process is at it.</returns>
    private async Task<int> BatchAsync(long accountId, long id, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var asked = await Sql.Of($"""
            select account_id, id, automation_id, step_key, asked_at, last_run_id, user_id, ended from automations.ending
            where account_id = {accountId} and id = {id} for update skip locked
            """).FirstAsync<Asked>(work, cancellationToken);
        if (asked is null)
        {
            return 0;
        }

        var ended = (await ending.EndAsync(work, accountId, Which(asked), "by_hand", cancellationToken, Batch)).Count;
        if (ended < Batch)
        {
            await Sql.Of($"delete from automations.ending where account_id = {accountId} and id = {id}").ExecuteAsync(work, cancellationToken);
            await audit.AppendAsync(
                work.Transaction, accountId, asked.UserId, "automation.end_runs", "automation", asked.AutomationId,
                new { runs = asked.Ended + ended, step = asked.StepKey }, cancellationToken);
        }
        else
        {
            await Sql.Of($"update automations.ending set ended = ended + {ended} where account_id = {accountId} and id = {id}").ExecuteAsync(work, cancellationToken);
        }

        if (BeforeCommit is not null)
        {
            await BeforeCommit();
        }

        await work.CommitAsync(cancellationToken);
        log.Wake();
        return ended;
    }

    private static Sql Which(Asked asked)
    {
        var step = asked.StepKey is null ? Sql.Empty : Sql.Of($"and r.step_key = {asked.StepKey} and r.arrived_at <= {asked.AskedAt}");
        return Sql.Of($"r.automation_id = {asked.AutomationId} and r.id <= {asked.LastRunId} {step}");
    }

    private sealed record Asked(
        long AccountId, long Id, long AutomationId, string? StepKey, DateTimeOffset AskedAt, long LastRunId, long? UserId, long Ended);
}
