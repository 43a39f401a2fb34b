using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Automations.Api;

/// <summary><c>/api/3/automations</c>, reading only: the original has no way to make them either.</summary>
internal sealed class V3AutomationsResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("automations", List).RequirePermission(Permission.ViewAutomations);
        routes.V3.MapGet("automations/{id}", Read).RequirePermission(Permission.ViewAutomations);
    }

    private static async Task<V3Result> List(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request);
        var name = query.Equal(request, "name") ?? query.Equal(request, "search");
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var filter = Sql.Of($"a.account_id = {account.Id} and ({name} is null or strpos(lower(a.name), lower({name})) > 0)");
        var rows = await Sql.Of($"{Select} where {filter} order by a.id limit {query.Limit} offset {query.Offset}").ListAsync<Row>(work, cancellationToken);
        var total = await Sql.Of($"select count(*) from automations.automation a where {filter}").FirstAsync<long>(work, cancellationToken);
        var starts = await Sql.Of($"""
            select a.id, t.trigger ->> 'type'
            from automations.automation a
            join automations.version v on v.account_id = a.account_id and v.automation_id = a.id and v.number = a.published_version
            cross join lateral jsonb_array_elements(v.document -> 'triggers') as t (trigger)
            where {filter} and a.id = any ({rows.Select(r => r.Id).ToArray()})
            order by a.id
            """).ListAsync<Start>(work, cancellationToken);
        return V3Result.Ok(new
        {
            automations = rows.Select(r => View(r, request, account)),
            meta = new
            {
                total = new V3Id(total),
                starts = starts.Select((s, i) => new { id = new V3Id(i + 1), series = new V3Id(s.AutomationId), type = V3Type(s.Type) }),
                filtered = name is not null,
                smsLogs = Array.Empty<object>(),
            },
        });
    }

    private static async Task<V3Result> Read(string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var number = V3Id.Parse(id);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await Sql.Of($"{Select} where a.account_id = {account.Id} and a.id = {number}").FirstAsync<Row>(work, cancellationToken)
            ?? throw V3Errors.NoResult("Series", number);
        return V3Result.Ok(new { automation = View(row, request, account) });
    }

    private static readonly Sql Select = Sql.Of($"""
        select a.id, a.name, a.status, a.created_by, a.created_at, a.updated_at, t.entered, t.gone, coalesce(a.draft ->> 'entry', 'any') <> 'once'
        from automations.automation a
        cross join lateral (
            select coalesce(sum(total) filter (where what = 'entered'), 0)::bigint as entered,
                   coalesce(sum(total) filter (where what in ('completed', 'ended')), 0)::bigint as gone
            from automations.tally y where y.account_id = a.account_id and y.automation_id = a.id and y.step_key = '') t
        """);

    private static object View(Row row, HttpRequest request, CurrentAccount account) => new
    {
        name = row.Name,
        cdate = V3Time.Iso(row.CreatedAt, account.TimeZone),
        mdate = V3Time.Iso(row.UpdatedAt, account.TimeZone),
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
        exit_on_unsubscribe = "0",
        exit_on_conversion = "0",
        multientry = row.MultiEntry ? "1" : "0",
        links = V3Links.Of(request, "automations", row.Id, "campaigns", "contactGoals", "contactAutomations", "blocks", "goals", "sms", "sitemessages", "triggers"),
        id = new V3Id(row.Id),
    };

    /// <summary>The original's words for what starts an automation.</summary>
    private static string V3Type(string type) => type switch
    {
        "list.subscribed" => "subscribe",
        "list.unsubscribed" => "unsubscribe",
        "tag.added" => "tag_add",
        "tag.removed" => "tag_remove",
        "email.opened" => "read",
        "email.clicked" => "click",
        "event.recorded" => "event",
        "field.changed" => "field",
        _ => type,
    };

    private sealed record Row(
        long Id, string Name, AutomationStatus Status, long? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Entered, long Gone, bool MultiEntry);

    private sealed record Start(long AutomationId, string Type);
}
