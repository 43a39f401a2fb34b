using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;
using Millrace.Segments.Happened;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Parsing;

/// <summary>Reads one tree. Groups that ask nothing fall away: an empty <c>any</c> neither lets everybody in nor keeps anybody out.</summary>
internal sealed class TreeParser(Catalogue<SegmentCondition> conditions, ActivityShapes shapes, Catalogue<RecordSet> records)
{
    public const int MaxDepth = 10;
    public const int MaxLeaves = 200;

    private static readonly string[] Kinds = ["activity", "same", "field", "not", "all", "any"];

    private readonly TreeErrors _errors = new();
    private int _leaves;

    /// <summary>The records whose members are named at this place; null outside of <c>same</c>.</summary>
    private RecordSet? _same;

    public ConditionTree Parse(JsonElement tree, string pointer)
    {
        var root = IsEmptyObject(tree) ? null : Node(tree, pointer, depth: 1);
        if (_leaves > MaxLeaves)
        {
            _errors.Add(pointer, $"There are {_leaves} conditions; {MaxLeaves} is the limit.");
        }

        _errors.ThrowIfAny();
        return new ConditionTree(root ?? new GroupNode(IsAll: true, []), tree.Clone());
    }

    private static bool IsEmptyObject(JsonElement tree) => tree.ValueKind == JsonValueKind.Object && !tree.EnumerateObject().Any();

    private ConditionNode? Node(JsonElement node, string pointer, int depth)
    {
        if (node.ValueKind != JsonValueKind.Object)
        {
            return Fail(pointer, "A condition is an object with all, any, not, field, activity or same.");
        }

        if (depth > MaxDepth)
        {
            return Fail(pointer, $"Groups are nested deeper than {MaxDepth}.");
        }

        var members = node.EnumerateObject().ToList();
        if (members.Select(m => m.Name).Distinct(StringComparer.Ordinal).Count() < members.Count)
        {
            return Fail(pointer, "A member stands here twice.");
        }

        // An activity may have a filter called "field", so it is asked for first.
        return Array.Find(Kinds, kind => members.Exists(m => string.Equals(m.Name, kind, StringComparison.Ordinal))) switch
        {
            "activity" or "same" when _same is not null => Fail(pointer, "Inside of same stand members of the record only."),
            "activity" => ActivityLeaf(node, pointer),
            "same" => Same(node, members, pointer, depth),
            "field" => StateLeaf(node, members, pointer),
            "not" => Not(node, members, pointer, depth),
            { } kind => Group(node, members, kind, pointer, depth),
            null => Fail(pointer, "A condition has one of all, any, not, field, activity or same."),
        };
    }

    private GroupNode? Group(JsonElement node, List<JsonProperty> members, string kind, string pointer, int depth)
    {
        Unknown(members, pointer, kind);
        var list = node.GetProperty(kind);
        if (list.ValueKind != JsonValueKind.Array)
        {
            _errors.Add(pointer.Down(kind), "This must be a list of conditions.");
            return null;
        }

        var children = new List<ConditionNode>();
        foreach (var (index, child) in list.EnumerateArray().Index())
        {
            if (_leaves > MaxLeaves)
            {
                break;
            }

            if (Node(child, pointer.Down(kind).Down(index), depth + 1) is { } read)
            {
                children.Add(read);
            }
        }

        return children.Count == 0 ? null : new GroupNode(kind is "all", children);
    }

    private NotNode? Not(JsonElement node, List<JsonProperty> members, string pointer, int depth)
    {
        Unknown(members, pointer, "not");
        return Node(node.GetProperty("not"), pointer.Down("not"), depth + 1) is { } child ? new NotNode(child) : null;
    }

    private SameNode? Same(JsonElement node, List<JsonProperty> members, string pointer, int depth)
    {
        var literals = new LiteralReader(_errors);
        if (literals.Text(node.GetProperty("same"), pointer.Down("same")) is not { } key)
        {
            return null;
        }

        if (records.Find(key) is not { } set)
        {
            _errors.Add(pointer.Down("same"), $"This must be one of: {string.Join(", ", records.All.Select(r => r.Key))}.");
            return null;
        }

        Unknown(members, pointer, "same", "all", "any", "times", "never");
        if (members.Count(m => m.Name is "all" or "any") > 1)
        {
            _errors.Add(pointer, "Either all or any.");
            return null;
        }

        var before = _errors.Count;
        var reader = new ActivityReader(shapes, _errors);
        var times = node.TryGetProperty("times", out var given) && given.ValueKind != JsonValueKind.Null ? reader.Times(given, pointer.Down("times")) : null;
        var never = node.TryGetProperty("never", out var flag) && flag.ValueKind != JsonValueKind.Null && reader.Flag(flag, pointer.Down("never"));
        if (never && times is not null)
        {
            _errors.Add(pointer.Down("times"), "Never and a number of times exclude each other.");
        }

        _same = set;
        var group = members.Where(m => m.Name is "all" or "any").ToList();
        ConditionNode? where = group is [var only] ? Group(node, group, only.Name, pointer, depth) : null;
        _same = null;
        if (where is null)
        {
            // "Has any record at all" is a condition too.
            _leaves++;
        }

        return _errors.Count > before ? null : new SameNode(pointer, set, where ?? new GroupNode(IsAll: true, []), times, never);
    }

