using System.ComponentModel;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Steps;

/// <summary>Goes on at another step of the same automation. The engine's limits end endless loops.</summary>
[AutomationAction("flow.goto", Title = "Go to another step", Group = "Flow", Shape = "goto", Icon = "arrow-right",
    Description = "The contact goes on at another step. In a loop without a wait at most 3 times, with one at most 10 times in 24 hours.")]
internal sealed class GotoAction : AutomationAction<GotoAction.Settings>
{
    internal sealed record Settings
    {
        [Description("Where to go on."), StepReference]
        public required string Step { get; init; }
    }

    public override Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken) =>
        Task.FromResult(batch.All(StepOutcome.Goto(batch.Settings.Step)));
}
