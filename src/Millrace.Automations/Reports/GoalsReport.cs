using Millrace.Automations.Steps;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Automations.Reports;

/// <summary>How many reached each goal, how many passed it without, and how long it took.</summary>
[Report("automation.goals", Title = "Goals", Subject = "automation", Permission = Permission.ViewAutomations, Order = 40,
    Description = "How many reach the goals, and how long after entering.")]
internal sealed class GoalsReport(StepNames names) : Report
{
    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        var now = (await PeriodCounts.ReadAsync(question, question.Period, wholeOnly: false, cancellationToken))!;
        var before = await PeriodCounts.ReadAsync(question, question.Before, wholeOnly: false, cancellationToken);
        var took = await TookAsync(question, question.Period, cancellationToken);
        var tookBefore = question.Before is { } earlier ? await TookAsync(question, earlier, cancellationToken) : null;
        var known = await names.AllAsync(question, now.Steps.Union(before?.Steps ?? [], StringComparer.Ordinal), cancellationToken);
        var goals = known.Where(s => s.Step?.Shape == "goal").ToList();
        List<ReportColumn> columns =
        [
            new("reached", "Reached"), new("skipped", "Not reached"), new("rate", "Rate", ReportUnit.Share), new("quick", "Quickest quarter within", ReportUnit.Seconds),
            new("median", "Half within", ReportUnit.Seconds), new("slow", "Three quarters within", ReportUnit.Seconds),
        ];
        if (before is not null)
        {
            columns.AddRange(
            [
                new("reached_before", "Reached", IsBefore: true), new("rate_before", "Rate", ReportUnit.Share, IsBefore: true),
                new("median_before", "Half within", ReportUnit.Seconds, IsBefore: true),
            ]);
        }

        var rows = goals.Select(goal =>
        {
            var time = took.GetValueOrDefault(goal.Key);
            List<decimal?> values =
            [
                now[goal.Key, GoalAction.Reached], now[goal.Key, GoalAction.Skipped], Rate(now, goal.Key), Seconds(time?.Quick), Seconds(time?.Median), Seconds(time?.Slow),
            ];
            if (before is not null)
            {
                values.AddRange([before[goal.Key, GoalAction.Reached], Rate(before, goal.Key), Seconds(tookBefore!.GetValueOrDefault(goal.Key)?.Median)]);
            }

            return new ReportRow(goal.Key, goal.Name, goal.Note, values);
        }).ToList();
        return new ReportAnswer(
            [], "Goal", columns, rows, rows.Count == 0 ? null : new ReportChart(ReportChartKind.Bars, ["reached", "skipped"]),
            ["The rate is of those who came to a decision: reached it, or passed or ended at it without. Times count from the entry."]);
    }

    private static decimal? Seconds(double? value) => value is { } seconds ? Math.Round((decimal)seconds, 3) : null;

    private static decimal? Rate(PeriodCounts counts, string goal)
    {
        var decided = counts[goal, GoalAction.Reached] + counts[goal, GoalAction.Skipped];
        return decided == 0 ? null : (decimal)counts[goal, GoalAction.Reached] / decided;
    }

    /// <summary>Exact, by the index alone.</summary>
    private static async Task<Dictionary<string, Took>> TookAsync(ReportQuestion question, ReportPeriod period, CancellationToken cancellationToken) => (await Sql.Of($"""
        select step_key, p[1], p[2], p[3]
        from (select step_key, percentile_cont(array[0.25, 0.5, 0.75]) within group (order by seconds) as p
              from automations.goal_time
              where account_id = {question.AccountId} and automation_id = {question.SubjectId} and reached_at >= {period.From} and reached_at < {period.Until}
              group by step_key) g
        """).ListAsync<Took>(question.Work, cancellationToken)).ToDictionary(t => t.StepKey, StringComparer.Ordinal);

    private sealed record Took(string StepKey, double Quick, double Median, double Slow);
}
