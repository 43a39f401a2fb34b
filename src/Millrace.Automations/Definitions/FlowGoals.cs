using Millrace.Automations.Steps;
using Millrace.Kernel.Extensibility;
using System.Text.Json;
using Millrace.Segments.Contracts;

namespace Millrace.Automations.Definitions;

/// <summary>Finds the goals of a flow, from where each can be jumped to, and what activities its goals, its waits and its exit read.</summary>
internal static class FlowGoals
{
    public static Flow Attach(Flow flow, FlowReader reader)
    {
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        var segments = new List<ConditionTree>();
        foreach (var step in flow.Steps.Where(s => s.Settings is not null && s.Shape is "wait" or "goal"))
        {
            kinds.UnionWith(step.Action!.AwaitedKinds(step.Settings!));
            foreach (var member in SettingsShape.Of(step.Action!.SettingsType).Members.Where(m => m.IsConditions))
            {
                if (member.Property.GetValue(step.Settings) is JsonElement { ValueKind: JsonValueKind.Object } json && reader.Parse(json, string.Empty, null) is { } tree)
                {
                    Await(tree);
                }
            }
        }

        if (flow.Exit is { } exit)
        {
            Await(exit.Conditions);
        }

        void Await(ConditionTree tree)
        {
            kinds.UnionWith(reader.ConditionsOf.ActivityKinds(tree));
            if (tree.NamesSegments)
            {
                segments.Add(tree);
            }
        }

        var goals = new List<FlowGoal>();
        foreach (var step in flow.Steps)
        {
            if (step.Settings is GoalAction.Settings settings && reader.Parse(settings.Conditions, string.Empty, null) is { } tree)
            {
                goals.Add(new FlowGoal(
                    step, settings.Name, tree, settings.Position == GoalPosition.Anywhere, reader.ConditionsOf.IsTimeDependent(tree), Upstream(flow, step)));
            }
        }

        return new Flow
        {
            Entry = flow.Entry,
            Triggers = flow.Triggers,
            Steps = flow.Steps,
            UnsubscribeLists = flow.UnsubscribeLists,
            ExitOnUnsubscribe = flow.ExitOnUnsubscribe,
            Exit = flow.Exit,
            AwaitedKinds = kinds,
            AwaitedSegments = segments,
            Goals = goals,
        };
    }

    /// <summary>Steps from which the flow can come to the goal, going down only.</summary>
    private static HashSet<string> Upstream(Flow flow, FlowStep goal)
    {
        var above = new HashSet<string>(StringComparer.Ordinal);
        // Every way down leads to a later step of the document, so one pass from the end is enough.
        foreach (var step in flow.Steps.Where(s => s.Index < goal.Index).Reverse())
        {
            if (Ways(flow, step).Any(next => next == goal.Key || above.Contains(next)))
            {
                above.Add(step.Key);
            }
        }

        return above;
    }

    /// <summary>Where one can come from a step, downwards.</summary>
    public static IEnumerable<string> Ways(Flow flow, FlowStep step) => step.Shape switch
    {
        _ when step.Settings is not null && step.Action!.EndsPath(step.Settings) => [],
        "goto" => step.References.Where(r => flow.Find(r) is { } target && target.Index > step.Index),
        _ => step.Branches.Values.Append(step.Next).OfType<string>().Distinct(StringComparer.Ordinal),
    };
}
