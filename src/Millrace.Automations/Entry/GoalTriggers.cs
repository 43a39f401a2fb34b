using System.ComponentModel;
using Millrace.Automations.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Entry;

/// <summary>Which goal a trigger watches.</summary>
internal sealed record GoalChoice
{
    [Description("Automation the goal is in; empty: any."), Picker("automation")]
    public long? Automation { get; init; }

    [Description("Name of the goal; empty: any."), MaxCharacters(100)]
    public string? Goal { get; init; }

    public bool Fits(long automationId, string name) => (Automation is null || Automation == automationId)
        && (string.IsNullOrWhiteSpace(Goal) || string.Equals(Goal.Trim(), name.Trim(), StringComparison.OrdinalIgnoreCase));
}

/// <summary>Starts when a contact meets a goal: by jumping to it, or by coming along and fulfilling it at once or after waiting.</summary>
[AutomationTrigger("goal.reached", Title = "Goal is reached", Group = "Automations", Description = "Starts when a contact reaches a goal of an automation.")]
internal sealed class GoalReachedTrigger : AutomationTrigger<GoalReached, GoalChoice>
{
    public override bool Matches(GoalReached activity, GoalChoice settings) => settings.Fits(activity.AutomationId, activity.Name);
}

/// <summary>Starts when a contact passes a goal, or ends at it, without fulfilling it.</summary>
[AutomationTrigger("goal.skipped", Title = "Goal is skipped", Group = "Automations", Description = "Starts when a contact passes a goal without fulfilling it, or ends there.")]
internal sealed class GoalSkippedTrigger : AutomationTrigger<GoalSkipped, GoalChoice>
{
    public override bool Matches(GoalSkipped activity, GoalChoice settings) => settings.Fits(activity.AutomationId, activity.Name);
}
