using System.ComponentModel;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Steps;

/// <summary>Holds a contact for a while, counted from its arrival. An edited length counts the time already spent.</summary>
[AutomationAction("wait.for", Title = "Wait for a while", Group = "Flow", Shape = "wait", Icon = "clock", Description = "Holds the contact for a set time.")]
internal sealed class WaitForAction : AutomationAction<WaitForAction.Settings>
{
    internal sealed record Settings
    {
        [Description("How long, counted from the contact's arrival at this step."), Duration]
        public required string Duration { get; init; }
    }

    public override Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var duration = IsoDuration.Parse(batch.Settings.Duration);
        return Task.FromResult<StepOutcome[]>([.. batch.Runs.Select(run => duration.After(run.ArrivedAt) is var until && until <= batch.Now
            ? new StepOutcome(StepOutcomeKind.Continue, Result: "waited")
            : StepOutcome.WaitUntil(until))]);
    }
}