    private LeafNode? StateLeaf(JsonElement node, List<JsonProperty> members, string pointer)
    {
        _leaves++;
        var literals = new LiteralReader(_errors);
        var key = literals.Text(node.GetProperty("field"), pointer.Down("field"));
        var (set, member) = key is null ? default : Member(key);
        if (set is not null && member is not null)
        {
            return MemberLeaf(set, member, node, members, pointer, literals);
        }

        if (key is not null && _same is not null)
        {
            _errors.Add(pointer.Down("field"), $"This must be one of: {string.Join(", ", _same.Members.Select(m => m.Key))}.");
            return null;
        }

        if (key is null || Condition(key, pointer.Down("field")) is not var (condition, argument))
        {
            return null;
        }

        Unknown(members, pointer, ["field", "op", "value", .. condition.Options.Select(o => o.Key)]);
        var options = Options(condition, node, pointer, literals);
        if (Op(node, condition.Ops, pointer, literals) is not { } op)
        {
            return null;
        }

        var (positive, negated) = ConditionOps.Split(op);
        JsonElement? value = node.TryGetProperty("value", out var given) ? given : null;
        if (literals.Read(condition.Kind, positive, condition.Choices, value, pointer.Down("value")) is not { } read)
        {
            return null;
        }

        var leaf = new ConditionLeaf(pointer, condition.Key, argument, positive, read, options);
        if (condition.Fault(leaf) is var (faulty, message))
        {
            _errors.Add(pointer.Down(faulty), message);
        }

        return new StateNode(condition, leaf, op, negated);
    }

    /// <summary>Inside of <c>same</c> only members of those records are known.</summary>
    private (RecordSet? Set, RecordMember? Member) Member(string key)
    {
        var set = _same ?? (key.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? records.Find(key[..dot]) : null);
        return (set, set?.Find(key));
    }

    /// <summary>Outside of <c>same</c> it asks whether any record has it, so "is not" means that none has.</summary>
    private LeafNode? MemberLeaf(
        RecordSet set, RecordMember member, JsonElement node, List<JsonProperty> members, string pointer, LiteralReader literals)
    {
        Unknown(members, pointer, "field", "op", "value");
        if (Op(node, member.Ops, pointer, literals) is not { } op)
        {
            return null;
        }

        var (positive, negated) = ConditionOps.Split(op);
        JsonElement? value = node.TryGetProperty("value", out var given) ? given : null;
        if (literals.Read(member.Kind, positive, member.Choices ?? [], value, pointer.Down("value")) is not { } read)
        {
            return null;
        }

        var leaf = new MemberNode(
            set, member, new ConditionLeaf(pointer, member.Key, 0, positive, read, new Dictionary<string, string>(StringComparer.Ordinal)), op, negated);
        return _same is not null ? leaf : new SameNode(pointer, set, leaf with { Negated = false }, Times: null, negated);
    }

    private (SegmentCondition Condition, long Argument)? Condition(string key, string pointer)
    {
        var (name, argument) = FieldKey.Split(key);
        if (conditions.Find(name) is not { } condition || condition.Argument is null != (argument is null))
        {
            _errors.Add(pointer, "There is no such condition.");
            return null;
        }

        if (argument is null)
        {
            return (condition, 0);
        }

        if (!FieldKey.TryId(argument, out var id))
        {
            _errors.Add(pointer, $"Behind the colon stands the id of a {condition.Argument}.");
            return null;
        }

        return (condition, id);
    }

    private ConditionOp? Op(JsonElement node, IReadOnlyList<ConditionOp> ops, string pointer, LiteralReader literals)
    {
        if (!node.TryGetProperty("op", out var given))
        {
            _errors.Add(pointer.Down("op"), "The operator is missing.");
            return null;
        }

        if (literals.Text(given, pointer.Down("op")) is not { } name)
        {
            return null;
        }

        if (!EnumNames<ConditionOp>.TryParse(name, out var op) || !ops.Contains(op))
        {
            _errors.Add(pointer.Down("op"), $"The operator must be one of: {string.Join(", ", ops.Select(ConditionOps.NameOf))}.");
            return null;
        }

        return op;
    }

    private Dictionary<string, string> Options(SegmentCondition condition, JsonElement node, string pointer, LiteralReader literals)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in condition.Options)
        {
            if (node.TryGetProperty(option.Key, out var given) && given.ValueKind != JsonValueKind.Null
                && literals.Text(given, pointer.Down(option.Key)) is { } text)
            {
                options[option.Key] = text;
                if (option.Choices.Count > 0 && option.Choices.All(c => !string.Equals(c.Value, text, StringComparison.Ordinal)))
                {
                    _errors.Add(pointer.Down(option.Key), $"This must be one of: {string.Join(", ", option.Choices.Select(c => c.Value))}.");
                }
            }
        }

        return options;
    }

    private ActivityNode? ActivityLeaf(JsonElement node, string pointer)
    {
        _leaves++;
        return new ActivityReader(shapes, _errors).Read(node, pointer) is { } question ? new ActivityNode(pointer, question) : null;
    }

    private void Unknown(List<JsonProperty> members, string pointer, params string[] known)
    {
        foreach (var member in members.Where(m => !known.Contains(m.Name, StringComparer.Ordinal)))
        {
            _errors.Add(pointer.Down(member.Name), "This member is not known here.");
        }
    }

    private ConditionNode? Fail(string pointer, string message)
    {
        _errors.Add(pointer, message);
        return null;
    }
}
