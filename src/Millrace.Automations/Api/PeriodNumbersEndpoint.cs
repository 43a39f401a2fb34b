using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Automations.Reports;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Automations.Api;

/// <summary><c>GET /api/app/automations/{id}/numbers/period?first=&amp;last=</c>: what happened at each step in these days, to be drawn over the canvas.</summary>
internal sealed class PeriodNumbersEndpoint : IEndpoint
{
    private static readonly DateOnly Earliest = new(2000, 1, 1);
    private static readonly DateOnly Latest = new(2200, 1, 1);
    private static readonly HashSet<string> Kept = [Tally.Arrived, Tally.Went, Tally.Left, Tally.Failed, Tally.Passed];

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("automations/{id:long}/numbers/period", Handle).WithName("app_automation_period_numbers").RequirePermission(Permission.ViewAutomations);

    /// <param name="first">First day, by the account's clock.</param>
    /// <param name="last">Last day, part of it; at most five years.</param>
    private static async Task<Ok<PeriodNumbers>> Handle(
        long id, DateOnly first, DateOnly last, CurrentAccount account, TimeProvider clock, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (first < Earliest || last > Latest)
        {
            throw new InvalidInputException(first < Earliest ? "/first" : "/last", "out_of_range", "Days between 2000 and 2200.");
        }

        var period = new ReportPeriod(first, last, account.TimeZone);
        if (period.Days is < 1 or > ReportPeriod.MaxDays)
        {
            throw new InvalidInputException("/first", "out_of_range", "The first day is not after the last, and at most five years before it.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await AutomationRow.ReadAsync(work.Transaction, account.Id, id, cancellationToken);
        var counts = (await PeriodCounts.ReadAsync(new ReportQuestion(work, account.Id, id, period, null, clock.GetUtcNow()), period, wholeOnly: false, cancellationToken))!;
        var whole = string.Empty;
        return TypedResults.Ok(new PeriodNumbers(
            first, last, counts[whole, Tally.Entered], counts[whole, Tally.Completed], counts[whole, Tally.Ended],
            [
                .. counts.Steps.Order(StringComparer.Ordinal).Select(step => new PeriodStep(
                    step, counts[step, Tally.Arrived], counts[step, Tally.Went], counts[step, Tally.Left], counts[step, Tally.Failed],
                    counts.Of(step).Where(c => !Kept.Contains(c.What)).ToDictionary(c => c.What, c => c.Total, StringComparer.Ordinal))),
            ]));
    }
}

/// <param name="Entered">Entries in these days; what shares are of.</param>
internal sealed record PeriodNumbers(DateOnly First, DateOnly Last, long Entered, long Completed, long Ended, IReadOnlyList<PeriodStep> Steps);

/// <param name="Arrived">Came to the step; twice is two.</param>
/// <param name="Went">Went on from it.</param>
/// <param name="Left">Left the automation there.</param>
/// <param name="Failed">Failures, of which most are mended by trying again.</param>
/// <param name="Results">Per branch or special result.</param>
internal sealed record PeriodStep(string StepId, long Arrived, long Went, long Left, long Failed, IReadOnlyDictionary<string, long> Results);
