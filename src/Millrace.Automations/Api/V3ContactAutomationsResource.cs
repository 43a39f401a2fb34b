using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Automations.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using System.Globalization;

namespace Millrace.Automations.Api;

internal sealed record V3RunRow(
    long Id, long ContactId, long AutomationId, RunStatus Status, string? StepKey, int VisitNo, DateTimeOffset ArrivedAt, DateTimeOffset EnteredAt,
    DateTimeOffset? FinishedAt, int Steps, long At);

/// <summary><c>/api/3/contactAutomations</c>: which contact is in which automation; adding one is the API's way into an automation.</summary>
internal sealed class V3ContactAutomationsResource : V3Resource<V3RunRow>, IEndpoint
{
    private const string Refused = "Could not create SubscriberSeries";

    public override string Plural => "contactAutomations";

    public override string Singular => "contactAutomation";

    public override string Model => "SubscriberSeries";

    public override Permission Permission => Permission.ViewAutomations;

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.One<V3RunRow>("automation", "automations", r => r.AutomationId), V3Relation.One<V3RunRow>("contact", "contacts", r => r.ContactId),
        V3Relation.Many("contactGoals"), V3Relation.Many("automationLogs"),
    ];

    protected override Sql Columns { get; } = Sql.Of($"""
        r.id, r.contact_id, r.automation_id, r.status, r.step_key, r.visit_no, r.arrived_at, r.entered_at, r.finished_at,
        coalesce(b.steps, 0), coalesce(l.id, 0)
        """);

    protected override Sql Table { get; } = Sql.Of($"automations.run r");

    protected override Sql Joins { get; } = Sql.Of($"""
        join automations.automation a on a.account_id = r.account_id and a.id = r.automation_id and a.deleted_at is null
        left join automations.block l on l.account_id = r.account_id and l.automation_id = r.automation_id and l.step_key = r.step_key
        left join lateral (
            select count(*)::int as steps from automations.block b where b.account_id = r.account_id and b.automation_id = r.automation_id and not b.deleted) b on true
        """);

    protected override Sql AccountColumn { get; } = Sql.Of($"r.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"r.id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"r.id"), V3Kind.Id),
        ["contact"] = new(Sql.Of($"r.contact_id"), V3Kind.Id),
        ["automation"] = new(Sql.Of($"r.automation_id"), V3Kind.Id),
        ["seriesid"] = new(Sql.Of($"r.automation_id"), V3Kind.Id),
        ["status"] = new(Sql.Of($"(case when r.status in ('completed', 'ended') then 2 else 1 end)::bigint"), V3Kind.Id),
        ["adddate"] = new(Sql.Of($"r.entered_at"), V3Kind.Time),
        ["remdate"] = new(Sql.Of($"r.finished_at"), V3Kind.Time),
        ["lastdate"] = new(Sql.Of($"r.arrived_at"), V3Kind.Time),
    });

    protected override IReadOnlyDictionary<string, V3Owner<V3RunRow>> Owners { get; } = new Dictionary<string, V3Owner<V3RunRow>>(StringComparer.Ordinal)
    {
        ["contacts"] = new(Sql.Of($"r.contact_id"), r => r.ContactId),
        ["automations"] = new(Sql.Of($"r.automation_id"), r => r.AutomationId),
    };

    protected override long IdOf(V3RunRow row) => row.Id;

    protected override IEnumerable<Sql> Where(V3Call call, V3Query query) =>
    [
        .. base.Where(call, query),
        .. ((string[])["contact", "automation", "seriesid", "status"]).Where(p => call.Request.Query[p].ToString().Length > 0)
            .Select(p => V3Filters.Condition(new V3Filter(p, null, [call.Request.Query[p].ToString()]), Filters.Find(p)!, call.Account.TimeZone)),
    ];

    protected override Task<object> MetaAsync(AccountTransaction work, V3Call call, V3Query query, IReadOnlyList<V3RunRow> rows, long total) =>
        Task.FromResult<object>(new { total = new V3Id(total), showcase_stats = Array.Empty<object>() });

    public override object View(V3RunRow row, V3Call call)
    {
        var over = row.Status is RunStatus.Completed or RunStatus.Ended;
        var done = over ? row.Steps : Math.Min(row.Steps, row.VisitNo - 1);
        return new
        {
            contact = new V3Id(row.ContactId),
            seriesid = new V3Id(row.AutomationId),
            startid = "0",
            status = over ? "2" : "1",
            batchid = (string?)null,
            adddate = call.Iso(row.EnteredAt),
            remdate = call.Iso(row.FinishedAt),
            timespan = row.FinishedAt is { } end ? ((long)(end - row.EnteredAt).TotalSeconds).ToString(CultureInfo.InvariantCulture) : null,
            lastblock = new V3Id(row.At),
            lastlogid = "0",
            lastdate = call.Iso(row.ArrivedAt),
            in_als = "0",
            completedElements = done.ToString(CultureInfo.InvariantCulture),
            totalElements = row.Steps.ToString(CultureInfo.InvariantCulture),
            completed = over ? 1 : 0,
            completeValue = over ? 100 : row.Steps == 0 ? 0 : 100 * done / row.Steps,
            links = Links(call, row.Id),
            id = new V3Id(row.Id),
            automation = new V3Id(row.AutomationId),
        };
    }

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapPost("contactAutomations", Create).RequirePermission(Permission.ManageAutomations)
            .Takes<Body>("contactAutomation", "Adds a contact to an active automation; 403 when it cannot enter.");
        routes.V3.MapDelete("contactAutomations/{id}", Delete).RequirePermission(Permission.ManageAutomations);
        routes.V3.MapGet("contacts/{contactId}/automationEntryCounts", EntryCounts).RequirePermission(Permission.ViewAutomations);
    }

    private sealed record Body(V3Id Contact, V3Id Automation);

    private static async Task<V3Result> Create(V3Call call, RunActions runs, WorkSignal signal)
    {
        var body = await call.BodyAsync<Body>("contactAutomation");
        var result = await call.ChangeAsync(async work =>
        {
            long runId;
            try
            {
                var entered = await runs.AddAsync(work.Transaction, call.Account.Id, call.Account.UserId, body.Automation, [body.Contact.Value], null, call.CancellationToken);
                runId = entered.Count > 0 ? entered[0].RunId : throw new ForbiddenException(Refused);
            }
            catch (DomainException e) when (e is NotFoundException or ConflictException)
            {
                throw new ForbiddenException(Refused);
            }

            var all = call.Resource<V3ContactAutomationsResource>();
            return V3Result.Created(new
            {
                contacts = await call.Resources.Find("contacts")!.ViewsAsync(work, call, [body.Contact.Value]),
                contactAutomation = all.View(await all.OneAsync(work, call, runId), call),
            });
        });
        signal.Pulse(nameof(RunEngine));
        return result;
    }

    private static Task<V3Result> Delete(string id, V3Call call, RunActions runs) => call.ChangeAsync(async work =>
    {
        var row = await call.Resource<V3ContactAutomationsResource>().OneAsync(work, call, V3Id.Parse(id));
        await runs.EndAsync(work, call.Account.Id, call.Account.UserId, row.Id, "api", call.CancellationToken);
        return V3Result.Empty;
    });

    /// <summary>Of every automation: how often the contact has entered it.</summary>
    private static Task<V3Result> EntryCounts(string contactId, V3Call call) => call.ReadAsync(async work =>
    {
        var id = V3Id.Parse(contactId);
        if ((await call.Resources.Find("contacts")!.ViewsAsync(work, call, [id])).Count == 0)
        {
            throw V3Errors.NoResult("Subscriber", id);
        }

        var counts = await Sql.Of($"""
            select a.id, a.name, a.status, count(r.id)
            from automations.automation a
            left join automations.run r on r.account_id = a.account_id and r.automation_id = a.id and r.contact_id = {id}
            where a.account_id = {call.Account.Id} and a.deleted_at is null
            group by a.account_id, a.id order by a.id limit 1000
            """).ListAsync<EntryCount>(work, call.CancellationToken);
        return V3Result.Ok(new
        {
            automationEntryCounts = counts.Select(c => new
            {
                id = new V3Id(c.Id),
                name = c.Name,
                status = c.Status == AutomationStatus.Active ? "1" : "2",
                hidden = "0",
                contactEntryCount = new V3Id(c.Entries),
            }),
        });
    });

    private sealed record EntryCount(long Id, string Name, AutomationStatus Status, long Entries);
}
