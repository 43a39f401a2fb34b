using System.ComponentModel;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Automations.Entry;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Automations.Steps;

/// <summary>
/// Lets the contact enter another automation, as far as that one lets it: it must be active, its entry rule counts, and it takes the same contact from
/// the same automation at most ten times in 24 hours. This one goes on. What an unsubscribe takes the contact off goes along with it.
/// </summary>
[AutomationAction("flow.start_automation", Title = "Start an automation", Group = "Flow", Icon = "play",
    Description = "Lets the contact enter another automation, if that is active and its entry rule allows it. This one goes on.")]
internal sealed class StartAutomationAction(IServiceProvider services) : AutomationAction<StartAutomationAction.Settings>
{
    internal sealed record Settings
    {
        [Description("The automation to enter; it may be this one."), Picker("automation")]
        public required long Automation { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var target = batch.Settings.Automation;
        var version = await Sql.Of($"""
            select published_version from automations.automation
            where account_id = {batch.AccountId} and id = {target} and status = 'active' for key share
            """).FirstAsync<int?>(batch.Transaction, cancellationToken);
        if (version is null)
        {
            return batch.All(StepOutcome.Skip("skipped_inactive", "That automation is not active."));
        }

        // Asked for only here: reading flows needs the catalogue of steps, of which this is one.
        var flows = services.GetRequiredService<FlowCache>();
        var enrolment = services.GetRequiredService<Enrolment>();
        var flow = (await flows.LoadAsync(batch.Transaction, batch.AccountId, [(target, version.Value)], cancellationToken))[target];
        var from = TriggerKey(batch.AutomationId);
        var entered = await enrolment.EnterAsync(
            batch.Transaction, batch.AccountId, target, flow,
            [.. batch.Runs.Select(r => new Candidate(r.ContactId, from, TriggerRuns.Multiple, EntryKey(r), batch.EntryLists, Subject: r.Subject))],
            manual: false, batch.Now, cancellationToken);
        var inside = entered.Select(e => e.ContactId).ToHashSet();
        return [.. batch.Runs.Select(r => inside.Contains(r.ContactId)
            ? StepOutcome.Continue
            : StepOutcome.Skip("skipped_entry_rule", "That automation does not let the contact in again now."))];
    }

    /// <summary>What a run says it was entered through.</summary>
    public static string TriggerKey(long automationId) => string.Create(CultureInfo.InvariantCulture, $"automation:{automationId}");

    protected override async Task<IReadOnlyList<StepProblem>> CheckAsync(
        NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken) =>
        await Sql.Of($"select status from automations.automation where account_id = {accountId} and id = {settings.Automation} and deleted_at is null")
            .FirstAsync<string>(transaction, cancellationToken) is "inactive" or "draft"
            ? [new StepProblem("automation", "automation_inactive", "That automation is not active: contacts pass over this step.", IsWarning: true)]
            : [];

    private static string EntryKey(BatchRun run) => string.Create(CultureInfo.InvariantCulture, $"start:{run.RunId}:{run.VisitNo}");
}
