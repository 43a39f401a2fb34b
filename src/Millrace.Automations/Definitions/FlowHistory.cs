using Millrace.Automations.Engine;
using Npgsql;

namespace Millrace.Automations.Definitions;

/// <summary>Where people go who stand on a step that a later version no longer has.</summary>
internal sealed class FlowHistory(FlowCache flows)
{
    /// <summary>The first step after the deleted one that is still there; null: the automation ends for them.</summary>
    public static string? NextSurviving(Flow old, Flow present, string key)
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
    public async Task<string?> SurvivorAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, int version, Flow present, string key, CancellationToken cancellationToken)
    {
        for (var number = version - 1; number > 0; number--)
        {
            var old = await flows.LoadAsync(transaction, accountId, [(automationId, number)], cancellationToken);
            if (old.TryGetValue(automationId, out var flow) && flow.Find(key) is not null)
            {
                return NextSurviving(flow, present, key);
            }
        }

        return null;
    }
}
