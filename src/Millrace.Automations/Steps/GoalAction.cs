using System.ComponentModel;
using System.Text.Json;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Steps;

/// <summary>
/// Something contacts are led to. Whoever fulfils the conditions jumps here from above (the engine's doing); this is what happens to those who
/// come along on their own.
/// </summary>
[AutomationAction("goal", Title = "Goal", Group = "Flow", Shape = "goal", Icon = "trophy",
    Description = "Contacts jump here as soon as the conditions hold; whoever comes along without fulfilling them goes on, waits or ends.")]
internal sealed class GoalAction(ParsedConditions conditions) : AutomationAction<GoalAction.Settings>
{
    internal sealed record Settings
    {
        [Description("What people call the goal."), MaxCharacters(100)]
        public required string Name { get; init; }

        [Description("Jump here when these hold."), Conditions]
        public required JsonElement Conditions { get; init; }

        [Label("Who jumps"), Description("Contacts in other branches, or past the goal, jump only if everybody does.")]
        public GoalPosition Position { get; init; } = GoalPosition.Below;

        [Label("Who comes without"), Description("What becomes of contacts that come here without fulfilling the conditions.")]
        public GoalOtherwise Otherwise { get; init; } = GoalOtherwise.Continue;
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var tree = conditions.Of(batch.Settings, batch.Settings.Conditions);
        var matching = await conditions.MatchingAsync(batch, tree, cancellationToken);
        DateTimeOffset? recheck = await conditions.IsTimeDependentAsync(batch, tree, cancellationToken) ? batch.Now + ParsedConditions.Recheck : null;
        var missed = batch.Settings.Otherwise switch
        {
            GoalOtherwise.Wait => StepOutcome.WaitUntil(recheck),
            GoalOtherwise.End => StepOutcome.End with { Result = Skipped },
            _ => new StepOutcome(StepOutcomeKind.Continue, Result: Skipped),
        };
        return [.. batch.Runs.Select(run => matching.Contains(run.ContactId) ? new StepOutcome(StepOutcomeKind.Continue, Result: Reached) : missed)];
    }

    public const string Reached = "reached";
    public const string Skipped = "skipped";
}

internal enum GoalPosition
{
    [Label("Contacts above the goal")]
    Below,

    [Label("Everybody inside")]
    Anywhere,
}

internal enum GoalOtherwise
{
    [Label("Goes on")]
    Continue,

    [Label("Waits here")]
    Wait,

    [Label("Ends")]
    End,
}
