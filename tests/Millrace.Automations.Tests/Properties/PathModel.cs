using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Automations.Steps;

namespace Millrace.Automations.Tests.Properties;

/// <summary>A run as the database tells it.</summary>
internal sealed record RunFacts(long Id, long AutomationId, long ContactId, string Status, string? StepKey, int VisitNo, DateTimeOffset EnteredAt, DateTimeOffset? DueAt, string? Error);

internal sealed record VisitFacts(long RunId, int VisitNo, string StepKey, DateTimeOffset LeftAt, string Result, int Version);

/// <summary>Something the test did to a contact's tag from outside.</summary>
internal sealed record Outside(DateTimeOffset At, long ContactId, long Tag, bool Added);

/// <summary>What a run must have done: walks its path through the versions and says every step that could not have been taken.</summary>
internal static class PathModel
{
    private static readonly HashSet<string> Enders = new(StringComparer.Ordinal) { "ended_by_step", "ended_by_hand", "end_step", "limit_exceeded", "target_missing", "ended", Walk.Exited };

    /// <param name="flows">Versions of the automation.</param>
    /// <param name="exit">The tag that takes contacts out of versions that have an exit.</param>
    /// <param name="outside">What happened to the contact's tags; null: its decisions cannot be told from one path.</param>
    public static IEnumerable<string> Faults(RunFacts run, IReadOnlyList<VisitFacts> visits, IReadOnlyDictionary<int, Flow> flows, IReadOnlyList<Outside>? outside, long exit)
    {
        string? expected = null;
        var known = false;
        var over = false;
        var tags = new HashSet<long>();
        var events = new Queue<Outside>(outside ?? []);
        for (var i = 0; i < visits.Count; i++)
        {
            var visit = visits[i];
            if (visit.VisitNo != i + 1)
            {
                yield return $"visit {visit.VisitNo} stands where {i + 1} should";
            }

            if (over)
            {
                yield return $"{visit.StepKey} was visited after the end";
                yield break;
            }

            if (known && expected != visit.StepKey)
            {
                yield return $"after {visits[i - 1].StepKey}={visits[i - 1].Result} came {visit.StepKey} instead of {expected ?? "the end"}";
            }

            while (events.TryPeek(out var next) && next.At <= visit.LeftAt)
            {
                events.Dequeue();
                _ = next.Added ? tags.Add(next.Tag) : tags.Remove(next.Tag);
            }

            var flow = flows[visit.Version];
            if (visit.Result == "step_deleted" || flow.Find(visit.StepKey) is not { } step)
            {
                (known, expected) = (false, null);
                continue;
            }

            if (visit.Result == Walk.Exited && (flow.Exit is null || (outside is not null && !tags.Contains(exit))))
            {
                yield return $"left from {visit.StepKey} though {(flow.Exit is null ? "there is no exit" : "the contact had not the tag of the exit")}";
            }

            if (outside is not null && step.Settings is IfAction.Settings decision)
            {
                var asked = decision.Conditions.GetProperty("all")[0].GetProperty("value").GetInt64();
                if (visit.Result is "yes" or "no" && (visit.Result == "yes") != tags.Contains(asked))
                {
                    yield return $"{visit.StepKey} said {visit.Result} while the contact {(tags.Contains(asked) ? "had" : "had not")} the tag";
                }
            }

            if (outside is not null && step.Type is "tag.add" or "tag.remove" && visit.Result == "done")
            {
                var tag = (long)step.Settings!.GetType().GetProperty("Tag")!.GetValue(step.Settings)!;
                _ = step.Type == "tag.add" ? tags.Add(tag) : tags.Remove(tag);
            }

            (expected, known, over) = Next(flow, step, visit.Result, i + 1 < visits.Count ? visits[i + 1] : null);
        }

        if (run.VisitNo != visits.Count + 1)
        {
            yield return $"counts {run.VisitNo} and has {visits.Count} visits";
        }

        var last = visits.Count == 0 ? null : visits[^1];
        switch (run.Status)
        {
            case "completed" when known && expected is not null && !over:
                yield return $"completed before {expected}";
                break;
            case "ended" when last is null || !(Enders.Contains(last.Result) || over):
                yield return $"ended after {last?.StepKey}={last?.Result}, and nothing ended it";
                break;
            case "active" or "waiting" when over || (known && expected != run.StepKey):
                yield return $"stands on {run.StepKey} instead of {(over ? "the end" : expected)}";
                break;
            default:
                break;
        }
    }

    private static (string? Expected, bool Known, bool Over) Next(Flow flow, FlowStep step, string result, VisitFacts? next)
    {
        if (Enders.Contains(result))
        {
            return (null, true, true);
        }

        if (result == "jumped_to_goal")
        {
            // Which of several goals is the engine's rule, told by rules of their own; that it is one, is this model's.
            return (next?.StepKey, next is not null && flow.Goals.Any(g => g.Step.Key == next.StepKey), false);
        }

        return step.Settings switch
        {
            GotoAction.Settings go => (go.Step, true, false),
            GoalAction.Settings { Otherwise: GoalOtherwise.End } when result == GoalAction.Skipped => (null, true, true),
            _ when step.Branches.Count > 0 => (step.Branches.GetValueOrDefault(result), true, false),
            _ => (step.Next, true, false),
        };
    }
}
