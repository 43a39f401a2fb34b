using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Automations.Api;

/// <summary>Numbers on the canvas, and the people behind them.</summary>
internal sealed class NumberEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("automations/{id:long}/numbers", Numbers).WithName("app_automation_numbers").RequirePermission(Permission.ViewAutomations);
        routes.App.MapGet("automations/{id:long}/people", People).WithName("app_automation_people").RequirePermission(Permission.ViewAutomations);
    }

    internal sealed record AutomationNumbers(long Entered, long Completed, long Ended, long Inside, long Parked, IReadOnlyList<StepNumbers> Steps);

    /// <param name="Passed">Left the step behind.</param>
    /// <param name="Here">Stand on it now.</param>
    /// <param name="Waiting">Of these: have been told to wait.</param>
    /// <param name="Parked">Of these: given up on until someone says "again".</param>
    /// <param name="Failed">Failures so far, of which most were mended by trying again.</param>
    /// <param name="NextDue">The next release of a wait.</param>
    /// <param name="Results">Per branch or special result.</param>
    internal sealed record StepNumbers(
        string StepId, long Passed, long Here, long Waiting, long Parked, long Failed, DateTimeOffset? NextDue, IReadOnlyDictionary<string, long> Results);

    /// <param name="Cursor">For the next page; null on the last.</param>
    internal sealed record PeoplePage(IReadOnlyList<PersonInside> Items, long? Cursor);

    internal sealed record PersonInside(
        long RunId, long ContactId, string? Email, string Name, RunStatus Status, string? StepId, DateTimeOffset Since, DateTimeOffset? DueAt,
        DateTimeOffset EnteredAt, short Attempts, string? Error);

    private static async Task<Ok<AutomationNumbers>> Numbers(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        var counted = (await Sql.Of($"""
            select step_key, what, sum(total)::bigint from automations.tally where account_id = {account.Id} and automation_id = {id} group by step_key, what
            """).ListAsync<Counted>(work, cancellationToken)).ToLookup(c => c.StepKey, StringComparer.Ordinal);
        var standing = (await Sql.Of($"""
            select coalesce(step_key, ''), count(*), count(*) filter (where status = 'waiting'), count(*) filter (where status = 'parked'),
                   min(due_at) filter (where status = 'waiting')
            from automations.run where account_id = {account.Id} and automation_id = {id} and status in ('active', 'waiting', 'parked') group by 1
            """).ListAsync<Standing>(work, cancellationToken)).ToDictionary(s => s.StepKey, StringComparer.Ordinal);
        var steps = counted.Select(c => c.Key).Union(standing.Keys, StringComparer.Ordinal).Where(k => k.Length > 0).Order(StringComparer.Ordinal).Select(key =>
        {
            var results = counted[key].Where(c => c.What is not ("passed" or "failed")).ToDictionary(c => c.What, c => c.Total, StringComparer.Ordinal);
            var here = standing.GetValueOrDefault(key);
            return new StepNumbers(key, Of(key, "passed"), here?.Here ?? 0, here?.Waiting ?? 0, here?.Parked ?? 0, Of(key, "failed"), here?.NextDue, results);
        }).ToList();
        return TypedResults.Ok(new AutomationNumbers(
            Of(string.Empty, "entered"), Of(string.Empty, "completed"), Of(string.Empty, "ended"), standing.Values.Sum(s => s.Here), standing.Values.Sum(s => s.Parked), steps));

        long Of(string step, string what) => counted[step].FirstOrDefault(c => c.What == what)?.Total ?? 0;
    }

    /// <summary>Who is inside, by step and status; in the order of entering.</summary>
    /// <param name="status"><c>active</c>, <c>waiting</c>, <c>parked</c>, <c>completed</c> or <c>ended</c>; absent: whoever is inside.</param>
    private static async Task<Ok<PeoplePage>> People(
        long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, string? step = null, string? status = null,
        long after = 0, int limit = 50)
    {
        limit = Math.Clamp(limit, 1, 200);
        if (status is not null && !EnumNames<RunStatus>.TryParse(status, out _))
        {
            throw new InvalidInputException("status", "unknown_choice", "There is no such status.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);

        // Names of contacts are read in the same statement: one page, one round trip.
        var items = await Sql.Of($"""
            select r.id, r.contact_id, c.email, trim(c.first_name || ' ' || c.last_name), r.status, r.step_key, r.arrived_at, r.due_at, r.entered_at, r.attempts, r.error
            from automations.run r join contacts.contact c on c.account_id = r.account_id and c.id = r.contact_id
            where r.account_id = {account.Id} and r.automation_id = {id} and r.id > {after}
              and ({step} is null or r.step_key = {step})
              and (r.status = {status} or ({status} is null and r.status in ('active', 'waiting', 'parked')))
            order by r.id limit {limit}
            """).ListAsync<PersonInside>(work, cancellationToken);
        return TypedResults.Ok(new PeoplePage(items, items.Count == limit ? items[^1].RunId : null));
    }

    private sealed record Counted(string StepKey, string What, long Total);

    private sealed record Standing(string StepKey, long Here, long Waiting, long Parked, DateTimeOffset? NextDue);
}
