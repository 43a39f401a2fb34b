using Millrace.Automations.Definitions;
using Millrace.Automations.Steps;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Automations.Engine;

/// <summary>Finds the runs that may jump to a goal. Of several goals fulfilled at once the one furthest down the document wins.</summary>
internal sealed class GoalJumps(IConditions conditions, TimedConditions timed, StepReasons reasons)
{
    /// <param name="walkers">Runs of one account that have just entered, or that something has happened to, or whose time has come.</param>
    public async Task JumpAsync(
        NpgsqlTransaction transaction, Walk walk, long accountId, string timeZone, DateTimeOffset now, IEnumerable<Walker> walkers,
        CancellationToken cancellationToken)
    {
        foreach (var automation in walkers.Where(w => w.Flow.Goals.Count > 0 && w.Step is not null).GroupBy(w => w.Row.AutomationId))
        {
            List<Walker> left = [.. automation];
            foreach (var goal in left[0].Flow.Goals.OrderByDescending(g => g.Step.Index))
            {
                var able = left.FindAll(w => CanJump(w, goal));
                if (able.Count == 0)
                {
                    continue;
                }

                var contacts = able.Select(w => w.Row.ContactId).Distinct().ToArray();
                var context = new SegmentContext(accountId, now, timeZone, automation.Key, contacts);
                var tree = await timed.ResolveAsync(transaction, accountId, goal.Conditions, cancellationToken);
                var matching = await conditions.MatchingAsync(transaction, context, tree, contacts, cancellationToken);
                var why = matching.Count == 0 ? [] : await reasons.AskAsync(transaction, context, goal.Conditions, [.. matching], cancellationToken);
                foreach (var walker in able.Where(w => matching.Contains(w.Row.ContactId)))
                {
                    walk.Jump(walker, goal, why.GetValueOrDefault(walker.Row.ContactId));
                    left.Remove(walker);
                }
            }
        }
    }

    /// <summary>While a goal that depends on the time can still be jumped to, the run is looked at again.</summary>
    public DateTimeOffset? RecheckOf(Walker walker, DateTimeOffset now) =>
        walker.Flow.Goals.Any(g => timed.IsTimed(g.Conditions, g.TimeDependent) && CanJump(walker, g)) ? now + ParsedConditions.Recheck : null;

    private static bool CanJump(Walker walker, FlowGoal goal) => walker.Step is { } step && step.Key != goal.Step.Key
        && !walker.Goals.Contains(goal.Step.Key) && (goal.Anywhere || goal.Upstream.Contains(step.Key));
}
