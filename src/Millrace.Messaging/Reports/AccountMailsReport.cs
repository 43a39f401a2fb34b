using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.Reports;

/// <summary>What became of all mails of the account, by the day they were sent.</summary>
[Report("account.mails", Title = "E-mails", Permission = Permission.ViewMessages, Order = 10, Description = "What became of the mails, by the day they were sent.")]
internal sealed class AccountMailsReport : Report
{
    private static readonly (string Key, string Title)[] Lines = [("sent", "Sent"), ("opened", "Opened"), ("clicked", "Clicked")];

    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        var now = await ReadAsync(question, question.Period, cancellationToken);
        var before = question.Before is { } earlier ? await ReadAsync(question, earlier, cancellationToken) : null;
        List<ReportColumn> columns = [.. Lines.Select(l => new ReportColumn(l.Key, l.Title))];
        var rows = question.Period.Points().Select(day =>
        {
            var tally = now.GetValueOrDefault(day, MailTally.None);
            var label = ReportPeriod.Label(day);
            return new ReportRow(label, label, null, [.. Lines.Select(l => (decimal?)tally[l.Key])]);
        }).ToList();
        return new ReportAnswer(
            [.. MailTally.Figures(MailTally.Sum(now.Values), before is null ? null : MailTally.Sum(before.Values))],
            question.Period.StepTitle, columns, rows, new ReportChart(ReportChartKind.Line, [.. columns.Select(c => c.Key)]), [MailTally.Note]);
    }

    // Only the rows of the account as a whole: as many in a month as it has quarters of an hour, whatever was sent.
    private static async Task<Dictionary<DateOnly, MailTally>> ReadAsync(ReportQuestion question, ReportPeriod period, CancellationToken cancellationToken) => (await Sql.Of($"""
        select (quarter at time zone {period.Zone})::date, what, sum(total)::bigint from messaging.mail_tally
        where account_id = {question.AccountId} and automation_id = 0 and message_id = 0 and quarter >= {period.From} and quarter < {period.Until}
        group by 1, 2
        """).ListAsync<Counted>(question.Work, cancellationToken))
        .GroupBy(c => period.PointOf(c.Day)).ToDictionary(g => g.Key, g => new MailTally(question.Counting.Privacy, g.Select(c => (c.What, c.Total))));

    private sealed record Counted(DateOnly Day, string What, long Total);
}
