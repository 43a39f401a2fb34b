using Microsoft.Extensions.Logging;
using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Automations.Entry;

/// <summary>
/// Lets in those who matched before the automation began, in batches: each one transaction that lets some in and notes how far it is. An entry goes by the
/// very happening that brought the contact into the state, so the trigger itself, which may be at the same one, cannot let it in a second time.
/// </summary>
internal sealed partial class AdmitStanding(
    NpgsqlDataSource database, FlowCache flows, StandingContacts standing, Enrolment enrolment, ActivityKinds kinds, IAudit audit, IActivityLog log, WorkSignal signal,
    TimeProvider clock, ILogger<AdmitStanding> logger) : IWorkerPass
{
    public const int Batch = 1_000;

    /// <summary>Happenings of a contact that are looked through for the one that brought it into the state.</summary>
    private const int Recent = 20;

    private const int MaxFailures = 10;

    /// <summary>Called before a batch commits. Tests cut the work off here.</summary>
    internal Func<Task>? BeforeCommit { get; set; }

    /// <returns>Batches done.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        List<Asked> open;
        await using (var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken))
        {
            open = await Sql.Of($"""
                select account_id, id, automation_id, triggers, after_contact, user_id, asked_at, entered from automations.admission
                where state = 'running' and next_at <= {clock.GetUtcNow()} order by next_at limit 20
                """).ListAsync<Asked>(work, cancellationToken);
        }

        var done = 0;
        foreach (var asked in open)
        {
            try
            {
                done += await BatchAsync(asked.AccountId, asked.Id, cancellationToken) ? 1 : 0;
            }
            catch (Exception e) when (e is not OperationCanceledException and not NpgsqlException { IsTransient: true })
            {
                // One that fails must not keep the others waiting, and not go on for ever.
                LogFailed(e, asked.AutomationId);
                await FailAsync(asked, cancellationToken);
            }
        }

        return done;
    }

    /// <returns>False when another process is at it.</returns>
    internal async Task<bool> BatchAsync(long accountId, long id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var asked = await Sql.Of($"""
            select account_id, id, automation_id, triggers, after_contact, user_id, asked_at, entered from automations.admission
            where account_id = {accountId} and id = {id} and state = 'running' for update skip locked
            """).FirstAsync<Asked>(work, cancellationToken);
        if (asked is null)
        {
            return false;
        }

        var row = await AutomationRow.ReadAsync(work.Transaction, accountId, asked.AutomationId, cancellationToken);
        if (row is not { Status: AutomationStatus.Active, PublishedVersion: { } version })
        {
            await FinishAsync(work, asked, 0, "stopped", "The automation was switched off.", now, cancellationToken);
        }
        else
        {
            var flow = (await flows.LoadAsync(work.Transaction, accountId, [(asked.AutomationId, version)], cancellationToken))[asked.AutomationId];
            await AdmitAsync(work, asked, flow, now, cancellationToken);
        }

        if (BeforeCommit is not null)
        {
            await BeforeCommit();
        }

        await work.CommitAsync(cancellationToken);
        log.Wake();
        signal.Pulse(nameof(RunEngine));
        return true;
    }

    private async Task AdmitAsync(AccountTransaction work, Asked asked, Flow flow, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A trigger that was deleted or changed since lets in whom it stands for now, or nobody.
        var trigger = asked.Triggers is [var key, ..] ? flow.Triggers.FirstOrDefault(t => t.Key == key) : null;
        List<long> found = [];
        var entered = 0;
        if (trigger is not null && standing.StateOf(trigger) is { } state)
        {
            found = await standing.FindAsync(
                work.Transaction, asked.AccountId, asked.AutomationId, trigger, state, asked.AfterContact, Batch, now, cancellationToken);
            var candidates = await CandidatesAsync(work.Transaction, asked, trigger, found, cancellationToken);
            entered = (await enrolment.EnterAsync(
                work.Transaction, asked.AccountId, asked.AutomationId, flow, candidates, manual: false, now, cancellationToken)).Count;
        }

        var left = found.Count == Batch ? asked.Triggers : [.. asked.Triggers.Skip(1)];
        if (left.Length == 0)
        {
            await Sql.Of($"update automations.admission set looked = looked + {found.Count} where account_id = {asked.AccountId} and id = {asked.Id}")
                .ExecuteAsync(work, cancellationToken);
            await FinishAsync(work, asked, entered, "finished", null, now, cancellationToken);
            return;
        }

        await Sql.Of($"""
            update automations.admission
            set triggers = {left}, after_contact = {(found.Count == Batch ? found[^1] : 0)}, looked = looked + {found.Count}, entered = entered + {entered},
                failures = 0, next_at = {now}
            where account_id = {asked.AccountId} and id = {asked.Id}
            """).ExecuteAsync(work, cancellationToken);
        await TellAsync(work.Transaction, asked, cancellationToken);
    }

    /// <summary>Each with the happening that brought it into the state, where the log still has it.</summary>
    private async Task<List<Candidate>> CandidatesAsync(
        NpgsqlTransaction transaction, Asked asked, FlowTrigger trigger, List<long> contacts, CancellationToken cancellationToken)
    {
        var entries = await Sql.Of($"""
            select a.id, a.contact_id, a.kind, a.subject_id, a.automation_id, a.step_key, a.occurred_at, a.data
            from unnest({contacts.ToArray()}) as c (id)
            cross join lateral (
                select * from activities.activity
                where account_id = {asked.AccountId} and contact_id = c.id and kind = {trigger.Type} order by occurred_at desc, id desc limit {Recent}) a
            """).ListAsync<ActivityEntry>(transaction, cancellationToken);
        var causes = entries.Select(e => (Entry: e, Activity: e.Read(kinds))).Where(e => trigger.Definition!.Matches(e.Activity, trigger.Settings!))
            .GroupBy(e => e.Entry.ContactId).ToDictionary(g => g.Key, g => g.First());
        var known = contacts.Where(causes.ContainsKey).ToList();
        var lists = (await trigger.Definition!.ListsOfAsync(transaction, asked.AccountId, [.. known.Select(c => causes[c].Activity)], cancellationToken))
            .Zip(known).ToDictionary(p => p.Second, p => p.First);
        return contacts.ConvertAll(contact => new Candidate(
            contact, trigger.Key, trigger.Runs, causes.TryGetValue(contact, out var cause) ? EnterByTrigger.EntryKey(trigger, cause.Entry) : $"{trigger.Key}:standing",
            lists.GetValueOrDefault(contact) ?? trigger.Definition.ListsOf(trigger.Settings!), MatchedSince: asked.AskedAt));
    }

    private async Task FinishAsync(
        AccountTransaction work, Asked asked, int entered, string state, string? problem, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await Sql.Of($"""
            update automations.admission set state = {state}, entered = entered + {entered}, finished_at = {now}, problem = {problem}
            where account_id = {asked.AccountId} and id = {asked.Id}
            """).ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(
            work.Transaction, asked.AccountId, asked.UserId, "automation.admit_standing", "automation", asked.AutomationId,
            new { state, entered = asked.Entered + entered }, cancellationToken);
        await TellAsync(work.Transaction, asked, cancellationToken);
    }

    private static Task TellAsync(NpgsqlTransaction transaction, Asked asked, CancellationToken cancellationToken) => LiveChanges.TellAsync(
        transaction, asked.AccountId, cancellationToken, [FormattableString.Invariant($"{LiveTopics.Automation}:{asked.AutomationId}")]);

    private async Task FailAsync(Asked asked, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, asked.AccountId, cancellationToken);
        await Sql.Of($"""
            update automations.admission
            set failures = failures + 1, next_at = {now.AddSeconds(30)},
                state = case when failures + 1 >= {MaxFailures} then 'stopped' else state end,
                finished_at = case when failures + 1 >= {MaxFailures} then {now} end,
                problem = case when failures + 1 >= {MaxFailures} then 'It failed several times; the server''s log says why.' end
            where account_id = {asked.AccountId} and id = {asked.Id} and state = 'running'
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    private sealed record Asked(
        long AccountId, long Id, long AutomationId, string[] Triggers, long AfterContact, long? UserId, DateTimeOffset AskedAt, long Entered);

    [LoggerMessage(Level = LogLevel.Error, Message = "Contacts that match automation {AutomationId} already could not be let in")]
    private partial void LogFailed(Exception exception, long automationId);
}
