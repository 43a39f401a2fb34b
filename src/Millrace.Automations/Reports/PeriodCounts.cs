using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Reports;

/// <summary>The kept counts of one automation over a stretch of time.</summary>
internal sealed class PeriodCounts
{
    private readonly Dictionary<(string Step, string What), long> _totals;

    private PeriodCounts(IEnumerable<Counted> rows) => _totals = rows.ToDictionary(r => (r.StepKey, r.What), r => r.Total);

    /// <summary>Keys of the steps that anything was counted of.</summary>
    public IEnumerable<string> Steps => _totals.Keys.Select(k => k.Step).Where(s => s.Length > 0).Distinct(StringComparer.Ordinal);

    /// <summary>What was counted of a step; of the automation when the step is empty.</summary>
    public IEnumerable<(string What, long Total)> Of(string step) => _totals.Where(t => t.Key.Step == step).Select(t => (t.Key.What, t.Value));

    public long this[string step, string what] => _totals.GetValueOrDefault((step, what));

    /// <param name="wholeOnly">Only of the automation as a whole: a hundredth of the rows of a long one.</param>
    public static async Task<PeriodCounts?> ReadAsync(ReportQuestion question, ReportPeriod? period, bool wholeOnly, CancellationToken cancellationToken) => period is null
        ? null
        : new(await Sql.Of($"""
            select step_key, what, sum(total)::bigint from automations.period_tally
            where account_id = {question.AccountId} and automation_id = {question.SubjectId} and quarter >= {period.From} and quarter < {period.Until}
              and ({!wholeOnly} or step_key = '')
            group by step_key, what
            """).ListAsync<Counted>(question.Work, cancellationToken));

    private sealed record Counted(string StepKey, string What, long Total);
}
