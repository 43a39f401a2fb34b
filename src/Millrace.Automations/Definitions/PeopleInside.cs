using System.Text.Json;
using Millrace.Kernel.Data;

namespace Millrace.Automations.Definitions;

/// <summary>What another version means for those who are inside: the same answer before and after publishing.</summary>
internal sealed class PeopleInside(FlowHistory history)
{
    /// <param name="published">The newest version that is not <paramref name="present"/> itself.</param>
    /// <param name="present">The version to be, or that has just become.</param>
    public async Task<List<StepMove>> MovesAsync(
        AccountTransaction work, long accountId, long automationId, int published, Flow present, CancellationToken cancellationToken)
    {
        var standing = await Sql.Of($"""
            select step_key, count(*) from automations.run
            where account_id = {accountId} and automation_id = {automationId} and status in ('active', 'waiting', 'parked') and step_key is not null
            group by step_key order by step_key
            """).ListAsync<Standing>(work, cancellationToken);
        var moves = new List<StepMove>();
        foreach (var (key, count) in standing)
        {
            if (present.Find(key) is not null)
            {
                moves.Add(new StepMove(key, count, key));
                continue;
            }

            var removed = await history.FindAsync(work.Transaction, accountId, automationId, published, present, key, cancellationToken);
            moves.Add(new StepMove(key, count, removed?.To, removed is null ? null : new RemovedDefinition(removed.Step.Type, JsonElement.Parse(removed.Step.Raw))));
        }

        return moves;
    }

    private sealed record Standing(string StepKey, long Count);
}

/// <summary>Contacts that stand on a step.</summary>
/// <param name="To">The same step when they stay; another when it was removed; null: the automation is over for them.</param>
/// <param name="Removed">What the step was, when the new version does not have it.</param>
internal sealed record StepMove(string From, long Count, string? To, RemovedDefinition? Removed = null);

/// <param name="Options">The step's options, without its id and its branches.</param>
internal sealed record RemovedDefinition(string Type, JsonElement Options);
