using System.Globalization;
using Microsoft.Extensions.Logging;
using Millrace.Activities.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Workers;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Automations.Entry;

/// <summary>
/// Asks the triggers that time sets off who is due, and lets those contacts in. The window of each question begins where the last one ended and moves on
/// in the transaction of the entries, so no moment is passed over and none counts twice.
/// </summary>
internal sealed partial class EnterBySchedule(
    NpgsqlDataSource database, FlowCache flows, Enrolment enrolment, IConditions conditions, IActivityLog log, WorkSignal signal, TimeProvider clock,
    ILogger<EnterBySchedule> logger) : IWorkerPass
{
    private const int Batch = 2_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        Due? due = null;
        try
        {
            await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
            due = await Sql.Of($"""
                select s.account_id, s.automation_id, s.trigger_key, s.checked_until, s.window_end, s.after_contact, a.status, a.published_version, t.time_zone
                from automations.schedule s
                join automations.automation a on a.account_id = s.account_id and a.id = s.automation_id
                join accounts.account t on t.id = s.account_id
                where s.next_check_at <= {now} order by s.next_check_at limit 1 for update of s skip locked
                """).FirstAsync<Due>(work, cancellationToken);
            if (due is null)
            {
                return 0;
            }

            await AskAsync(work.Transaction, due, now, cancellationToken);
            await work.CommitAsync(cancellationToken);
            log.Wake();
            signal.Pulse(nameof(RunEngine));
        }
        catch (Exception e) when (due is not null && e is not OperationCanceledException and not NpgsqlException { IsTransient: true })
        {
            // One that cannot be asked must not keep the others waiting.
            LogFailed(e, due.AutomationId, due.TriggerKey);
            await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
            await Sql.Of($"""
                update automations.schedule set next_check_at = {now + Pause}
                where account_id = {due.AccountId} and automation_id = {due.AutomationId} and trigger_key = {due.TriggerKey}
                """).ExecuteAsync(work, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        return 1;
    }

    /// <summary>Has the automation's scheduled triggers asked from now on, and those that are gone no more. In the transaction of the publishing or switching.</summary>
    public static async Task SyncAsync(NpgsqlTransaction transaction, long accountId, long automationId, Flow? flow, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var keys = flow?.Triggers.Where(t => t.IsUsable && t.Definition is IScheduledTrigger).Select(t => t.Key).ToArray() ?? [];
        await Sql.Of($"delete from automations.schedule where account_id = {accountId} and automation_id = {automationId} and trigger_key <> all ({keys})")
            .ExecuteAsync(transaction, cancellationToken);
        await Sql.Of($"""
            insert into automations.schedule (account_id, automation_id, trigger_key, checked_until, next_check_at)
            select {accountId}, {automationId}, k, {now}, {now} from unnest({keys}) k
            on conflict (account_id, automation_id, trigger_key) do update set next_check_at = excluded.next_check_at
            """).ExecuteAsync(transaction, cancellationToken);
    }

    private async Task AskAsync(NpgsqlTransaction transaction, Due due, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = due is { Status: AutomationStatus.Active, Version: { } version }
            ? await flows.LoadAsync(transaction, due.AccountId, [(due.AutomationId, version)], cancellationToken) : [];
        if (!found.TryGetValue(due.AutomationId, out var flow)
            || flow.Triggers.FirstOrDefault(t => t.Key == due.TriggerKey && t.IsUsable) is not { Definition: IScheduledTrigger scheduled, Settings: { } settings } trigger)
        {
            await Sql.Of($"""
                delete from automations.schedule where account_id = {due.AccountId} and automation_id = {due.AutomationId} and trigger_key = {due.TriggerKey}
                """).ExecuteAsync(transaction, cancellationToken);
            return;
        }

        var until = due.WindowEnd ?? now;
        var answer = await scheduled.FindAsync(
            new ScheduledCheck(transaction, due.AccountId, due.TimeZone, due.CheckedUntil, until, due.AfterContact, Batch), settings, cancellationToken);
        await EnterAsync(transaction, due, flow, trigger, scheduled, answer.Due, now, cancellationToken);
        var next = answer.LastContactId is null ? scheduled.NextCheck(settings, due.TimeZone, until) : now;
        await Sql.Of($"""
            update automations.schedule
            set checked_until = {(answer.LastContactId is null ? until : due.CheckedUntil)}, next_check_at = {next},
                window_end = {(answer.LastContactId is null ? (DateTimeOffset?)null : until)}, after_contact = {answer.LastContactId ?? 0}
            where account_id = {due.AccountId} and automation_id = {due.AutomationId} and trigger_key = {due.TriggerKey}
            """).ExecuteAsync(transaction, cancellationToken);
    }

    private async Task EnterAsync(
        NpgsqlTransaction transaction, Due due, Flow flow, FlowTrigger trigger, IScheduledTrigger scheduled, IReadOnlyList<DueContact> people, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (trigger.Where is { } where && people.Count > 0)
        {
            long[] ids = [.. people.Select(p => p.ContactId).Distinct()];
            var context = new SegmentContext(due.AccountId, now, due.TimeZone, due.AutomationId, ids);
            var allowed = await conditions.MatchingAsync(transaction, context, where, ids, cancellationToken);
            people = [.. people.Where(p => allowed.Contains(p.ContactId))];
        }

        var entered = (await enrolment.EnterAsync(
            transaction, due.AccountId, due.AutomationId, flow,
            [.. people.Select(p => new Candidate(p.ContactId, trigger.Key, trigger.Runs, string.Create(CultureInfo.InvariantCulture, $"{trigger.Key}:{p.Occasion}"), []))],
            manual: false, now, cancellationToken)).Select(e => e.ContactId).ToHashSet();
        await log.AppendAsync(
            transaction, due.AccountId, [.. people.Where(p => entered.Contains(p.ContactId)).Select(p => scheduled.Happened(p, trigger.Settings!))], cancellationToken);
    }

    private sealed record Due(
        long AccountId, long AutomationId, string TriggerKey, DateTimeOffset CheckedUntil, DateTimeOffset? WindowEnd, long AfterContact, AutomationStatus Status,
        int? Version, string TimeZone);

    [LoggerMessage(Level = LogLevel.Error, Message = "Trigger {Trigger} of automation {AutomationId} could not be asked who is due")]
    private partial void LogFailed(Exception exception, long automationId, string trigger);
}
