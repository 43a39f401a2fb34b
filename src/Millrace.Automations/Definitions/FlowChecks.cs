using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Automations.Steps;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Automations.Definitions;

/// <summary>Everything that is wrong or strange about a document. The same for the builder's check and for publishing.</summary>
internal sealed class FlowChecks(FlowReader reader, DocumentNames names, IConditions conditions)
{
    /// <param name="automationId">The automation the document is to be published as; null: it is new.</param>
    public async Task<(Flow Flow, List<FlowProblem> Problems)> CheckAsync(
        AccountTransaction work, long accountId, long? automationId, JsonElement document, CancellationToken cancellationToken)
    {
        var (flow, problems) = reader.Read(document);
        var owners = flow.Steps.Select(s => (s.Pointer, s.Key)).Concat(flow.Triggers.Select(t => (t.Pointer, t.Key)))
            .OrderByDescending(o => o.Pointer.Length).ToList();
        foreach (var group in names.References((JsonObject)JsonNode.Parse(document.GetRawText())!).ToList().GroupBy(r => r.Source, StringComparer.Ordinal))
        {
            var known = await names.NamesAsync(work, accountId, group.Key, [.. group.Select(r => r.Id)], cancellationToken);
            problems.AddRange(group.Where(r => !known.ContainsKey(r.Id)).Select(r => new FlowProblem(
                ProblemSeverity.Error, OwnerOf(owners, r.Pointer), r.Pointer, "reference_missing", $"The {group.Key} chosen here does not exist any more.")));
        }

        foreach (var (pointer, tree) in Trees(flow, document))
        {
            problems.AddRange((await conditions.CheckAsync(work, accountId, tree, cancellationToken)).Select(e => new FlowProblem(
                ProblemSeverity.Error, OwnerOf(owners, pointer), e.Path.StartsWith(pointer, StringComparison.Ordinal) ? e.Path : pointer + e.Path, e.Code, e.Message)));
        }

        foreach (var step in flow.Steps.Where(s => s is { Settings: not null, Action: not null }))
        {
            problems.AddRange((await step.Action!.CheckAsync(work.Transaction, accountId, step.Settings!, cancellationToken)).Select(p => new FlowProblem(
                p.IsWarning ? ProblemSeverity.Warning : ProblemSeverity.Error, step.Key, $"{step.Pointer}/{p.Path.TrimStart('/')}", p.Code, p.Message)));
        }

        foreach (var trigger in flow.Triggers.Where(t => t.IsUsable))
        {
            problems.AddRange((await trigger.Definition!.CheckAsync(work.Transaction, accountId, trigger.Settings!, cancellationToken)).Select(p => new FlowProblem(
                p.IsWarning ? ProblemSeverity.Warning : ProblemSeverity.Error, trigger.Key, $"{trigger.Pointer}/{p.Path.TrimStart('/')}", p.Code, p.Message)));
        }

        if (automationId is { } id)
        {
            var splits = flow.Steps.Where(s => s.Settings is SplitAction.Settings).DistinctBy(s => s.Key).Select(s => (s.Key, (SplitAction.Settings)s.Settings!));
            problems.AddRange((await SplitDecision.EditedAsync(work.Transaction, accountId, id, splits, cancellationToken)).Select(key => new FlowProblem(
                ProblemSeverity.Error, key, flow.Find(key)!.Pointer, "split_in_progress",
                "Contacts have passed this split, so it cannot be changed any more. Put a new split in its place.")));
        }

        problems.AddRange(OfTheWhole(flow));
        return (flow, problems);
    }

    private static IEnumerable<FlowProblem> OfTheWhole(Flow flow)
    {
        if (flow.Steps.Count == 0)
        {
            yield return new FlowProblem(ProblemSeverity.Error, null, "/steps", "no_steps", "There is no step yet.");
            yield break;
        }

        if (flow.Triggers.Count == 0)
        {
            yield return new FlowProblem(ProblemSeverity.Warning, null, "/triggers", "no_trigger", "Without a trigger contacts enter by hand or through the API only.");
        }

        var reached = Reached(flow);
        foreach (var step in flow.Steps.Where(s => !reached.Contains(s.Key)))
        {
            yield return new FlowProblem(ProblemSeverity.Warning, step.Key, step.Pointer, "unreachable", "No contact can come to this step.");
        }

        foreach (var step in flow.Steps.Where(s => s.Shape == "goto" && s.References.Any(r => flow.Find(r) is { } target && target.Index <= s.Index)))
        {
            var target = flow.Find(step.References[0])!;
            if (!flow.Steps.Any(s => s.Shape == "wait" && s.Index >= target.Index && s.Index < step.Index))
            {
                yield return new FlowProblem(ProblemSeverity.Warning, step.Key, step.Pointer, "loop_without_wait", "A loop without a wait ends after three passes.");
            }
        }

        foreach (var goal in flow.Goals.Where(g => !g.Anywhere && g.Upstream.Count == 0 && g.Step.Index > 0))
        {
            yield return new FlowProblem(ProblemSeverity.Warning, goal.Step.Key, goal.Step.Pointer, "goal_without_steps", "No step is above this goal, so nobody can jump to it.");
        }
    }

    private static HashSet<string> Reached(Flow flow)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<FlowStep>();
        open.Push(flow.First!);
        foreach (var goal in flow.Steps.Where(s => s.Settings is GoalAction.Settings))
        {
            open.Push(goal);
        }

        while (open.TryPop(out var step))
        {
            if (reached.Add(step.Key))
            {
                var ways = step.Shape == "goto" ? step.References : FlowGoals.Ways(flow, step);
                foreach (var next in ways.Select(flow.Find).OfType<FlowStep>())
                {
                    open.Push(next);
                }
            }
        }

        return reached;
    }

    private IEnumerable<(string Pointer, ConditionTree Tree)> Trees(Flow flow, JsonElement document)
    {
        foreach (var trigger in flow.Triggers.Where(t => t.Where is not null))
        {
            yield return ($"{trigger.Pointer}/where", reader.Parse(At(document, $"{trigger.Pointer}/where"), $"{trigger.Pointer}/where", null)!);
        }

        if (flow.Exit is { } exit)
        {
            yield return ($"/{FlowReader.ExitKey}", exit.Conditions);
        }

        foreach (var step in flow.Steps.Where(s => s.Settings is not null))
        {
            foreach (var member in SettingsShape.Of(step.Action!.SettingsType).Members.Where(m => m.IsConditions))
            {
                var pointer = $"{step.Pointer}/{member.Key}";
                if (member.Property.GetValue(step.Settings) is JsonElement { ValueKind: JsonValueKind.Object } json && reader.Parse(json, pointer, null) is { } tree)
                {
                    yield return (pointer, tree);
                }
            }
        }
    }

    private static JsonElement At(JsonElement document, string pointer) => pointer.Split('/', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(document, (at, part) => at.ValueKind == JsonValueKind.Array ? at[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : at.GetProperty(part));

    private static string? OwnerOf(List<(string Pointer, string Key)> owners, string pointer) =>
        owners.FirstOrDefault(o => pointer == o.Pointer || pointer.StartsWith(o.Pointer + "/", StringComparison.Ordinal)).Key;
}
