using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Segments.Happened;
using Millrace.Segments.Parsing;
using Npgsql;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Millrace.Segments.Api;

/// <summary><c>GET /api/app/conditions</c>: everything that can be asked about a contact of this account, for the condition editor.</summary>
internal sealed class ConditionCatalogue : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("conditions", Handle).WithName("app_condition_catalogue").RequirePermission(Permission.ViewContacts);

    internal sealed record Response(IReadOnlyList<Entry> Conditions);

    /// <summary>One thing to ask.</summary>
    /// <param name="Kind"><c>field</c> for state, <c>activity</c> for what happened.</param>
    /// <param name="OpLabels">Words of each operator.</param>
    /// <param name="Unavailable">Why it cannot be asked on this server, for people; null when it can.</param>
    internal sealed record Entry(
        string Key, string Title, string Group, string? Help, string Kind, IReadOnlyList<string>? Ops, IReadOnlyDictionary<string, string>? OpLabels,
        Value? Value, IReadOnlyList<Option> Options, RecordsOf? Same = null, string? Unavailable = null);

    /// <summary>The records of which this is a member; members of the same may stand together in one <c>same</c>.</summary>
    internal sealed record RecordsOf(string Key, string Title);

    /// <param name="Type">Of an option: <c>text</c>, <c>number</c>, <c>date</c>, <c>datetime</c>, <c>time</c>, <c>choice</c>, <c>many</c>, <c>reference</c>, <c>step</c>.</param>
    internal sealed record Value(string Type, string? Source, IReadOnlyList<ConditionChoice>? Choices);

    /// <param name="Ops">Of a filter of an activity: how its value may be compared, beside plain equality as <c>{"op": OP, "value": V}</c>; null elsewhere.</param>
    internal sealed record Option(
        string Key, string Label, string? Help, string Type, bool Required, string? Source, IReadOnlyList<ConditionChoice>? Choices,
        IReadOnlyList<string>? Ops = null);

    private static async Task<Ok<Response>> Handle(
        CurrentAccount account, NpgsqlDataSource database, Catalogue<SegmentCondition> conditions, ActivityShapes shapes, Catalogue<RecordSet> records,
        CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var entries = new List<Entry>();
        foreach (var condition in conditions.All)
        {
            if (condition.Argument is null)
            {
                entries.Add(Describe(condition, condition.Key, condition.Title, condition.Kind, condition.Ops, condition.Choices));
                continue;
            }

            var variants = await condition.VariantsAsync(work, account.Id, cancellationToken);
            entries.AddRange(variants.Select(v =>
                Describe(condition, FieldKey.Join(condition.Key, v.Id), v.Name, v.Kind, v.Ops, v.Choices)));
        }

        entries.AddRange(records.All.SelectMany(set => set.Members.Select(m => Describe(set, m))));
        entries.AddRange(shapes.All.Where(s => !s.Kind.IsNobodys).Select(s => Describe(s, conditions)));
        return TypedResults.Ok(new Response(entries));
    }

    private static Entry Describe(
        SegmentCondition condition, string key, string title, ConditionKind kind, IReadOnlyList<ConditionOp> ops, IReadOnlyList<ConditionChoice> choices) => new(
            key, title, condition.Group, condition.Description, "field",
            [.. ops.Select(ConditionOps.NameOf)],
            ops.ToDictionary(ConditionOps.NameOf, op => ConditionOps.Label(op, kind), StringComparer.Ordinal),
            new Value(TypeOf(kind), condition.Source, choices.Count == 0 ? null : choices),
            [.. condition.Options.Select(o => new Option(o.Key, o.Label, Help: null, o.Type ?? (o.Choices.Count == 0 ? "text" : "choice"), Required: false, Source: null, o.Choices.Count == 0 ? null : o.Choices))],
            Same: null,
            condition.Unavailable);

    private static Entry Describe(RecordSet set, RecordMember member) => new(
        member.Key, member.Title, set.Group, set.Description, "field",
        [.. member.Ops.Select(ConditionOps.NameOf)],
        member.Ops.ToDictionary(ConditionOps.NameOf, op => ConditionOps.Label(op, member.Kind), StringComparer.Ordinal),
        new Value(TypeOf(member.Kind), member.Source, member.Choices),
        [],
        new RecordsOf(set.Key, set.Title));

    private static Entry Describe(ActivityShape shape, Catalogue<SegmentCondition> conditions) => new(
        shape.Kind.Key, shape.Kind.Title, shape.Kind.Group.Length == 0 ? "What happened" : $"What happened: {shape.Kind.Group}", Help: null, "activity",
        Ops: null, OpLabels: null, Value: null,
        [
            .. shape.Members.Select(m => Filter(m, conditions)).Concat(
            [
                new Option("automation", "Automation", "Only what this automation caused.", "reference", Required: false, "automation", Choices: null),
                new Option("step", "Step", "Only what this step of the automation caused.", StepType, Required: false, Source: null, Choices: null),
            ]).DistinctBy(o => o.Key, StringComparer.Ordinal),
        ]);

    private static Option Filter(ActivityMember member, Catalogue<SegmentCondition> conditions)
    {
        var label = FilterWords.LabelOf(member);
        if (member is { Key: "step", Kind: MemberKind.Text })
        {
            return new Option(member.Key, label, Help: null, StepType, Required: false, Source: null, Choices: null);
        }

        if (FilterWords.ChoicesOf(member, conditions) is { } choices)
        {
            string[] equality = [ConditionOps.NameOf(ConditionOp.Is), ConditionOps.NameOf(ConditionOp.IsNot)];
            return new Option(member.Key, label, Help: null, "many", Required: false, Source: null, choices, equality);
        }

        var type = member.Kind switch
        {
            MemberKind.Reference => member.Source is null ? "integer" : "reference",
            MemberKind.Number => "number",
            MemberKind.Flag => "switch",
            _ => "text",
        };
        return new Option(
            member.Key, label, Help: null, type, Required: false, member.Source, Choices: null,
            member.Kind == MemberKind.Flag ? null : [.. ActivityReader.OpsOf(member).Where(o => o != ConditionOp.Between).Select(ConditionOps.NameOf)]);
    }

    /// <summary>A step of the automation that the leaf names, by its key.</summary>
    private const string StepType = "step";

    private static string TypeOf(ConditionKind kind) => kind switch
    {
        ConditionKind.Number => "number",
        ConditionKind.Date => "date",
        ConditionKind.Datetime => "datetime",
        ConditionKind.Time => "time",
        ConditionKind.Option => "choice",
        ConditionKind.Many => "many",
        ConditionKind.Reference or ConditionKind.References or ConditionKind.Membership => "reference",
        _ => "text",
    };
}
