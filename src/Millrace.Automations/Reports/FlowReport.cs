using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Automations.Reports;

/// <summary>How many entries began, were completed and ended early, day by day.</summary>
[Report("automation.flow", Title = "People", Subject = "automation", Permission = Permission.ViewAutomations, Order = 10,
    Description = "How many entered, came to the end, and left before it.")]
internal sealed class FlowReport : Report
{
    private static readonly string[] Whats = [Tally.Entered, Tally.Completed, Tally.Ended];

    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        await AutomationRow.ReadAsync(question.Work.Transaction, question.AccountId, question.SubjectId, cancellationToken);
        var inside = await Sql.Of($"""
            select count(*) from automations.run
            where account_id = {question.AccountId} and automation_id = {question.SubjectId} and status in ('active', 'waiting', 'parked')
            """).FirstAsync<long>(question.Work, cancellationToken);
        var now = await SeriesAsync(question, question.Period, cancellationToken);
        var before = question.Before is { } earlier ? await SeriesAsync(question, earlier, cancellationToken) : null;
        List<ReportColumn> columns = [new("entered", "Entered"), new("completed", "Completed"), new("ended", "Left early")];
        if (before is not null)
        {
            columns.AddRange([.. columns.Select(c => c with { Key = c.Key + "_before", IsBefore = true })]);
        }

        // A point of the stretch before stands beside the one as far from its beginning.
        var points = question.Period.Points().ToList();
        var earlierPoints = question.Before?.Points().ToList() ?? [];
        var rows = points.Select((day, i) => new ReportRow(ReportPeriod.Label(day), ReportPeriod.Label(day), null,
        [
            .. Whats.Select(w => (decimal?)now.GetValueOrDefault((day, w))),
            .. before is null ? [] : Whats.Select(w => i < earlierPoints.Count ? before.GetValueOrDefault((earlierPoints[i], w)) : (decimal?)null),
        ])).ToList();
        return new ReportAnswer(
            [
                Figure("entered", "Entered", Tally.Entered, true), Figure("completed", "Completed", Tally.Completed, true), Figure("ended", "Left early", Tally.Ended, false),
                new("inside", "Inside now", inside, null),
            ],
            question.Period.StepTitle,
            columns, rows, new ReportChart(ReportChartKind.Line, [.. columns.Select(c => c.Key)]),
            ["Each entry counts: a contact that enters twice counts twice. Inside now is of this moment, whatever the days."]);

        ReportFigure Figure(string key, string title, string what, bool more) => new(
            key, title, Sum(now, what), before is null ? null : Sum(before, what), MoreIsBetter: more);
    }

    private static long Sum(Dictionary<(DateOnly, string), long> series, string what) => series.Where(s => s.Key.Item2 == what).Sum(s => s.Value);

    private static async Task<Dictionary<(DateOnly, string), long>> SeriesAsync(ReportQuestion question, ReportPeriod period, CancellationToken cancellationToken)
    {
        var rows = await Sql.Of($"""
            select (quarter at time zone {period.Zone})::date, what, sum(total)::bigint from automations.period_tally
            where account_id = {question.AccountId} and automation_id = {question.SubjectId} and quarter >= {period.From} and quarter < {period.Until}
              and step_key = '' and what = any ({Whats})
            group by 1, 2
            """).ListAsync<Counted>(question.Work, cancellationToken);
        return rows.GroupBy(r => (period.PointOf(r.Day), r.What)).ToDictionary(g => g.Key, g => g.Sum(r => r.Total));
    }

    private sealed record Counted(DateOnly Day, string What, long Total);
}
