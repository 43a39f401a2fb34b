using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Automations.Reports;

/// <summary>Who came to each step, went on, and was lost there.</summary>
[Report("automation.steps", Title = "Steps", Subject = "automation", Permission = Permission.ViewAutomations, Order = 30,
    Description = "Where contacts go on, and where they are lost.")]
internal sealed class StepsReport(StepNames names) : Report
{
    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        var now = (await PeriodCounts.ReadAsync(question, question.Period, wholeOnly: false, cancellationToken))!;
        var before = await PeriodCounts.ReadAsync(question, question.Before, wholeOnly: false, cancellationToken);
        var here = (await Sql.Of($"""
            select step_key, count(*) from automations.run
            where account_id = {question.AccountId} and automation_id = {question.SubjectId} and status in ('active', 'waiting', 'parked') and step_key is not null
            group by step_key
            """).ListAsync<Standing>(question.Work, cancellationToken)).ToDictionary(s => s.StepKey, s => s.Count, StringComparer.Ordinal);
        var steps = await names.AllAsync(question, now.Steps.Union(before?.Steps ?? [], StringComparer.Ordinal).Union(here.Keys, StringComparer.Ordinal), cancellationToken);
        List<ReportColumn> columns =
        [
            new("arrived", "Came"), new("went", "Went on"), new("left", "Left here"), new("dropped", "Lost", ReportUnit.Share), new("failed", "Failures"), new("here", "Here now"),
        ];
        if (before is not null)
        {
            columns.AddRange([new("arrived_before", "Came", IsBefore: true), new("dropped_before", "Lost", ReportUnit.Share, IsBefore: true)]);
        }

        var rows = steps.Select(step =>
        {
            List<decimal?> values =
            [
                now[step.Key, Tally.Arrived], now[step.Key, Tally.Went], now[step.Key, Tally.Left], Dropped(now, step.Key), now[step.Key, Tally.Failed],
                here.GetValueOrDefault(step.Key),
            ];
            if (before is not null)
            {
                values.AddRange([before[step.Key, Tally.Arrived], Dropped(before, step.Key)]);
            }

            return new ReportRow(step.Key, step.Name, step.Note, values);
        }).ToList();
        return new ReportAnswer(
            [], "Step", columns, rows, rows.Count == 0 ? null : new ReportChart(ReportChartKind.Bars, ["arrived", "left"]),
            ["Lost is the part of those who went from the step or left at it in these days that left. Who came may still be there. A step passed twice counts twice."]);
    }

    private static decimal? Dropped(PeriodCounts counts, string step)
    {
        var gone = counts[step, Tally.Went] + counts[step, Tally.Left];
        return gone == 0 ? null : (decimal)counts[step, Tally.Left] / gone;
    }

    private sealed record Standing(string StepKey, long Count);
}
