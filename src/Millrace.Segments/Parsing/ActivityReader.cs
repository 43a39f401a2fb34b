using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Happened;

namespace Millrace.Segments.Parsing;

/// <summary>Reads <c>{"activity": KIND, ...}</c>. A filter that is null is not there.</summary>
internal sealed class ActivityReader(ActivityShapes shapes, TreeErrors errors)
{
    public const int MaxTimes = 1_000_000;
    private const int MaxStepKey = 100;

    private readonly LiteralReader _literals = new(errors);

    public ActivityQuestion? Read(JsonElement node, string pointer)
    {
        var before = errors.Count;
        if (_literals.Text(node.GetProperty("activity"), pointer.Down("activity")) is not { } kind)
        {
            return null;
        }

        if (shapes.Find(kind) is not { } shape)
        {
            errors.Add(pointer.Down("activity"), "There is no such kind of activity.");
            return null;
        }

        var question = new ActivityQuestion(shape, [], AutomationId: null, StepKey: null, Times: null, Within: null, Between: null, Never: false);
        var filters = new List<ActivityFilter>();
        foreach (var member in node.EnumerateObject().Where(m => m.Name is not "activity" && m.Value.ValueKind != JsonValueKind.Null))
        {
            var at = pointer.Down(member.Name);
            question = member.Name switch
            {
                "times" => question with { Times = Times(member.Value, at) },
                "within" => question with { Within = _literals.Duration(member.Value, at) },
                "between" => question with { Between = _literals.Range(member.Value, at) },
                "never" => question with { Never = Flag(member.Value, at) },
                "automation" => question with
                {
                    AutomationId = _literals.Read(ConditionKind.Reference, ConditionOp.Gt, [], member.Value, at)?.Ids[0],
                },
                "step" => question with { StepKey = Step(member.Value, at) },
                _ => Filtered(question, filters, member, at),
            };
        }

        if (question.Never && question.Times is not null)
        {
            errors.Add(pointer.Down("times"), "Never and a number of times exclude each other.");
        }

        if (question is { Within: not null, Between: not null })
        {
            errors.Add(pointer.Down("between"), "Within and between exclude each other.");
        }

        return errors.Count > before ? null : question with { Filters = filters };
    }

    private ActivityQuestion Filtered(ActivityQuestion question, List<ActivityFilter> filters, JsonProperty given, string pointer)
    {
        var value = Operand(given.Value, pointer, out var opName);
        if (value is not { } operand)
        {
            return question;
        }

        if (question.Shape.Find(given.Name, operand) is not { } member)
        {
            errors.Add(pointer, "This kind of activity has no such member.");
            return question;
        }

        if (!EnumNames<ConditionOp>.TryParse(opName, out var op) || !OpsOf(member).Contains(op))
        {
            errors.Add(pointer.Down("op"), "This operator does not fit here.");
            return question;
        }

        var (positive, negated) = ConditionOps.Split(op);
        if (member.Kind == MemberKind.Flag)
        {
            filters.Add(new ActivityFilter(member, ConditionOp.Is, negated, new() { Texts = [Flag(operand, pointer) ? "true" : "false"] }));
        }
        else if (_literals.Read(KindOf(member), positive, [], operand, pointer) is { } read)
        {
            filters.Add(new ActivityFilter(member, positive, negated, read));
        }

        return question;
    }

    /// <summary>How a member may be compared.</summary>
    public static IEnumerable<ConditionOp> OpsOf(ActivityMember member) =>
        ConditionOps.Of(KindOf(member)).Except([ConditionOp.Blank, ConditionOp.NotBlank]);

    private static ConditionKind KindOf(ActivityMember member) => member.Kind switch
    {
        MemberKind.Reference => ConditionKind.Reference,
        MemberKind.Number => ConditionKind.Number,
        _ => ConditionKind.Text,
    };

    /// <summary>Either the value itself, or <c>{"op": OP, "value": V}</c>.</summary>
    private JsonElement? Operand(JsonElement value, string pointer, out string op)
    {
        op = "is";
        if (value.ValueKind != JsonValueKind.Object)
        {
            return value;
        }

        if (value.EnumerateObject().All(m => m.Name is "op" or "value") && value.TryGetProperty("op", out var name)
            && value.TryGetProperty("value", out var operand) && _literals.Text(name, pointer.Down("op")) is { } text)
        {
            op = text;
            return operand;
        }

        errors.Add(pointer, "A filter is a value, or an object with op and value.");
        return null;
    }

    public ActivityTimes? Times(JsonElement value, string pointer)
    {
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().ToList() is [var only]
            && EnumNames<TimesOp>.TryParse(only.Name, out var op)
            && only.Value.ValueKind == JsonValueKind.Number && only.Value.TryGetInt32(out var count) && count is >= 0 and <= MaxTimes)
        {
            return new ActivityTimes(op, count);
        }

        errors.Add(pointer, $"This must be at_least, exactly or at_most with a whole number up to {MaxTimes}.");
        return null;
    }

    private string? Step(JsonElement value, string pointer)
    {
        var step = _literals.Text(value, pointer);
        if (step?.Length > MaxStepKey)
        {
            errors.Add(pointer, "No step has such a long name.");
        }

        return step;
    }

    public bool Flag(JsonElement value, string pointer)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.ValueKind == JsonValueKind.True;
        }

        errors.Add(pointer, "This must be true or false.");
        return false;
    }
}
