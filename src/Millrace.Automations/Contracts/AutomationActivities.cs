using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Contracts;

/// <summary>A contact entered an automation.</summary>
/// <param name="Trigger">Key of the trigger in the automation; null when added by hand or through the API.</param>
[ActivityKind("automation.entered", Title = "Entered automation", Group = "Automation")]
public sealed record AutomationEntered(long ContactId, [property: Subject("automation")] long AutomationId, long RunId, string? Trigger) : IActivity;

/// <summary>A contact came to the end of an automation.</summary>
[ActivityKind("automation.completed", Title = "Completed automation", Group = "Automation")]
public sealed record AutomationCompleted(long ContactId, [property: Subject("automation")] long AutomationId, long RunId) : IActivity;

/// <summary>A contact left an automation before its end: by an end step, by hand, by a limit.</summary>
/// <param name="Reason"><c>end_step</c>, <c>by_hand</c>, <c>goal_missed</c>, <c>goto_limit</c>, <c>api</c> ...</param>
[ActivityKind("automation.ended", Title = "Left automation", Group = "Automation")]
public sealed record AutomationEnded(long ContactId, [property: Subject("automation")] long AutomationId, long RunId, string Reason) : IActivity;

/// <summary>A contact met a goal: it jumped there, or came along and the conditions held at once or after waiting.</summary>
[ActivityKind("goal.reached", Title = "Goal reached", Group = "Automation")]
public sealed record GoalReached(long ContactId, [property: Subject("automation")] long AutomationId, long RunId, string Step, string Name, bool Jumped) : IActivity;

/// <summary>A contact passed or ended at a goal without meeting it.</summary>
[ActivityKind("goal.skipped", Title = "Goal skipped", Group = "Automation")]
public sealed record GoalSkipped(long ContactId, [property: Subject("automation")] long AutomationId, long RunId, string Step, string Name) : IActivity;
