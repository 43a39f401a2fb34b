using System.Runtime.CompilerServices;
using System.Text.Json;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Automations.Steps;

/// <summary>Condition trees of step settings, parsed once for as long as the settings live, and asked about batches of runs.</summary>
internal sealed class ParsedConditions(IConditions conditions)
{
    /// <summary>Conditions that change with time alone are looked at again after this long at most.</summary>
    public static readonly TimeSpan Recheck = TimeSpan.FromMinutes(15);

    private readonly ConditionalWeakTable<object, ConditionTree> _trees = [];

    public ConditionTree Of(object settings, JsonElement json) => _trees.GetValue(settings, _ => conditions.Parse(json, string.Empty));

    /// <summary>Whether the answer may be another one with time alone, saved segments as they are now.</summary>
    public async ValueTask<bool> IsTimeDependentAsync(ActionBatch batch, ConditionTree tree, CancellationToken cancellationToken) =>
        conditions.IsTimeDependent(await conditions.ResolveAsync(batch.Transaction, batch.AccountId, tree, cancellationToken));

    /// <summary>Contacts of the batch for whom the tree holds.</summary>
    public Task<HashSet<long>> MatchingAsync(ActionBatch batch, ConditionTree tree, CancellationToken cancellationToken) =>
        MatchingAsync(batch, tree, [.. batch.ContactIds.Distinct()], cancellationToken);

    /// <summary>Those of the contacts for whom the tree holds.</summary>
    public Task<HashSet<long>> MatchingAsync(ActionBatch batch, ConditionTree tree, long[] contacts, CancellationToken cancellationToken)
    {
        var context = new SegmentContext(batch.AccountId, batch.Now, batch.TimeZone, batch.AutomationId, contacts);
        return conditions.MatchingAsync(batch.Transaction, context, tree, contacts, cancellationToken);
    }
}
