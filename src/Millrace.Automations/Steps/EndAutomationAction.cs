using System.ComponentModel;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Steps;

/// <summary>Ends this automation, another one or all of them for the contact. Mails of steps already taken still go out.</summary>
[AutomationAction("flow.end_automation", Title = "End an automation", Group = "Flow", Icon = "stop",
    Description = "Ends this automation, another one, or all of them for the contact. A contact that is not inside goes on.")]
internal sealed class EndAutomationAction : AutomationAction<EndAutomationAction.Settings>
{
    /// <summary>Reason of the activity.</summary>
    public const string Reason = "end_step";

    internal sealed record Settings
    {
        [Description("Which one ends.")]
        public EndOf Which { get; init; } = EndOf.Other;

        [Description("The automation to end."), Picker("automation"), ShowWhen("which", "other")]
        public long? Automation { get; init; }
    }

    public override Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken) => Task.FromResult(batch.All(batch.Settings switch
    {
        { Which: EndOf.This } => StepOutcome.End with { Result = Reason },
        { Which: EndOf.All } => StepOutcome.EndEntries(null, Reason),
        { Automation: { } other } => StepOutcome.EndEntries(other, Reason),
        _ => StepOutcome.Skip("not_inside", "No automation was chosen."),
    }));

    protected override bool EndsPath(Settings settings) => settings.Which is EndOf.This or EndOf.All;

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        if (settings is { Which: EndOf.Other, Automation: null })
        {
            yield return ("automation", "Choose the automation to end.");
        }
    }
}

internal enum EndOf
{
    [Label("This automation")]
    This,

    [Label("Another automation")]
    Other,

    [Label("Every automation")]
    All,
}
