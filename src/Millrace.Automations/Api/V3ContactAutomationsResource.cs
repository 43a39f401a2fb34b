using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Activities.Contracts;
using Millrace.Api.Dialect;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Automations.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Automations.Api;

/// <summary><c>/api/3/contactAutomations</c>: which contact is in which automation; adding one is the API's way into an automation.</summary>
internal sealed class V3ContactAutomationsResource : IEndpoint
{
    private const string Refused = "Could not create SubscriberSeries";

    public static void Map(ModuleRoutes routes)
    {
        routes.V3.MapGet("contactAutomations", List).RequirePermission(Permission.ViewAutomations);
        routes.V3.MapPost("contactAutomations", Create).RequirePermission(Permission.ManageAutomations);
        routes.V3.MapGet("contactAutomations/{id}", Read).RequirePermission(Permission.ViewAutomations);
        routes.V3.MapDelete("contactAutomations/{id}", Delete).RequirePermission(Permission.ManageAutomations);
        routes.V3.MapGet("contacts/{contactId}/contactAutomations", OfContact).RequirePermission(Permission.ViewAutomations);
        routes.V3.MapGet("automations/{automationId}/contactAutomations", OfAutomation).RequirePermission(Permission.ViewAutomations);
    }

    private sealed record Body(V3Id Contact, V3Id Automation);

    private static Task<V3Result> List(HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request);
        return ListAsync(
            request, account, database, IdOf(query.Equal(request, "contact")), IdOf(query.Equal(request, "automation") ?? query.Equal(request, "seriesid")),
            query.Equal(request, "status"), cancellationToken);
    }

    private static Task<V3Result> OfContact(
        string contactId, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        ListAsync(request, account, database, V3Id.Parse(contactId), null, null, cancellationToken);

    private static Task<V3Result> OfAutomation(
        string automationId, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        ListAsync(request, account, database, null, V3Id.Parse(automationId), null, cancellationToken);

    private static async Task<V3Result> ListAsync(
        HttpRequest request, CurrentAccount account, NpgsqlDataSource database, long? contactId, long? automationId, string? status, CancellationToken cancellationToken)
    {
        var query = V3Query.Of(request);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var filter = Sql.Of($"""
            r.account_id = {account.Id} and ({contactId} is null or r.contact_id = {contactId}) and ({automationId} is null or r.automation_id = {automationId})
              and ({status} is null or (r.status in ('completed', 'ended')) = ({status} = '2'))
            """);
        var rows = await Sql.Of($"{Select} where {filter} order by r.id limit {query.Limit} offset {query.Offset}").ListAsync<Row>(work, cancellationToken);
        var total = await Sql.Of($"select count(*) from automations.run r where {filter}").FirstAsync<long>(work, cancellationToken);
        return V3Result.Ok(new
        {
            contactAutomations = rows.Select(r => View(r, request, account)),
            meta = new { total = new V3Id(total), showcase_stats = Array.Empty<object>() },
        });
    }

    private static async Task<V3Result> Create(
        HttpRequest request, CurrentAccount account, RunActions runs, IActivityLog log, WorkSignal signal, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var body = await V3Body.ReadAsync<Body>(request, "contactAutomation", cancellationToken);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        long runId;
        try
        {
            var entered = await runs.AddAsync(work, account.Id, account.UserId, body.Automation, [body.Contact.Value], null, cancellationToken);
            runId = entered.Count > 0 ? entered[0].RunId : throw new ForbiddenException(Refused);
        }
        catch (DomainException e) when (e is NotFoundException or ConflictException)
        {
            throw new ForbiddenException(Refused);
        }

        var row = await Sql.Of($"{Select} where r.account_id = {account.Id} and r.id = {runId}").FirstAsync<Row>(work, cancellationToken);
        var contact = await Sql.Of($"""
            select id, email, first_name, last_name, phone, created_at, updated_at from contacts.contact where account_id = {account.Id} and id = {body.Contact.Value}
            """).FirstAsync<Person>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(RunEngine));
        log.Wake();
        return V3Result.Created(new { contacts = new[] { View(contact!, request, account) }, contactAutomation = View(row!, request, account) });
    }

    private static async Task<V3Result> Read(string id, HttpRequest request, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var number = V3Id.Parse(id);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await Sql.Of($"{Select} where r.account_id = {account.Id} and r.id = {number}").FirstAsync<Row>(work, cancellationToken)
            ?? throw V3Errors.NoResult("SubscriberSeries", number);
        return V3Result.Ok(new { contactAutomation = View(row, request, account) });
    }

    private static async Task<V3Result> Delete(
        string id, CurrentAccount account, RunActions runs, IActivityLog log, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var number = V3Id.Parse(id);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (!await Sql.Of($"select exists (select 1 from automations.run where account_id = {account.Id} and id = {number})").FirstAsync<bool>(work, cancellationToken))
        {
            throw V3Errors.NoResult("SubscriberSeries", number);
        }

        await runs.EndAsync(work, account.Id, account.UserId, number, "api", cancellationToken);
        await work.CommitAsync(cancellationToken);
        log.Wake();
        return V3Result.Empty;
    }

    private static readonly Sql Select = Sql.Of($"""
        select r.id, r.contact_id, r.automation_id, r.status, r.step_key, r.visit_no, r.arrived_at, r.entered_at, r.finished_at,
               coalesce(jsonb_array_length(v.document -> 'steps'), 0)
        from automations.run r
        join automations.automation a on a.account_id = r.account_id and a.id = r.automation_id
        left join automations.version v on v.account_id = a.account_id and v.automation_id = a.id and v.number = a.published_version
        """);

    private static object View(Row row, HttpRequest request, CurrentAccount account)
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
            adddate = V3Time.Iso(row.EnteredAt, account.TimeZone),
            remdate = V3Time.Iso(row.FinishedAt, account.TimeZone),
            timespan = row.FinishedAt is { } end ? ((long)(end - row.EnteredAt).TotalSeconds).ToString(CultureInfo.InvariantCulture) : null,
            lastblock = row.StepKey ?? "0",
            lastlogid = "0",
            lastdate = V3Time.Iso(row.ArrivedAt, account.TimeZone),
            in_als = "0",
            completedElements = done.ToString(CultureInfo.InvariantCulture),
            totalElements = row.Steps.ToString(CultureInfo.InvariantCulture),
            completed = over ? 1 : 0,
            completeValue = over ? 100 : row.Steps == 0 ? 0 : 100 * done / row.Steps,
            links = V3Links.Of(request, "contactAutomations", row.Id, "automation", "contact", "contactGoals", "automationLogs"),
            id = new V3Id(row.Id),
            automation = new V3Id(row.AutomationId),
        };
    }

    private static object View(Person person, HttpRequest request, CurrentAccount account) => new
    {
        email = person.Email,
        firstName = person.FirstName,
        lastName = person.LastName,
        phone = person.Phone,
        cdate = V3Time.Iso(person.CreatedAt, account.TimeZone),
        udate = V3Time.Iso(person.UpdatedAt, account.TimeZone),
        links = V3Links.Of(request, "contacts", person.Id, "contactAutomations", "contactTags", "contactLists", "fieldValues"),
        id = new V3Id(person.Id),
    };

    private static long? IdOf(string? text) => text is null ? null : V3Id.Parse(text);

    private sealed record Row(
        long Id, long ContactId, long AutomationId, RunStatus Status, string? StepKey, int VisitNo, DateTimeOffset ArrivedAt, DateTimeOffset EnteredAt,
        DateTimeOffset? FinishedAt, int Steps);

    private sealed record Person(
        long Id, string? Email, string FirstName, string LastName, string Phone, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
}
