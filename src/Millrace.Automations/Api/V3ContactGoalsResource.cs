using System.Globalization;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Automations.Api;

internal sealed record V3ContactGoalRow(long Id, long GoalId, long AutomationId, long ContactId, long RunId, double Seconds, DateTimeOffset ReachedAt);

/// <summary><c>/api/3/contactGoals</c>: which contact met which goal, in which entry, and how long after entering.</summary>
internal sealed class V3ContactGoalsResource : V3Resource<V3ContactGoalRow>
{
    public override string Plural => "contactGoals";

    public override string Singular => "contactGoal";

    public override string Model => "ContactGoal";

    public override Permission Permission => Permission.ViewAutomations;

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.One<V3ContactGoalRow>("goal", "goals", r => r.GoalId), V3Relation.One<V3ContactGoalRow>("automation", "automations", r => r.AutomationId),
        V3Relation.One<V3ContactGoalRow>("contact", "contacts", r => r.ContactId),
        V3Relation.One<V3ContactGoalRow>("contactAutomation", "contactAutomations", r => r.RunId),
        V3Relation.Many("contactGoalLists"), V3Relation.Many("contactGoalTags"),
    ];

    protected override Sql Columns { get; } = Sql.Of($"g.id, b.id, g.automation_id, r.contact_id, g.run_id, g.seconds, g.reached_at");

    /// <summary>Those of contacts that are gone are counted in reports, but are nobody's here.</summary>
    protected override Sql Table { get; } = Sql.Of($"""
        automations.goal_time g
        join automations.run r on r.account_id = g.account_id and r.id = g.run_id
        join automations.block b on b.account_id = g.account_id and b.automation_id = g.automation_id and b.step_key = g.step_key
        join automations.automation a on a.account_id = g.account_id and a.id = g.automation_id and a.deleted_at is null
        """);

    protected override Sql AccountColumn { get; } = Sql.Of($"g.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"g.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"g.id"), V3Kind.Id),
        ["goal"] = new(Sql.Of($"b.id"), V3Kind.Id),
        ["goalid"] = new(Sql.Of($"b.id"), V3Kind.Id),
        ["automation"] = new(Sql.Of($"g.automation_id"), V3Kind.Id),
        ["seriesid"] = new(Sql.Of($"g.automation_id"), V3Kind.Id),
        ["contact"] = new(Sql.Of($"r.contact_id"), V3Kind.Id),
        ["subscriberid"] = new(Sql.Of($"r.contact_id"), V3Kind.Id),
        ["tstamp"] = new(Sql.Of($"g.reached_at"), V3Kind.Time),
    });

    protected override IReadOnlyDictionary<string, V3Owner<V3ContactGoalRow>> Owners { get; } = new Dictionary<string, V3Owner<V3ContactGoalRow>>(StringComparer.Ordinal)
    {
        ["contacts"] = new(Sql.Of($"r.contact_id"), r => r.ContactId),
        ["automations"] = new(Sql.Of($"g.automation_id"), r => r.AutomationId),
        ["goals"] = new(Sql.Of($"b.id"), r => r.GoalId),
        ["contactAutomations"] = new(Sql.Of($"g.run_id"), r => r.RunId),
    };

    protected override long IdOf(V3ContactGoalRow row) => row.Id;

    public override object View(V3ContactGoalRow row, V3Call call) => new
    {
        goalid = new V3Id(row.GoalId),
        seriesid = new V3Id(row.AutomationId),
        subscriberid = new V3Id(row.ContactId),
        subscriberseriesid = new V3Id(row.RunId),
        timespan = ((long)row.Seconds).ToString(CultureInfo.InvariantCulture),
        tstamp = call.Iso(row.ReachedAt),
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
        goal = new V3Id(row.GoalId),
        automation = new V3Id(row.AutomationId),
        contact = new V3Id(row.ContactId),
        contactAutomation = new V3Id(row.RunId),
    };
}
