using Millrace.Automations.Definitions;
using Millrace.Automations.Engine;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Automations.Reports;

/// <summary>Why entries ended, the end of the path included.</summary>
[Report("automation.endings", Title = "How it ended", Subject = "automation", Permission = Permission.ViewAutomations, Order = 20,
    Description = "What took contacts out of the automation.")]
internal sealed class EndingsReport : Report
{
    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        await AutomationRow.ReadAsync(question.Work.Transaction, question.AccountId, question.SubjectId, cancellationToken);
        var now = (await PeriodCounts.ReadAsync(question, question.Period, wholeOnly: true, cancellationToken))!;
        var before = await PeriodCounts.ReadAsync(question, question.Before, wholeOnly: true, cancellationToken);
        var all = Over(now);
        var allBefore = before is null ? (long?)null : Over(before);
        List<ReportColumn> columns = [new("entries", "Entries"), new("share", "Share", ReportUnit.Share)];
        if (before is not null)
        {
            columns.Add(new("entries_before", "Entries", IsBefore: true));
        }

        var whats = now.Of(string.Empty).Concat(before?.Of(string.Empty) ?? []).Select(c => c.What)
            .Where(w => w == Tally.Completed || w.StartsWith(Tally.EndedBy, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);
        var rows = whats.OrderByDescending(w => now[string.Empty, w]).ThenBy(w => w, StringComparer.Ordinal).Select(what =>
        {
            var count = now[string.Empty, what];
            List<decimal?> values = [count, all == 0 ? null : (decimal)count / all];
            if (before is not null)
            {
                values.Add(before[string.Empty, what]);
            }

            return new ReportRow(what, Words(what), null, values);
        }).ToList();
        return new ReportAnswer(
            [
                new("over", "Over", all, allBefore),
                new("completed", "Completed", Share(now[string.Empty, Tally.Completed], all), before is null ? null : Share(before[string.Empty, Tally.Completed], allBefore!.Value),
                    ReportUnit.Share, MoreIsBetter: true),
            ],
            "Reason", columns, rows, rows.Count == 0 ? null : new ReportChart(ReportChartKind.Bars, ["entries"]), []);
    }

    private static long Over(PeriodCounts counts) => counts[string.Empty, Tally.Completed] + counts[string.Empty, Tally.Ended];

    private static decimal? Share(long part, long all) => all == 0 ? null : (decimal)part / all;

    private static string Words(string what) => what == Tally.Completed ? "Came to the end" : what[Tally.EndedBy.Length..] switch
    {
        "end_step" or "ended" => "End step",
        "by_hand" => "Taken out by a person",
        "api" => "Taken out through the API",
        "unsubscribed" => "Unsubscribed",
        "exit_conditions" => "Met the exit conditions",
        "goal_missed" => "Goal not reached",
        "goto_limit" => "Went round too often",
        "limit_exceeded" => "Went round too often",
        "target_missing" => "The step to go on with was gone",
        "ended_by_automation" or "by_step" => "Ended by an automation",
        "deleted" => "Automation deleted",
        "step_deleted" => "Its step was deleted",
        "other" => "Other reasons",
        var other => char.ToUpperInvariant(other[0]) + other[1..].Replace('_', ' '),
    };
}
