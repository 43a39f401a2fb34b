using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.Reports;

/// <summary>What became of the mails an automation sent in a stretch of time, for each of its mails.</summary>
[Report("automation.mails", Title = "E-mails", Subject = "automation", Permission = Permission.ViewAutomations, Order = 50,
    Description = "What became of the mails that were sent in these days.")]
internal sealed class AutomationMailsReport(Catalogue<ReferenceSource> sources) : Report
{
    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        // Of the automation only that it is there: the rest belongs to its own module.
        if ((await sources.Find("automation")!.ByIdsAsync(question.Work, question.AccountId, [question.SubjectId], cancellationToken)).Count == 0)
        {
            throw new NotFoundException("There is no such automation.");
        }

        var now = await ReadAsync(question, question.Period, cancellationToken);
        var before = question.Before is { } earlier ? await ReadAsync(question, earlier, cancellationToken) : null;
        long[] messages = [.. now.Keys.Concat(before is null ? [] : before.Keys).Distinct().Order()];
        var names = (await Sql.Of($"select id, name, subject from messaging.message where account_id = {question.AccountId} and id = any ({messages})")
            .ListAsync<Named>(question.Work, cancellationToken)).ToDictionary(n => n.Id);
        List<ReportColumn> columns =
            [new("sent", "Sent"), .. MailTally.Rates.SelectMany(r => (ReportColumn[])[new(r.What, r.Title), new(r.What + "_rate", r.Title + " share", ReportUnit.Share)])];
        if (before is not null)
        {
            columns.AddRange(
                [new("sent_before", "Sent", IsBefore: true), .. MailTally.Rates.Select(r => new ReportColumn(r.What + "_rate_before", r.Title + " share", ReportUnit.Share, true))]);
        }

        var rows = messages.Select(id => new ReportRow(
            id.ToString(CultureInfo.InvariantCulture), names.GetValueOrDefault(id) is { } name ? name.Title : "Deleted e-mail", null,
            [.. Values(now.GetValueOrDefault(id, MailTally.None)), .. before is null ? [] : ValuesBefore(before.GetValueOrDefault(id, MailTally.None))])).ToList();
        return new ReportAnswer(
            [.. MailTally.Figures(MailTally.Sum(now.Values), before is null ? null : MailTally.Sum(before.Values))],
            "E-mail", columns, rows, rows.Count == 0 ? null : new ReportChart(ReportChartKind.Bars, ["sent", "opened", "clicked"]), [MailTally.Note]);
    }

    private static IEnumerable<decimal?> Values(MailTally tally) => [tally["sent"], .. MailTally.Rates.SelectMany(r => (decimal?[])[tally[r.What], tally.Rate(r.What)])];

    private static IEnumerable<decimal?> ValuesBefore(MailTally tally) => [tally["sent"], .. MailTally.Rates.Select(r => tally.Rate(r.What))];

    private static async Task<Dictionary<long, MailTally>> ReadAsync(ReportQuestion question, ReportPeriod period, CancellationToken cancellationToken) => (await Sql.Of($"""
        select message_id, what, sum(total)::bigint from messaging.mail_tally
        where account_id = {question.AccountId} and automation_id = {question.SubjectId} and quarter >= {period.From} and quarter < {period.Until}
        group by message_id, what
        """).ListAsync<Counted>(question.Work, cancellationToken)).GroupBy(c => c.MessageId).ToDictionary(g => g.Key, g => new MailTally(question.Counting.Privacy, g.Select(c => (c.What, c.Total))));

    private sealed record Counted(long MessageId, string What, long Total);

    private sealed record Named(long Id, string Name, string Subject)
    {
        public string Title => string.IsNullOrWhiteSpace(Subject) ? Name : Subject;
    }
}
