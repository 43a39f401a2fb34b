using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Activities.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Automations.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Automations.Api;

/// <summary>Runs: a contact's path with times and results, and what a person can do about it.</summary>
internal sealed class RunEndpoints : IEndpoint
{
    private const int MaxAdded = 10_000;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("automations/{id:long}/contacts", Add).WithName("app_automation_add_contacts").RequirePermission(Permission.ManageAutomations);
        routes.App.MapPost("automations/{id:long}/retry", RetryAll).WithName("app_automation_retry_parked").RequirePermission(Permission.ManageAutomations);
        routes.App.MapPost("automations/{id:long}/end-runs", EndAll).WithName("app_automation_end_runs").RequirePermission(Permission.ManageAutomations);
        routes.App.MapGet("contacts/{contactId:long}/runs", OfContact).WithName("app_contact_runs").RequirePermission(Permission.ViewAutomations);
        routes.App.MapGet("runs/{runId:long}", Path).WithName("app_run_read").RequirePermission(Permission.ViewAutomations);
        routes.App.MapPost("runs/{runId:long}/end", End).WithName("app_run_end").RequirePermission(Permission.ManageAutomations);
        routes.App.MapPost("runs/{runId:long}/skip-wait", Skip).WithName("app_run_skip_wait").RequirePermission(Permission.ManageAutomations);
        routes.App.MapPost("runs/{runId:long}/retry", Retry).WithName("app_run_retry").RequirePermission(Permission.ManageAutomations);
    }

    /// <param name="Step">Where to begin; absent: at the first step.</param>
    internal sealed record AddContacts(long[] ContactIds, string? Step = null);

    /// <param name="Entered">The others were refused by the entry rule, or do not exist.</param>
    internal sealed record AddedContacts(int Entered);

    /// <summary>Which parked runs; without anything all of the automation.</summary>
    /// <param name="Step">Only who stands on it.</param>
    /// <param name="Error">Only with this error, word for word.</param>
    internal sealed record RetryRuns(string? Step = null, string? Error = null);

    internal sealed record RetriedRuns(int Retried);

    /// <param name="Step">Only who stands on it; absent: everybody inside.</param>
    internal sealed record EndRuns(string? Step = null);

    /// <param name="Ended">Who is out.</param>
    /// <param name="Left">Of many thousands: who will be out within seconds.</param>
    internal sealed record EndedRuns(long Ended, long Left);

    /// <param name="Version">The version of the automation the run is on, or was on when it was over; null when that was not noted yet.</param>
    internal sealed record RunItem(
        long Id, long AutomationId, string Automation, long ContactId, RunStatus Status, string? StepId, DateTimeOffset ArrivedAt, DateTimeOffset? DueAt,
        DateTimeOffset EnteredAt, DateTimeOffset? FinishedAt, string? Trigger, short Attempts, string? Error, int? Version);

    /// <param name="Visits">Steps left behind, oldest first; where the run stands now is in <paramref name="Run"/>.</param>
    /// <param name="WaitsFor">What the conditions of the present step find at this moment; empty where none decide.</param>
    internal sealed record RunPath(RunItem Run, IReadOnlyList<VisitItem> Visits, bool Truncated, IReadOnlyList<StepReason> WaitsFor);

    /// <param name="Version">The version that was published when the run left the step.</param>
    /// <param name="Why">What the conditions by which the step decided found of the contact at that moment; empty where none decide, or nothing was kept.</param>
    /// <param name="Cause">Why a split chose the path; null: it is none, or kept nothing.</param>
    /// <param name="Aftermath">What has become of what the step set going, such as the answer to a webhook; null: nothing was.</param>
    internal sealed record VisitItem(
        int VisitNo, string StepId, DateTimeOffset ArrivedAt, DateTimeOffset LeftAt, string Result, string? Detail, int? Version, IReadOnlyList<StepReason> Why,
        StepCause? Cause, StepAftermath? Aftermath);

    private static readonly Sql Columns = Sql.Of($"""
        select r.id, r.automation_id, a.name, r.contact_id, r.status, r.step_key, r.arrived_at, r.due_at, r.entered_at, r.finished_at, r.trigger_key, r.attempts, r.error,
               case when r.finished_at is null then a.published_version
                    else (select v.version from automations.step_visit v where v.account_id = r.account_id and v.run_id = r.id order by v.visit_no desc limit 1) end
        from automations.run r join automations.automation a on a.account_id = r.account_id and a.id = r.automation_id and a.deleted_at is null
        """);

    private static async Task<Ok<AddedContacts>> Add(
        long id, AddContacts request, CurrentAccount account, RunActions runs, IActivityLog log, WorkSignal signal, NpgsqlDataSource database,
        CancellationToken cancellationToken)
    {
        if (request.ContactIds.Length is 0 or > MaxAdded)
        {
            throw new InvalidInputException("/contact_ids", "length", $"1 to {MaxAdded} contacts at a time.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var entered = await runs.AddAsync(work.Transaction, account.Id, account.UserId, id, request.ContactIds, request.Step, cancellationToken);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(RunEngine));
        log.Wake();
        return TypedResults.Ok(new AddedContacts(entered.Count));
    }

    private static async Task<Ok<RetriedRuns>> RetryAll(
        long id, CurrentAccount account, RunActions runs, WorkSignal signal, NpgsqlDataSource database, CancellationToken cancellationToken,
        RetryRuns? request = null)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        var retried = await runs.RetryAsync(work, account.Id, account.UserId, id, null, request?.Step, request?.Error, cancellationToken);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(RunEngine));
        return TypedResults.Ok(new RetriedRuns(retried));
    }

    /// <summary>Ends everybody who is inside at this moment; what has not been handed over yet is not sent.</summary>
    private static async Task<Ok<EndedRuns>> EndAll(
        long id, EndRuns request, CurrentAccount account, EndEverybody everybody, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        }

        var progress = await everybody.AskAsync(account.Id, account.UserId, id, request.Step, cancellationToken);
        return TypedResults.Ok(new EndedRuns(progress.Ended, progress.Left));
    }

    private static async Task<Ok<List<RunItem>>> OfContact(
        long contactId, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, int limit = 50)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return TypedResults.Ok(await Sql.Of($"""
            {Columns} where r.account_id = {account.Id} and r.contact_id = {contactId} order by r.id desc limit {Math.Clamp(limit, 1, 200)}
            """).ListAsync<RunItem>(work, cancellationToken));
    }

    private static async Task<Ok<RunPath>> Path(
        long runId, CurrentAccount account, RunReasons reasons, IEnumerable<IStepAftermath> aftermaths, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        const int most = 1_000;
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var run = await Sql.Of($"{Columns} where r.account_id = {account.Id} and r.id = {runId}").FirstAsync<RunItem>(work, cancellationToken)
            ?? throw new NotFoundException();
        var visits = await Sql.Of($"""
            select visit_no, step_key, arrived_at, left_at, result, detail, version, why::text from automations.step_visit
            where account_id = {account.Id} and run_id = {runId} order by visit_no desc limit {most}
            """).ListAsync<KeptVisit>(work, cancellationToken);
        visits.Reverse();
        var after = new Dictionary<int, StepAftermath>();
        foreach (var source in aftermaths)
        {
            foreach (var (visit, what) in await source.OfRunAsync(work.Transaction, account.Id, runId, cancellationToken))
            {
                after[visit] = what;
            }
        }

        var told = new List<VisitItem>();
        foreach (var v in visits)
        {
            var why = await reasons.ReadAsync(work, account.Id, run.AutomationId, v.Version, v.StepId, v.Result, v.Why, cancellationToken);
            var (detail, cause) = StepCause.Read(v.Detail);
            told.Add(new VisitItem(v.VisitNo, v.StepId, v.ArrivedAt, v.LeftAt, v.Result, detail, v.Version, why, cause, after.GetValueOrDefault(v.VisitNo)));
        }

        var waits = run is { Status: RunStatus.Waiting, StepId: { } step, Version: { } version }
            ? await reasons.NowAsync(work, account, run.AutomationId, version, step, run.ContactId, cancellationToken)
            : [];
        return TypedResults.Ok(new RunPath(run, told, visits.Count == most, waits));
    }

    private sealed record KeptVisit(
        int VisitNo, string StepId, DateTimeOffset ArrivedAt, DateTimeOffset LeftAt, string Result, string? Detail, int? Version, string? Why);

    private static async Task<NoContent> End(
        long runId, CurrentAccount account, RunActions runs, IActivityLog log, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await ExistsAsync(work, account.Id, runId, cancellationToken);
        await runs.EndAsync(work, account.Id, account.UserId, runId, "by_hand", cancellationToken);
        await work.CommitAsync(cancellationToken);
        log.Wake();
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> Skip(
        long runId, CurrentAccount account, RunActions runs, WorkSignal signal, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await runs.SkipWaitAsync(work, account.Id, account.UserId, runId, cancellationToken);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(RunEngine));
        return TypedResults.NoContent();
    }

    private static async Task<Ok<RetriedRuns>> Retry(
        long runId, CurrentAccount account, RunActions runs, WorkSignal signal, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await ExistsAsync(work, account.Id, runId, cancellationToken);
        var retried = await runs.RetryAsync(work, account.Id, account.UserId, null, runId, null, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(RunEngine));
        return TypedResults.Ok(new RetriedRuns(retried));
    }

    private static async Task ExistsAsync(AccountTransaction work, long accountId, long runId, CancellationToken cancellationToken)
    {
        if (!await Sql.Of($"select exists (select 1 from automations.run where account_id = {accountId} and id = {runId})").FirstAsync<bool>(work, cancellationToken))
        {
            throw new NotFoundException();
        }
    }
}
