using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Reports;

/// <summary>What reports call the steps of an automation, those included that are no longer there.</summary>
internal sealed class StepNames(FlowCache flows, FlowHistory history)
{
    /// <summary>The published steps in their order, then those of earlier versions that are among the keys.</summary>
    /// <param name="keys">Steps that something was counted of.</param>
    public async Task<IReadOnlyList<NamedStep>> AllAsync(ReportQuestion question, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        var transaction = question.Work.Transaction;
        var row = await AutomationRow.ReadAsync(transaction, question.AccountId, question.SubjectId, cancellationToken);
        if (row.PublishedVersion is not { } version
            || !(await flows.LoadAsync(transaction, question.AccountId, [(row.Id, version)], cancellationToken)).TryGetValue(row.Id, out var flow))
        {
            return [];
        }

        List<NamedStep> steps = [.. flow.Steps.Select(s => new NamedStep(s.Key, s, s.Name, null))];
        foreach (var key in keys.Where(k => flow.Find(k) is null).Order(StringComparer.Ordinal))
        {
            var removed = await history.FindAsync(transaction, question.AccountId, row.Id, version - 1, flow, key, cancellationToken);
            steps.Add(new NamedStep(key, removed?.Step, removed is null ? key : removed.Step.Name, "No longer part of the automation"));
        }

        return steps;
    }
}

/// <param name="Step">Null when no version knows it any more.</param>
/// <param name="Note">That it is gone.</param>
internal sealed record NamedStep(string Key, FlowStep? Step, string Name, string? Note);
