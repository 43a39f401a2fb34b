using System.Globalization;
using System.Text.Json;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Automations.Api;

internal sealed record V3BlockRow(
    long Id, long AutomationId, int Place, long? ParentId, string Type, JsonElement Options, bool Deleted, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary><c>/api/3/automationBlocks</c>: the steps of published automations. <c>type</c> is the step type of Millrace, <c>params</c> its options as JSON text.</summary>
internal sealed class V3AutomationBlocksResource : V3Resource<V3BlockRow>
{
    public override string Plural => "automationBlocks";

    public override string Singular => "automationBlock";

    public override string Model => "SeriesBlock";

    public override Permission Permission => Permission.ViewAutomations;

    public override IReadOnlyList<V3Relation> Relations { get; } = [V3Relation.One<V3BlockRow>("automation", "automations", r => r.AutomationId)];

    protected override Sql Columns { get; } = Sql.Of($"b.id, b.automation_id, b.place, p.id, b.type, b.options, b.deleted, b.created_at, b.updated_at");

    protected override Sql Table { get; } = Sql.Of($"automations.block b");

    protected override Sql Joins { get; } = Sql.Of($"""
        join automations.automation a on a.account_id = b.account_id and a.id = b.automation_id and a.deleted_at is null
        left join automations.block p on p.account_id = b.account_id and p.automation_id = b.automation_id and p.step_key = b.parent_key
        """);

    protected override Sql AccountColumn { get; } = Sql.Of($"b.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"b.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"b.id"), V3Kind.Id),
        ["automation"] = new(Sql.Of($"b.automation_id"), V3Kind.Id),
        ["type"] = new(Sql.Of($"b.type"), V3Kind.Text),
        ["ordernum"] = new(Sql.Of($"b.place::bigint"), V3Kind.Id),
    });

    protected override IReadOnlyDictionary<string, V3Owner<V3BlockRow>> Owners { get; } = new Dictionary<string, V3Owner<V3BlockRow>>(StringComparer.Ordinal)
    {
        ["automations"] = new(Sql.Of($"b.automation_id"), r => r.AutomationId),
    };

    protected override long IdOf(V3BlockRow row) => row.Id;

    public override object View(V3BlockRow row, V3Call call) => new
    {
        automation = new V3Id(row.AutomationId),
        parent = new V3Id(row.ParentId ?? 0),
        ordernum = row.Place.ToString(CultureInfo.InvariantCulture),
        type = row.Type,
        @params = row.Options.GetRawText(),
        deleted = row.Deleted ? "1" : "0",
        cdate = call.Iso(row.CreatedAt),
        mdate = call.Iso(row.UpdatedAt),
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
    };
}
