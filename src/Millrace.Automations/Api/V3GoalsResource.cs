using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Automations.Api;

internal sealed record V3GoalRow(long Id, long AutomationId, string Name, DateTimeOffset CreatedAt);

/// <summary><c>/api/3/goals</c>: the goals of published automations. A goal bears the number of its block.</summary>
internal sealed class V3GoalsResource : V3Resource<V3GoalRow>
{
    public override string Plural => "goals";

    public override string Singular => "goal";

    public override string Model => "Goal";

    public override Permission Permission => Permission.ViewAutomations;

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.One<V3GoalRow>("automation", "automations", r => r.AutomationId), V3Relation.One<V3GoalRow>("automationBlock", "automationBlocks", r => r.Id),
        V3Relation.Many("contactGoals"),
    ];

    protected override Sql Columns { get; } = Sql.Of($"b.id, b.automation_id, coalesce(b.options ->> 'name', ''), b.created_at");

    protected override Sql Table { get; } = Sql.Of($"automations.block b");

    protected override Sql Joins { get; } = Sql.Of($"join automations.automation a on a.account_id = b.account_id and a.id = b.automation_id and a.deleted_at is null");

    protected override Sql AccountColumn { get; } = Sql.Of($"b.type = 'goal' and b.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"b.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"b.id"), V3Kind.Id),
        ["automation"] = new(Sql.Of($"b.automation_id"), V3Kind.Id),
        ["seriesid"] = new(Sql.Of($"b.automation_id"), V3Kind.Id),
        ["name"] = new(Sql.Of($"coalesce(b.options ->> 'name', '')"), V3Kind.Text),
    });

    protected override IReadOnlyDictionary<string, V3Owner<V3GoalRow>> Owners { get; } = new Dictionary<string, V3Owner<V3GoalRow>>(StringComparer.Ordinal)
    {
        ["automations"] = new(Sql.Of($"b.automation_id"), r => r.AutomationId),
    };

    protected override long IdOf(V3GoalRow row) => row.Id;

    public override object View(V3GoalRow row, V3Call call) => new
    {
        blockid = new V3Id(row.Id),
        seriesid = new V3Id(row.AutomationId),
        name = row.Name,
        cdate = call.Iso(row.CreatedAt),
        dirty_stats = "0",
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
        automation = new V3Id(row.AutomationId),
        automationBlock = new V3Id(row.Id),
    };
}
