using System.Runtime.CompilerServices;
using System.Text.Json;
using Millrace.Automations.Definitions;
using Millrace.Automations.Steps;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Automations.Engine;

/// <summary>
/// Why a step decided as it did: what its conditions found of the contact at that moment, kept with the step in the trace. One more statement for a batch, and only
/// for steps that decide by conditions, when they let go.
/// </summary>
internal sealed class StepReasons(ParsedConditions parsed, IConditions conditions)
{
    private readonly ConditionalWeakTable<object, StrongBox<ConditionTree?>> _trees = [];

    /// <summary>The conditions by which a step decides about a contact; null: it does not. Those of a split are asked about all that passed it.</summary>
    public ConditionTree? TreeOf(FlowStep? step) => step is { Action: { } action, Settings: { } settings and not SplitAction.Settings }
        ? _trees.GetValue(settings, _ => new StrongBox<ConditionTree?>(Parse(action, settings))).Value
        : null;

    /// <summary>Notes the reasons of those that leave the step.</summary>
    public async Task NoteAsync(
        NpgsqlTransaction transaction, long accountId, string timeZone, DateTimeOffset now, FlowStep step, List<Walker> group, StepOutcome[] outcomes,
        CancellationToken cancellationToken)
    {
        if (TreeOf(step) is not { } tree)
        {
            return;
        }

        var leaving = group.Where((_, i) => outcomes[i].Kind is not (StepOutcomeKind.Wait or StepOutcomeKind.Fail)).ToList();
        if (leaving.Count == 0)
        {
            return;
        }

        var found = await AskAsync(
            transaction, new SegmentContext(accountId, now, timeZone, group[0].Row.AutomationId), tree, [.. leaving.Select(w => w.Row.ContactId).Distinct()], cancellationToken);
        foreach (var walker in leaving)
        {
            walker.Why = found.GetValueOrDefault(walker.Row.ContactId);
        }
    }

    /// <returns>By contact, as it is kept: <c>[[true,"VIP, gold"],[false,null]]</c>, a pair for each leaf in the order of the document.</returns>
    public async Task<Dictionary<long, string>> AskAsync(
        NpgsqlTransaction transaction, SegmentContext context, ConditionTree tree, long[] contactIds, CancellationToken cancellationToken)
    {
        var found = await conditions.FindingsAsync(transaction, context, tree, contactIds, cancellationToken);
        return found.ToDictionary(f => f.Key, f => Write(f.Value));
    }

    /// <summary>What was kept, in words.</summary>
    /// <param name="words">Of the leaves of the tree that decided. Of an edited tree the values may not fit any more; then there are none.</param>
    public static IReadOnlyList<StepReason> Read(string? kept, IReadOnlyList<string> words)
    {
        if (kept is null)
        {
            return [];
        }

        using var json = JsonDocument.Parse(kept);
        return json.RootElement.GetArrayLength() != words.Count ? [] :
            [.. json.RootElement.EnumerateArray().Select((leaf, i) => new StepReason(words[i], leaf[0].GetBoolean(), leaf[1].GetString()))];
    }

    private static string Write(LeafFinding[] leaves)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var (holds, found) in leaves)
            {
                json.WriteStartArray();
                json.WriteBooleanValue(holds);
                json.WriteStringValue(found);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private ConditionTree? Parse(AutomationAction action, object settings) =>
        SettingsShape.Of(action.SettingsType).Members.FirstOrDefault(m => m.IsConditions)?.Property.GetValue(settings) is JsonElement { ValueKind: JsonValueKind.Object } json
            ? parsed.Of(settings, json)
            : null;
}

/// <summary>What one condition found.</summary>
/// <param name="Words">The condition in words.</param>
/// <param name="Found">What the contact had; null: nothing.</param>
internal sealed record StepReason(string Words, bool Holds, string? Found);
