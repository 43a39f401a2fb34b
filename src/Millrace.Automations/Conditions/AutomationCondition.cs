using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Conditions;

/// <summary>
/// <c>{"field": "automation:7", "op": "is", "value": "inside", "step": "hello"}</c>: what the contact has to do with one automation, in any of its
/// entries. <c>blank</c>: it never entered.
/// </summary>
[SegmentCondition("automation", Title = "Automation", Group = "Automations", Description = "Whether the contact is in an automation, at one of its steps, or was.")]
internal sealed class AutomationCondition : SegmentCondition
{
    private static readonly ConditionChoice[] States =
        [new("inside", "In it now"), new("entered", "Entered at any time"), new("completed", "Completed"), new("ended", "Left before its end")];

    private static readonly ConditionOption[] Step = [new("step", "At the step", [], "step")];

    public override ConditionKind Kind => ConditionKind.Option;

    public override string Argument => "automation";

    public override IReadOnlyList<ConditionChoice> Choices => States;

    public override IReadOnlyList<ConditionOption> Options => Step;

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context)
    {
        var run = Sql.Of($"""
            select 1 from automations.run r where r.account_id = {context.AccountId} and r.automation_id = {leaf.Argument} and r.contact_id = c.id
            """);
        if (leaf.Op == ConditionOp.Blank)
        {
            return Sql.Of($"not exists ({run})");
        }

        var states = Sql.Join(" or ", leaf.Value.Texts.Distinct(StringComparer.Ordinal).Select(State));
        var step = leaf.Options.TryGetValue("step", out var key) ? Sql.Of($" and r.step_key = {key}") : Sql.Empty;
        return Sql.Of($"exists ({run} and ({states}){step})");
    }

    public override string Tail(ConditionLeaf leaf) => leaf.Options.TryGetValue("step", out var key) ? $" at the step “{key}”" : string.Empty;

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) => Sql.Of($"""
        (select string_agg(r.status || case when r.status in ('active', 'waiting', 'parked') then coalesce(' at ' || r.step_key, '') else '' end, ', ' order by r.id)
         from automations.run r where r.account_id = {context.AccountId} and r.automation_id = {leaf.Argument} and r.contact_id = c.id)
        """);

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => ["automation.entered", "automation.completed", "automation.ended"];

    // Moving from step to step is no activity.
    public override bool IsTimeDependent(ConditionLeaf leaf) => leaf.Options.ContainsKey("step");

    public override async Task<List<ConditionVariant>> VariantsAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken)
    {
        var automations = await Sql.Of($"""
            select id, name from automations.automation where account_id = {accountId} and deleted_at is null order by lower(name) limit 1000
            """).ListAsync<Row>(work, cancellationToken);
        return automations.ConvertAll(a => new ConditionVariant(a.Id, a.Name, Kind, Ops, Choices));
    }

    private static Sql State(string state) => state switch
    {
        "inside" => Sql.Of($"r.status in ('active', 'waiting', 'parked')"),
        "completed" => Sql.Of($"r.status = 'completed'"),
        "ended" => Sql.Of($"r.status = 'ended'"),
        _ => ConditionSql.True,
    };

    private sealed record Row(long Id, string Name);
}
