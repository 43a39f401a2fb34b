using Millrace.Automations.Engine;
using Npgsql;

namespace Millrace.Automations.Definitions;

/// <summary>Where people go who stand on a step that a later version no longer has.</summary>
internal sealed class FlowHistory(FlowCache flows)
{
    /// <summary>The first step after the deleted one that is still there; null: the automation ends for them.</summary>
    private static string? NextSurviving(Flow old, Flow present, string key)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var step = old.Find(key); step is not null && seen.Add(step.Key); step = old.Find(step.Next))
        {
            if (present.Find(step.Key) is not null)
            {
                return step.Key;
            }
        }

        return null;
    }

    /// <summary>For a step that is not in the present version: looks back to the last version that had it.</summary>
    /// <param name="newest">The version to begin with.</param>
    /// <returns>The step as it was then, and where people on it go; null when no version had it.</returns>
    public async Task<RemovedStep?> FindAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, int newest, Flow present, string key, CancellationToken cancellationToken)
    {
        for (var number = newest; number > 0; number--)
        {
            var old = await flows.LoadAsync(transaction, accountId, [(automationId, number)], cancellationToken);
            if (old.TryGetValue(automationId, out var flow) && flow.Find(key) is { } step)
            {
                return new RemovedStep(step, NextSurviving(flow, present, key));
            }
        }

        return null;
    }
}

/// <param name="Step">As the last version that had it says.</param>
/// <param name="To">Null: the automation is over for them.</param>
internal sealed record RemovedStep(FlowStep Step, string? To);
