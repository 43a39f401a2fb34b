using System.ComponentModel;
using System.Text.Json;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Steps;

/// <summary>Holds a contact until conditions hold, or a time limit is over. Already true on arrival: passes at once.</summary>
[AutomationAction("wait.until", Title = "Wait until conditions hold", Group = "Flow", Shape = "wait", Icon = "hourglass",
    Description = "Holds the contact until the conditions hold or the time limit is over.")]
internal sealed class WaitUntilAction(ParsedConditions conditions) : AutomationAction<WaitUntilAction.Settings>
{
    internal sealed record Settings
    {
        [Description("What has to hold."), Conditions]
        public required JsonElement Conditions { get; init; }

        [Description("Longest wait; then the contact goes on whether the conditions hold or not."), Duration]
        public string? Timeout { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var tree = conditions.Of(batch.Settings, batch.Settings.Conditions);
        var matching = await conditions.MatchingAsync(batch, tree, cancellationToken);
        DateTimeOffset? recheck = await conditions.IsTimeDependentAsync(batch, tree, cancellationToken) ? batch.Now + ParsedConditions.Recheck : null;
        IsoDuration? limit = batch.Settings.Timeout is { } timeout ? IsoDuration.Parse(timeout) : null;
        return [.. batch.Runs.Select(run => Decide(run, matching.Contains(run.ContactId), limit?.After(run.ArrivedAt), recheck, batch.Now))];
    }

    private static StepOutcome Decide(BatchRun run, bool holds, DateTimeOffset? end, DateTimeOffset? recheck, DateTimeOffset now)
    {
        if (holds)
        {
            return new StepOutcome(StepOutcomeKind.Continue, Result: "met", Detail: run.IsRevisit ? null : "The conditions held on arrival.");
        }

        if (end <= now)
        {
            return new StepOutcome(StepOutcomeKind.Continue, Result: "timed_out", Detail: "The time limit was over.");
        }

        return StepOutcome.WaitUntil(end < recheck ? end : recheck ?? end);
    }
}
