using System.Runtime.CompilerServices;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Automations.Engine;

/// <summary>Which of the conditions that follow a run everywhere change with time alone, so that it has to be looked at again without anything happening.</summary>
internal sealed class TimedConditions(IConditions conditions)
{
    /// <summary>Of trees that name saved segments: whether time alone decides, as the segments were when last asked.</summary>
    private readonly ConditionalWeakTable<ConditionTree, StrongBox<bool>> _timed = [];

    /// <summary>The tree with the saved segments it names as they are now.</summary>
    public async Task<ConditionTree> ResolveAsync(NpgsqlTransaction transaction, long accountId, ConditionTree tree, CancellationToken cancellationToken)
    {
        var resolved = await conditions.ResolveAsync(transaction, accountId, tree, cancellationToken);
        if (tree.NamesSegments)
        {
            _timed.AddOrUpdate(tree, new StrongBox<bool>(conditions.IsTimeDependent(resolved)));
        }

        return resolved;
    }

    /// <summary>Where it has not been asked yet, once too often does no harm.</summary>
    /// <param name="known">What the tree tells without its saved segments.</param>
    public bool IsTimed(ConditionTree tree, bool known) => known || (tree.NamesSegments && (!_timed.TryGetValue(tree, out var timed) || timed.Value));
}
