using System.Text.Json;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Segments.Contracts;

namespace Millrace.Automations.People;

/// <summary>Who stands still in an automation, since when, and what looks wrong about it.</summary>
internal sealed class WaitingSteps(FlowCache flows, StepReasons reasons, IConditions conditions, TimeProvider clock)
{
    /// <summary>A run that is due for longer than this should have moved.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Long = TimeSpan.FromDays(30);

    public async Task<WaitingReport> ReadAsync(AccountTransaction work, long accountId, long automationId, CancellationToken cancellationToken)
    {
        var row = await AutomationRow.ReadAsync(work.Transaction, accountId, automationId, cancellationToken);
        var now = clock.GetUtcNow();
        var standing = await Sql.Of($"""
            select coalesce(step_key, ''), count(*), count(*) filter (where status = 'waiting'), count(*) filter (where status = 'waiting' and due_at is null),
                   count(*) filter (where status <> 'parked' and attempts > 0), count(*) filter (where status <> 'parked' and due_at < {now - Late} and not frozen and attempts = 0),
                   min(arrived_at), min(due_at) filter (where status = 'waiting')
            from automations.run where account_id = {accountId} and automation_id = {automationId} and status in ('active', 'waiting', 'parked') group by 1
            """).ListAsync<Standing>(work, cancellationToken);
        var parked = await Sql.Of($"""
            select coalesce(step_key, ''), coalesce(error, ''), count(*), min(arrived_at)
            from automations.run where account_id = {accountId} and automation_id = {automationId} and status = 'parked'
            group by 1, 2 order by 3 desc limit 100
            """).ListAsync<ParkedGroup>(work, cancellationToken);
        var flow = row.PublishedVersion is { } version
            ? (await flows.LoadAsync(work.Transaction, accountId, [(automationId, version)], cancellationToken)).GetValueOrDefault(automationId)
            : null;
        var steps = new List<WaitingStep>();
        foreach (var here in standing.OrderBy(s => flow?.Find(s.StepKey)?.Index ?? int.MaxValue))
        {
            var flags = await FlagsAsync(work, accountId, automationId, row.Status, flow?.Find(here.StepKey), here, now, cancellationToken);
            steps.Add(new WaitingStep(here.StepKey, here.Here, here.Waiting, here.Since, here.NextDue, flags));
        }

        return new WaitingReport(steps, parked);
    }

    private async Task<List<WaitingFlag>> FlagsAsync(
        AccountTransaction work, long accountId, long automationId, AutomationStatus status, FlowStep? step, Standing here, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var flags = new List<WaitingFlag>();
        if (status != AutomationStatus.Active)
        {
            flags.Add(new WaitingFlag("paused", here.Here));
        }
        else if (here.Overdue > 0)
        {
            flags.Add(new WaitingFlag("overdue", here.Overdue));
        }

        if (here.Failing > 0)
        {
            flags.Add(new WaitingFlag("failing", here.Failing));
        }

        if (step is null || here.Waiting == 0)
        {
            return flags;
        }

        if (reasons.TreeOf(step) is { } tree)
        {
            await AddConditionsAsync(flags, work, accountId, automationId, step, tree, here, now, cancellationToken);
        }
        else if (here.Endless > 0)
        {
            flags.Add(new WaitingFlag(step.Type == "wait.until_date" ? "no_date" : "no_moment", here.Endless));
        }

        return flags;
    }

    private async Task AddConditionsAsync(
        List<WaitingFlag> flags, AccountTransaction work, long accountId, long automationId, FlowStep step, ConditionTree tree, Standing here, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if ((await conditions.CheckAsync(work, accountId, tree, cancellationToken)).Count > 0)
        {
            flags.Add(new WaitingFlag("impossible", here.Waiting));
        }

        foreach (var mail in StepsAnswered(tree.Json))
        {
            var without = await Sql.Of($"""
                select count(*) from automations.run r
                where r.account_id = {accountId} and r.automation_id = {automationId} and r.step_key = {step.Key} and r.status = 'waiting'
                  and not exists (select 1 from automations.step_visit v where v.account_id = r.account_id and v.run_id = r.id and v.step_key = {mail} and v.result = 'done')
                """).FirstAsync<long>(work, cancellationToken);
            if (without > 0)
            {
                flags.Add(new WaitingFlag("never_got_it", without));
            }
        }

        if (here.Endless > 0 && now - here.Since > Long)
        {
            flags.Add(new WaitingFlag("no_limit", here.Endless, (int)(now - here.Since).TotalDays));
        }
    }

    /// <summary>Steps that conditions wait to see answered: <c>{ "activity": "email.opened", "step": "hello" }</c>, unless turned round.</summary>
    private static HashSet<string> StepsAnswered(JsonElement tree)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Search(tree);
        return found;

        void Search(JsonElement at)
        {
            if (at.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in at.EnumerateArray())
                {
                    Search(item);
                }
            }
            else if (at.ValueKind == JsonValueKind.Object && !at.TryGetProperty("not", out _) && !at.TryGetProperty("any", out _))
            {
                if (at.TryGetProperty("activity", out var kind) && kind.GetString()?.StartsWith("email.", StringComparison.Ordinal) == true
                    && at.TryGetProperty("step", out var step) && step.ValueKind == JsonValueKind.String && !at.TryGetProperty("automation", out _)
                    && !(at.TryGetProperty("never", out var never) && never.ValueKind == JsonValueKind.True))
                {
                    found.Add(step.GetString()!);
                }
                else if (at.TryGetProperty("all", out var all))
                {
                    Search(all);
                }
            }
        }
    }

    private sealed record Standing(
        string StepKey, long Here, long Waiting, long Endless, long Failing, long Overdue, DateTimeOffset Since, DateTimeOffset? NextDue);
}

/// <param name="Steps">Steps somebody stands on, in the order of the document.</param>
/// <param name="Parked">Runs that were given up on, by step and reason, the largest group first.</param>
internal sealed record WaitingReport(IReadOnlyList<WaitingStep> Steps, IReadOnlyList<ParkedGroup> Parked);

/// <param name="Here">Stand on it.</param>
/// <param name="Waiting">Of these: were told to wait.</param>
/// <param name="LongestSince">Since when the one stands there who has stood longest.</param>
/// <param name="NextDue">When the next wait ends.</param>
/// <param name="Flags">What looks wrong.</param>
internal sealed record WaitingStep(string StepId, long Here, long Waiting, DateTimeOffset LongestSince, DateTimeOffset? NextDue, IReadOnlyList<WaitingFlag> Flags);

/// <param name="Code">
/// <c>paused</c>: the automation is switched off. <c>overdue</c>: should have gone on five minutes ago. <c>failing</c>: the step failed and is tried again.
/// <c>impossible</c>: a thing the conditions name was deleted. <c>never_got_it</c>: they wait for an answer to a mail they were never sent.
/// <c>no_date</c>: the field whose date they wait for is empty. <c>no_moment</c>: the moment has passed for good. <c>no_limit</c>: a wait without end, for long.
/// </param>
/// <param name="Count">How many it is about.</param>
/// <param name="Days">With <c>no_limit</c>: for how long the longest has been there.</param>
internal sealed record WaitingFlag(string Code, long Count, int? Days = null);

/// <param name="Error">The reason, word for word; for <c>POST .../retry</c>.</param>
internal sealed record ParkedGroup(string StepId, string Error, long Count, DateTimeOffset LongestSince);
