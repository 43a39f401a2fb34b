using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Automations.Api;

internal sealed record V3AutomationRow(
    long Id, string Name, AutomationStatus Status, long? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Entered, long Gone, bool MultiEntry, bool ExitOnUnsubscribe);

/// <summary><c>/api/3/automations</c>, reading only: the original has no way to make them either.</summary>
internal sealed class V3AutomationsResource : V3Resource<V3AutomationRow>
{
    public override string Plural => "automations";

    public override string Singular => "automation";

    public override string Model => "Series";

    public override Permission Permission => Permission.ViewAutomations;

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.Many("campaigns"), V3Relation.Many("contactGoals"), V3Relation.Many("contactAutomations") with { Paged = true },
        V3Relation.Many("blocks", "automationBlocks"), V3Relation.Many("goals"), V3Relation.Many("sms"), V3Relation.Many("sitemessages"), V3Relation.Many("triggers"),
    ];

    protected override Sql Columns { get; } = Sql.Of($"""
        a.id, a.name, a.status, a.created_by, a.created_at, a.updated_at, t.entered, t.gone, coalesce(a.draft ->> 'entry', 'any') <> 'once',
        coalesce(a.draft -> 'exit_on_unsubscribe' = 'true'::jsonb, false)
        """);

    protected override Sql Table { get; } = Sql.Of($"automations.automation a");

    protected override Sql Joins { get; } = Sql.Of($"""
        cross join lateral (
            select coalesce(sum(total) filter (where what = 'entered'), 0)::bigint as entered,
                   coalesce(sum(total) filter (where what in ('completed', 'ended')), 0)::bigint as gone
            from automations.tally y where y.account_id = a.account_id and y.automation_id = a.id and y.step_key = '') t
        """);

    protected override Sql AccountColumn { get; } = Sql.Of($"a.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"a.id");

    /// <summary>By <c>name</c> without an operator: containing, as the original does.</summary>
    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"a.id"), V3Kind.Id),
        ["status"] = new(Sql.Of($"(case when a.status = 'active' then 1 else 2 end)::bigint"), V3Kind.Id),
        ["name"] = new(Sql.Of($"a.name"), V3Kind.Text),
        ["userid"] = new(Sql.Of($"a.created_by"), V3Kind.Id),
        ["cdate"] = new(Sql.Of($"a.created_at"), V3Kind.Time),
        ["mdate"] = new(Sql.Of($"a.updated_at"), V3Kind.Time),
    });

    protected override long IdOf(V3AutomationRow row) => row.Id;

    protected override IEnumerable<Sql> Where(V3Call call, V3Query query)
    {
        yield return Sql.Of($"a.deleted_at is null");
        foreach (var filter in query.Filters)
        {
            var named = filter is { Name: "name", Op: null } ? filter with { Op = "contains" } : filter;
            if (Filters.Find(named.Name) is { } attribute)
            {
                yield return V3Filters.Condition(named, attribute, call.Account.TimeZone);
            }
        }

        if (Text(call) is { } text)
        {
            yield return V3Filters.Condition(new V3Filter("name", "contains", [text]), Filters.Find("name")!, call.Account.TimeZone);
        }
    }

    protected override async Task<object> MetaAsync(AccountTransaction work, V3Call call, V3Query query, IReadOnlyList<V3AutomationRow> rows, long total)
    {
        var starts = await Sql.Of($"""
            select a.id, t.trigger ->> 'type'
            from automations.automation a
            join automations.version v on v.account_id = a.account_id and v.automation_id = a.id and v.number = a.published_version
            cross join lateral jsonb_array_elements(v.document -> 'triggers') as t (trigger)
            where a.account_id = {call.Account.Id} and a.id = any ({rows.Select(r => r.Id).ToArray()})
            order by a.id
            """).ListAsync<Start>(work, call.CancellationToken);
        return new
        {
            total = new V3Id(total),
            starts = starts.Select((s, i) => new { id = new V3Id(i + 1), series = new V3Id(s.AutomationId), type = V3Type(s.Type) }),
            filtered = query.Filters.Any(f => f.Name == "name") || Text(call) is not null,
            smsLogs = Array.Empty<object>(),
        };
    }

    public override object View(V3AutomationRow row, V3Call call) => new
    {
        name = row.Name,
        cdate = call.Iso(row.CreatedAt),
        mdate = call.Iso(row.UpdatedAt),
        userid = new V3Id(row.CreatedBy ?? 0),
        status = row.Status == AutomationStatus.Active ? "1" : "2",
        entered = new V3Id(row.Entered),
        exited = new V3Id(row.Gone),
        hidden = "0",
        defaultscreenshot = string.Empty,
        screenshot = string.Empty,
        entitlements_violation = "0",
        source = "0",
        description = (string?)null,
        exit_on_unsubscribe = row.ExitOnUnsubscribe ? "1" : "0",
        exit_on_conversion = "0",
        multientry = row.MultiEntry ? "1" : "0",
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
    };

    private static string? Text(V3Call call) =>
        ((string[])["name", "search"]).Select(p => call.Request.Query[p].ToString()).FirstOrDefault(v => v.Length is > 0 and <= 500);

    /// <summary>The original's words for what starts an automation.</summary>
    private static string V3Type(string type) => type switch
    {
        "list.subscribed" => "subscribe",
        "list.unsubscribed" => "unsubscribe",
        "tag.added" => "tag_add",
        "tag.removed" => "tag_remove",
        "email.opened" => "read",
        "email.clicked" => "click",
        "email.forwarded" => "forward",
        "email.shared" => "share",
        "event.recorded" => "event",
        "field.changed" => "field",
        _ => type,
    };

    private sealed record Start(long AutomationId, string Type);
}
