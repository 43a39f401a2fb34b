using Millrace.Activities.Contracts;
using Millrace.Automations.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Automations.Entry;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Automations.People;

/// <summary>What people do to runs: add contacts, end, skip a wait, try again.</summary>
internal sealed class RunActions(Enrolment enrolment, FlowCache flows, IActivityLog log, TimeProvider clock)
{
    /// <summary>Adds contacts by hand. Triggers' filters and limits do not count, the automation's own entry rule does.</summary>
    /// <exception cref="ConflictException">409 <c>automation_inactive</c>.</exception>
    public async Task<List<Entered>> AddAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, IReadOnlyList<long> contactIds, string? stepKey, CancellationToken cancellationToken)
    {
        var row = await AutomationRow.ReadAsync(transaction, accountId, automationId, cancellationToken);
        if (row is not { Status: AutomationStatus.Active, PublishedVersion: { } version })
        {
            throw new ConflictException("automation_inactive", "Contacts can be added to an active automation only.");
        }

        var flow = (await flows.LoadAsync(transaction, accountId, [(automationId, version)], cancellationToken))[automationId];
        if (stepKey is not null && flow.Find(stepKey) is null)
        {
            throw new InvalidInputException("/step", "step_missing", $"There is no step {stepKey} in the published version.");
        }

        return await enrolment.EnterAsync(
            transaction, accountId, automationId, flow,
            [.. contactIds.Distinct().Select(id => new Candidate(id, null, TriggerRuns.Multiple, "manual:" + RandomToken.New(12), null, stepKey))],
            manual: true, clock.GetUtcNow(), cancellationToken);
    }

    /// <inheritdoc cref="AddAsync(NpgsqlTransaction, long, long, IReadOnlyList{long}, string?, CancellationToken)"/>
    public Task<List<Entered>> AddAsync(
        AccountTransaction work, long accountId, long automationId, IReadOnlyList<long> contactIds, string? stepKey, CancellationToken cancellationToken) =>
        AddAsync(work.Transaction, accountId, automationId, contactIds, stepKey, cancellationToken);

    /// <summary>Ends a run.</summary>
    /// <returns>False when it was over already.</returns>
    public async Task<bool> EndAsync(AccountTransaction work, long accountId, long runId, string reason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var run = await Sql.Of($"""
            with before as (
                select id, step_key, visit_no, arrived_at from automations.run
                where account_id = {accountId} and id = {runId} and status in ('active', 'waiting', 'parked') for update)
            update automations.run r
            set status = 'ended', finished_at = {now}, due_at = null, step_key = null, visit_no = r.visit_no + 1, frozen = false
            from before where r.account_id = {accountId} and r.id = before.id
            returning r.automation_id, r.contact_id, before.step_key, before.visit_no, before.arrived_at
            """).FirstAsync<EndedRun>(work, cancellationToken);
        if (run is null)
        {
            return false;
        }

        if (run.StepKey is { } step)
        {
            await RunStore.AddVisitsAsync(
                work.Transaction, [new StepVisit(accountId, runId, run.VisitNo, step, run.ArrivedAt, now, "ended_" + reason, null)], cancellationToken);
        }

        var tally = new Tally(0);
        tally.Add(accountId, run.AutomationId, string.Empty, Tally.Ended);
        await tally.SaveAsync(work.Transaction, cancellationToken);
        await log.AppendAsync(work.Transaction, accountId, [new AutomationEnded(run.ContactId, run.AutomationId, runId, reason)], cancellationToken);
        return true;
    }

    /// <summary>Lets a waiting run go on at once.</summary>
    /// <exception cref="ConflictException">409 <c>not_waiting</c> or <c>automation_inactive</c>.</exception>
    public static async Task SkipWaitAsync(AccountTransaction work, long accountId, long runId, CancellationToken cancellationToken)
    {
        var state = await Sql.Of($"""
            select r.status, a.status from automations.run r
            join automations.automation a on a.account_id = r.account_id and a.id = r.automation_id
            where r.account_id = {accountId} and r.id = {runId}
            """).FirstAsync<RunState>(work, cancellationToken) ?? throw new NotFoundException();
        if (state.Run != RunStatus.Waiting)
        {
            throw new ConflictException("not_waiting", "This contact is not waiting here any more.");
        }

        if (state.Automation != AutomationStatus.Active)
        {
            throw new ConflictException("automation_inactive", "The automation is switched off.");
        }

        await Sql.Of($"""
            insert into automations.nudge (account_id, bucket, run_id, skip)
            select account_id, bucket, id, true from automations.run where account_id = {accountId} and id = {runId}
            """).ExecuteAsync(work, cancellationToken);
    }

    /// <summary>Tries parked runs again, with all attempts.</summary>
    /// <param name="runId">One run; null: all of the automation.</param>
    /// <returns>How many.</returns>
    public Task<int> RetryAsync(AccountTransaction work, long accountId, long? automationId, long? runId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return Sql.Of($"""
            update automations.run
            set status = 'active', attempts = 0, crashes = 0, error = null, due_at = {now}, guard = null
            where account_id = {accountId} and status = 'parked'
              and ({runId} is null or id = {runId}) and ({automationId} is null or automation_id = {automationId})
            """).ExecuteAsync(work, cancellationToken);
    }

    private sealed record EndedRun(long AutomationId, long ContactId, string? StepKey, int VisitNo, DateTimeOffset ArrivedAt);

    private sealed record RunState(RunStatus Run, AutomationStatus Automation);
}
