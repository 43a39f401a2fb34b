using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Insights.Reports;

/// <summary><c>/api/app/reports</c>: which there are, and their answers. What one may see says each report.</summary>
internal sealed class ReportEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("reports", List).WithName("report_list").RequirePermission(Permission.Use);
        routes.App.MapGet("reports/{key}", Read).WithName("report_read").RequirePermission(Permission.Use);
    }

    internal sealed record ReportList(IReadOnlyList<ReportItem> Items);

    /// <param name="Description">The question it answers.</param>
    /// <param name="Filters">What it can be narrowed by.</param>
    internal sealed record ReportItem(string Key, string Title, string Description, string Subject, IReadOnlyList<ReportFilter> Filters);

    /// <param name="First">First day, by the account's clock.</param>
    /// <param name="Last">Last day, part of it.</param>
    /// <param name="Step">What one point of a chart over time stands for.</param>
    internal sealed record ReportView(
        string Key, string Title, string Description, DateOnly First, DateOnly Last, ReportStep Step, DateOnly? BeforeFirst, DateOnly? BeforeLast, ReportAnswer Answer);

    private static Ok<ReportList> List(Catalogue<Report> reports, CurrentAccount account, string? subject = null) => TypedResults.Ok(new ReportList(
        [.. reports.All.Where(r => account.May(r.Permission) && (subject is null || r.Subject == subject)).OrderBy(r => r.Order)
            .Select(r => new ReportItem(r.Key, r.Title, r.Description, r.Subject, r.Filters))]));

    /// <param name="subjectId">What the report is about; needed where it is about something.</param>
    /// <param name="first">First day; absent: thirty days in all.</param>
    /// <param name="last">Last day; absent: today by the account's clock.</param>
    /// <param name="compare">Also the stretch of the same length just before.</param>
    /// <param name="privacy">Count opens of mailboxes that fetch everything for privacy.</param>
    /// <param name="machines">Whether what looks like a machine's doing counts; <c>as_recorded</c> (absent: this), <c>none</c> or <c>all</c>.</param>
    /// <param name="step">What a point over time stands for: <c>day</c>, <c>week</c> or <c>month</c>; absent, and where that were too many points, what suits the stretch.</param>
    /// <param name="filter">What it is narrowed by, as <c>key:value</c>.</param>
    private static async Task<Ok<ReportView>> Read(
        string key, Catalogue<Report> reports, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken,
        [FromQuery(Name = "subject_id")] long? subjectId = null, DateOnly? first = null, DateOnly? last = null, bool compare = false,
        bool privacy = true, string? machines = null, string? step = null, string[]? filter = null)
    {
        var request = ReportRequest.Read(
            reports, account, clock, key, subjectId, first, last, compare, ReportCounting.Read(privacy, machines), StepOf(step), filter);
        var (answer, before) = await AskAsync(request, account.Id, database, clock, cancellationToken);
        return TypedResults.Ok(new ReportView(
            request.Report.Key, request.Report.Title, request.Report.Description, request.Period.First, request.Period.Last, request.Period.Step, before?.First, before?.Last,
            answer));
    }

    private static ReportStep? StepOf(string? step) =>
        step is null ? null : EnumNames<ReportStep>.TryParse(step, out var asked) ? asked : throw new InvalidInputException("/step", "out_of_range", "A point is a day, week or month.");

    internal static async Task<(ReportAnswer Answer, ReportPeriod? Before)> AskAsync(
        ReportRequest request, long accountId, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var before = request.Compare ? request.Period.Previous() : null;
        await using var work = await AccountTransaction.SnapshotAsync(database, accountId, cancellationToken);
        var question = new ReportQuestion(work, accountId, request.SubjectId, request.Period, before, clock.GetUtcNow()) { Counting = request.Counting, Chosen = request.Chosen };
        return (await request.Report.ReadAsync(question, cancellationToken), before);
    }
}
