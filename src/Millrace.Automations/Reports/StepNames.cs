using System.Text.Json;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Reports;

/// <summary>What reports call the steps of an automation, those included that are no longer there.</summary>
internal sealed class StepNames(FlowCache flows, FlowHistory history)
{
    /// <summary>Members of a step's options that tell people which one it is.</summary>
    private static readonly string[] Naming = ["name", "subject", "title"];

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

        List<NamedStep> steps = [.. flow.Steps.Select(s => new NamedStep(s.Key, s, Name(s), null))];
        foreach (var key in keys.Where(k => flow.Find(k) is null).Order(StringComparer.Ordinal))
        {
            var removed = await history.FindAsync(transaction, question.AccountId, row.Id, version - 1, flow, key, cancellationToken);
            steps.Add(new NamedStep(key, removed?.Step, removed is null ? key : Name(removed.Step), "No longer part of the automation"));
        }

        return steps;
    }

    /// <summary>What tells people which step it is.</summary>
    public static string Name(FlowStep step)
    {
        var title = step.Action?.Title ?? step.Type;
        using var options = JsonDocument.Parse(step.Raw);
        var own = Naming.Select(n => options.RootElement.TryGetProperty(n, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null)
            .FirstOrDefault(v => !string.IsNullOrWhiteSpace(v));
        return own is null ? title : step.Shape == "goal" ? own : $"{title}: {own}";
    }
}

/// <param name="Step">Null when no version knows it any more.</param>
/// <param name="Note">That it is gone.</param>
internal sealed record NamedStep(string Key, FlowStep? Step, string Name, string? Note);
