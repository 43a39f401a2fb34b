using Millrace.Accounts.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Automations.Entry;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Automations.People;

/// <summary>What people do to runs: add contacts, end, skip a wait, try again. Each with its row in the audit log.</summary>
internal sealed class RunActions(Enrolment enrolment, FlowCache flows, RunEnding ending, IAudit audit, TimeProvider clock)
{
    /// <summary>Adds contacts by hand. Triggers' filters and limits do not count, the automation's own entry rule does.</summary>
    /// <exception cref="ConflictException">409 <c>automation_inactive</c>.</exception>
    public async Task<List<Entered>> AddAsync(
        NpgsqlTransaction transaction, long accountId, long? userId, long automationId, IReadOnlyList<long> contactIds, string? stepKey, CancellationToken cancellationToken)
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

        var entered = await enrolment.EnterAsync(
            transaction, accountId, automationId, flow,
            [.. contactIds.Distinct().Select(id => new Candidate(id, null, TriggerRuns.Multiple, "manual:" + RandomToken.New(12), [], stepKey))],
            manual: true, clock.GetUtcNow(), cancellationToken);
        await audit.AppendAsync(
            transaction, accountId, userId, "automation.add_contacts", "automation", automationId,
            new { contacts = entered.Count, contact_id = entered is [var only] ? only.ContactId : (long?)null, step = stepKey }, cancellationToken);
        return entered;
    }

    /// <summary>Ends a run, and takes back what it has to send and nobody has handed over.</summary>
    /// <returns>False when it was over already.</returns>
    public async Task<bool> EndAsync(AccountTransaction work, long accountId, long? userId, long runId, string reason, CancellationToken cancellationToken)
    {
        if (await ending.EndAsync(work, accountId, Sql.Of($"r.id = {runId}"), reason, cancellationToken) is not [var run])
        {
            return false;
        }

        await audit.AppendAsync(
            work.Transaction, accountId, userId, "automation.end_run", "automation", run.AutomationId, new { run_id = runId, contact_id = run.ContactId }, cancellationToken);
        return true;
    }

    /// <summary>Lets a waiting run go on at once.</summary>
    /// <exception cref="ConflictException">409 <c>not_waiting</c> or <c>automation_inactive</c>.</exception>
    public async Task SkipWaitAsync(AccountTransaction work, long accountId, long? userId, long runId, CancellationToken cancellationToken)
    {
        var state = await Sql.Of($"""
            select r.status, a.status, a.id from automations.run r
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
        await audit.AppendAsync(
            work.Transaction, accountId, userId, "automation.skip_wait", "automation", state.AutomationId, new { run_id = runId }, cancellationToken);
    }

    /// <summary>Tries parked runs again, with all attempts.</summary>
    /// <param name="runId">One run; null: all of the automation.</param>
    /// <param name="stepKey">Only who stands on it.</param>
    /// <param name="error">Only with this error.</param>
    /// <returns>How many.</returns>
    public async Task<int> RetryAsync(
        AccountTransaction work, long accountId, long? userId, long? automationId, long? runId, string? stepKey, string? error, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var retried = await Sql.Of($"""
            update automations.run
            set status = 'active', attempts = 0, crashes = 0, error = null, due_at = {now}, guard = null
            where account_id = {accountId} and status = 'parked'
              and ({runId} is null or id = {runId}) and ({automationId} is null or automation_id = {automationId})
              and ({stepKey} is null or step_key = {stepKey}) and ({error} is null or error = {error})
            """).ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(
            work.Transaction, accountId, userId, "automation.retry", automationId is null ? "run" : "automation", automationId ?? runId, new { runs = retried }, cancellationToken);
        return retried;
    }

    private sealed record RunState(RunStatus Run, AutomationStatus Automation, long AutomationId);
}
