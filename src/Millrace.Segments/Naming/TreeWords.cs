using System.Globalization;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Happened;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Naming;

/// <summary>Reads a tree aloud.</summary>
/// <param name="stepOf">Name of a step of the automation in which the tree stands; null, or an answer of null: its key is said.</param>
internal sealed class TreeWords(Func<string, long, string> nameOf, Func<string, string?>? stepOf = null)
{
    public string Describe(ConditionNode node) => node switch
    {
        GroupNode { Children.Count: 0 } => "Everybody",
        GroupNode group => string.Join(group.IsAll ? " and " : " or ", group.Children.Select(c => Inner(c, group))),
        NotNode not => $"not ({Describe(not.Child)})",
        StateNode state => State(state),
        ActivityNode activity => Activity(activity.Question),
        SavedNode saved => State(saved.Named),
        MemberNode member => Member(member, negated: false),
        SameNode { Where: MemberNode only } same => Member(only, same.Never),
        SameNode same => Same(same),
        _ => string.Empty,
    };

    private string Inner(ConditionNode child, GroupNode parent) =>
        child is GroupNode { Children.Count: > 1 } group && group.IsAll != parent.IsAll ? $"({Describe(child)})" : Describe(child);

    private string Member(MemberNode node, bool negated)
    {
        var op = negated ? Negative(node.Leaf.Op) : node.Op;
        var value = Value(node.Member.Source, node.Member.Choices ?? [], node.Leaf);
        return $"{node.Member.Title} {ConditionOps.Label(op, node.Member.Kind)}{(value.Length == 0 ? string.Empty : " " + value)}";
    }

    private string Same(SameNode node)
    {
        var often = node switch
        {
            { Never: true } => " never",
            { Times: { } times } when times is not { Op: TimesOp.AtLeast, Count: 1 } => Times(times),
            _ => string.Empty,
        };
        return $"{node.Records.Title}{often}{(node.Where is GroupNode { Children.Count: 0 } ? string.Empty : $" ({Describe(node.Where)})")}";
    }

    private string State(StateNode node)
    {
        var leaf = node.Leaf;
        var subject = node.Condition.Argument is { } family ? $"{node.Condition.Title} {nameOf(family, leaf.Argument)}" : node.Condition.Title;
        var kind = leaf.Value.Moments.Count > 0 && leaf.Value.Texts.Count == 0 ? ConditionKind.Datetime : node.Condition.Kind;
        var value = Value(node.Condition.Source, node.Condition.Choices, leaf);
        return $"{subject} {ConditionOps.Label(node.Op, kind)}{(value.Length == 0 ? string.Empty : " " + value)}{node.Condition.Tail(leaf)}";
    }

    private string Value(string? source, IReadOnlyList<ConditionChoice> choices, ConditionLeaf leaf)
    {
        var value = leaf.Value;
        if (leaf.Op == ConditionOp.Anniversary)
        {
            var span = value.Span ?? default;
            return span.IsZero ? "today" : span.Months < 0 || span.Days < 0 ? $"{span.ToWords()} ago" : $"in {span.ToWords()}";
        }

        var joint = leaf.Op == ConditionOp.HasAll || leaf.Op == ConditionOp.Between ? " and " : " or ";
        return value switch
        {
            { Span: { } span } => span.ToWords(),
            { Ids.Count: > 0 } => List(value.Ids, id => nameOf(source ?? string.Empty, id), joint),
            { Texts.Count: > 0 } => List(value.Texts, t => choices.FirstOrDefault(c => string.Equals(c.Value, t, StringComparison.Ordinal))?.Label ?? $"“{t}”", joint),
            { Numbers.Count: > 0 } => List(value.Numbers, n => n.ToString(CultureInfo.InvariantCulture), joint),
            { Moments.Count: > 0 } => List(value.Moments, Moment, joint),
            { Times.Count: > 0 } => List(value.Times, t => t.ToString("HH:mm", CultureInfo.InvariantCulture), joint),
            _ => string.Empty,
        };
    }

    private string Activity(ActivityQuestion question)
    {
        var filters = question.Filters.Select(Filter).ToList();
        if (question.AutomationId is { } automation)
        {
            filters.Add($"automation is {nameOf(TreeReferences.Automation, automation)}");
        }

        if (question.StepKey is { } step)
        {
            // A step of another automation has only its key here.
            var name = question.AutomationId is null ? stepOf?.Invoke(step) : null;
            filters.Add($"step is “{name ?? step}”");
        }

        var about = filters.Count == 0 ? string.Empty : $" ({string.Join(", ", filters)})";
        var often = question switch
        {
            { Never: true } => " never",
            { Times: { } times } when times is not { Op: TimesOp.AtLeast, Count: 1 } => Times(times),
            _ => string.Empty,
        };
        var window = question switch
        {
            { Within: { } within } => $" in the last {within.ToWords()}",
            { Between: var (from, to) } => $" between {Moment(from)} and {Moment(to)}",
            _ => string.Empty,
        };
        return $"{question.Shape.Kind.Title}{about}{often}{window}";
    }

    private static string Times(ActivityTimes times)
    {
        var words = times.Op switch { TimesOp.AtLeast => "at least", TimesOp.AtMost => "at most", _ => "exactly" };
        return string.Create(CultureInfo.InvariantCulture, $" {words} {times.Count} time{(times.Count == 1 ? "" : "s")}");
    }

    private string Filter(ActivityFilter filter)
    {
        var label = filter.Member.Key.Replace('_', ' ');
        var op = ConditionOps.Label(filter.Negated ? Negative(filter.Op) : filter.Op, ConditionKind.Text);
        var value = filter.Value switch
        {
            { Ids.Count: > 0 } ids => List(ids.Ids, id => filter.Member.Source is { } s ? nameOf(s, id) : id.ToString(CultureInfo.InvariantCulture), " or "),
            { Numbers.Count: > 0 } numbers => List(numbers.Numbers, n => n.ToString(CultureInfo.InvariantCulture), " or "),
            var texts => List(texts.Texts, t => filter.Member.Kind == MemberKind.Flag ? t : $"“{t}”", " or "),
        };
        return $"{label} {op} {value}";
    }

    private static ConditionOp Negative(ConditionOp positive) =>
        Enum.GetValues<ConditionOp>().Where(op => ConditionOps.Split(op) is (var p, true) && p == positive).DefaultIfEmpty(positive).First();

    private static string Moment(ConditionMoment moment) => moment switch
    {
        { Day: { } day } => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        { DaysFromToday: -1 } => "yesterday",
        { DaysFromToday: 1 } => "tomorrow",
        { DaysFromToday: not null } => "today",
        _ => moment.Instant!.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
    };

    /// <summary>At most three, then how many more.</summary>
    private static string List<T>(IReadOnlyList<T> values, Func<T, string> word, string joint) => values.Count <= 3
        ? string.Join(joint, values.Select(word))
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", values.Take(2).Select(word))}{joint}{values.Count - 2} more");
}
