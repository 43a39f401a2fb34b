using System.ComponentModel;
using System.Text.Json;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Steps;

/// <summary>Sends each contact down one of two branches, decided once, on arrival.</summary>
[AutomationAction("flow.if", Title = "If / else", Group = "Flow", Shape = "condition", Icon = "split", Branches = ["yes", "no"],
    Description = "Contacts for whom the conditions hold take the Yes branch, all others the No branch.")]
internal sealed class IfAction(ParsedConditions conditions) : AutomationAction<IfAction.Settings>
{
    internal sealed record Settings
    {
        [Description("What decides."), Conditions]
        public required JsonElement Conditions { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var matching = await conditions.MatchingAsync(batch, conditions.Of(batch.Settings, batch.Settings.Conditions), cancellationToken);
        return [.. batch.Runs.Select(run => StepOutcome.Branch(matching.Contains(run.ContactId) ? "yes" : "no"))];
    }
}
