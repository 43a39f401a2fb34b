using Millrace.Automations.Steps;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Automations.Engine;

/// <summary>Takes out the runs whose contacts fulfil the exit conditions of their automation, before a goal or a step gets hold of them.</summary>
internal sealed class Exits(IConditions conditions, TimedConditions timed, StepReasons reasons)
{
    /// <param name="walkers">Runs of one account that have just entered, or that something has happened to, or whose time has come.</param>
    public async Task LeaveAsync(
        NpgsqlTransaction transaction, Walk walk, long accountId, string timeZone, DateTimeOffset now, IEnumerable<Walker> walkers,
        CancellationToken cancellationToken)
    {
        foreach (var automation in walkers.Where(w => w.Flow.Exit is not null && w.Step is not null).GroupBy(w => w.Row.AutomationId))
        {
            var exit = automation.First().Flow.Exit!;
            var contacts = automation.Select(w => w.Row.ContactId).Distinct().ToArray();
            var context = new SegmentContext(accountId, now, timeZone, automation.Key, contacts);
            var tree = await timed.ResolveAsync(transaction, accountId, exit.Conditions, cancellationToken);
            var matching = await conditions.MatchingAsync(transaction, context, tree, contacts, cancellationToken);
            var why = matching.Count == 0 ? [] : await reasons.AskAsync(transaction, context, exit.Conditions, [.. matching], cancellationToken);
            foreach (var walker in automation.Where(w => matching.Contains(w.Row.ContactId)))
            {
                walk.Exit(walker, why.GetValueOrDefault(walker.Row.ContactId));
            }
        }
    }

    /// <summary>Where time alone may bring the exit, the run is looked at again.</summary>
    public DateTimeOffset? RecheckOf(Walker walker, DateTimeOffset now) =>
        walker.Flow.Exit is { } exit && timed.IsTimed(exit.Conditions, exit.TimeDependent) ? now + ParsedConditions.Recheck : null;
}
