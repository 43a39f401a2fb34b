using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Steps;

/// <summary>Ends the automation for the contact, before the steps that would follow.</summary>
[AutomationAction("flow.end", Title = "End this automation", Group = "Flow", Shape = "end", Icon = "stop", Description = "The automation ends here for the contact.")]
internal sealed class EndAction : AutomationAction<EndAction.Settings>
{
    internal sealed record Settings;

    public override Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken) =>
        Task.FromResult(batch.All(StepOutcome.End with { Result = "end_step" }));
}
