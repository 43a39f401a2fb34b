using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Automations.Entry;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Automations.Api;

/// <summary><c>/api/app/automations/{id}/standing</c>: contacts that match the triggers already; how many there are, and letting them in.</summary>
internal sealed class StandingEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("automations/{id:long}/standing", Count).WithName("app_automation_standing").RequirePermission(Permission.ViewAutomations);
        routes.App.MapPost("automations/{id:long}/standing", Admit).WithName("app_automation_admit").RequirePermission(Permission.ManageAutomations);
        routes.App.MapGet("automations/{id:long}/standing/job", Job).WithName("app_automation_admission").RequirePermission(Permission.ViewAutomations);
        routes.App.MapPost("automations/{id:long}/standing/cancel", Cancel).WithName("app_automation_admission_cancel").RequirePermission(Permission.ManageAutomations);
    }

    /// <param name="Triggers">Ids of the triggers whose contacts come in; absent: all that know some.</param>
    internal sealed record AdmitContacts(string[]? Triggers = null);

    /// <param name="Job">The last one; null: there was none.</param>
    internal sealed record AdmissionAnswer(Admission? Job);

    /// <param name="State"><c>running</c>, <c>finished</c>, <c>cancelled</c>, or <c>stopped</c> with a problem.</param>
    /// <param name="Expected">Contacts that were to come in when it was asked for.</param>
    /// <param name="Looked">Contacts that were looked at so far; one that matches two triggers twice.</param>
    /// <param name="Entered">Of these: came in.</param>
    internal sealed record Admission(
        long Id, string State, long Expected, long Looked, long Entered, string? Problem, DateTimeOffset AskedAt, DateTimeOffset? FinishedAt);

    /// <summary>Of the stored draft: what publishing it and letting them in would mean.</summary>
    private static async Task<Ok<StandingCount>> Count(
        long id, CurrentAccount account, FlowReader reader, StandingContacts standing, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        var (flow, _) = reader.Read(row.Draft);
        return TypedResults.Ok(await standing.CountAsync(work.Transaction, account.Id, id, flow, null, clock.GetUtcNow(), cancellationToken));
    }

    /// <summary>Begins to let them in, of the published version. 409 <c>automation_inactive</c>, <c>already_running</c>.</summary>
    private static async Task<Accepted<AdmissionAnswer>> Admit(
        long id, AdmitContacts request, CurrentAccount account, FlowCache flows, StandingContacts standing, WorkSignal signal, NpgsqlDataSource database, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await AutomationRow.LockAsync(work.Transaction, account.Id, id, cancellationToken);
        if (row is not { Status: AutomationStatus.Active, PublishedVersion: { } version })
        {
            throw new ConflictException("automation_inactive", "Contacts can be let into an active automation only.");
        }

        var flow = (await flows.LoadAsync(work.Transaction, account.Id, [(id, version)], cancellationToken))[id];
        foreach (var (key, no) in (request.Triggers ?? []).Select((t, i) => (t, i)))
        {
            if (flow.Triggers.FirstOrDefault(t => t.Key == key) is not { } trigger || standing.StateOf(trigger) is null)
            {
                throw new InvalidInputException(
                    FormattableString.Invariant($"/triggers/{no}"), "trigger_missing", "The published version has no such trigger, or none of which contacts can match already.");
            }
        }

        if (await LastAsync(work, account.Id, id, cancellationToken) is { State: "running" })
        {
            throw new ConflictException("already_running", "Contacts are being let in already.");
        }

        string[] triggers = [.. flow.Triggers.Where(t => (request.Triggers is null || request.Triggers.Contains(t.Key)) && standing.StateOf(t) is not null).Select(t => t.Key)];
        var count = await standing.CountAsync(work.Transaction, account.Id, id, flow, triggers, now, cancellationToken);
        await Sql.Of($"""
            insert into automations.admission (account_id, automation_id, state, triggers, expected, user_id, asked_at, next_at)
            values ({account.Id}, {id}, 'running', {triggers}, {count.Entering}, {account.UserId}, {now}, {now})
            """).ExecuteAsync(work, cancellationToken);
        var job = await LastAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(AdmitStanding));
        return TypedResults.Accepted(FormattableString.Invariant($"/api/app/automations/{id}/standing/job"), new AdmissionAnswer(job));
    }

    private static async Task<Ok<AdmissionAnswer>> Job(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        return TypedResults.Ok(new AdmissionAnswer(await LastAsync(work, account.Id, id, cancellationToken)));
    }

    /// <summary>Nobody more is let in; who is in stays. Nothing to do when it is over already.</summary>
    private static async Task<Ok<AdmissionAnswer>> Cancel(
        long id, CurrentAccount account, IAudit audit, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        var entered = await Sql.Of($"""
            update automations.admission set state = 'cancelled', finished_at = {clock.GetUtcNow()}
            where account_id = {account.Id} and automation_id = {id} and state = 'running' returning entered
            """).FirstAsync<long?>(work, cancellationToken);
        if (entered is not null)
        {
            await audit.AppendAsync(
                work.Transaction, account.Id, account.UserId, "automation.admit_standing", "automation", id, new { state = "cancelled", entered }, cancellationToken);
        }

        var job = await LastAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(new AdmissionAnswer(job));
    }

    private static Task<Admission?> LastAsync(AccountTransaction work, long accountId, long automationId, CancellationToken cancellationToken) => Sql.Of($"""
        select id, state, expected, looked, entered, problem, asked_at, finished_at from automations.admission
        where account_id = {accountId} and automation_id = {automationId} order by id desc limit 1
        """).FirstAsync<Admission>(work, cancellationToken);
}
