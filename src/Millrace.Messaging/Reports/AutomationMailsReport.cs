using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.Reports;

/// <summary>What became of the mails an automation sent in a stretch of time, for each of its mails.</summary>
[Report("automation.mails", Title = "E-mails", Subject = "automation", Permission = Permission.ViewAutomations, Order = 50,
    Description = "What became of the mails that were sent in these days.")]
internal sealed class AutomationMailsReport(Catalogue<ReferenceSource> sources) : Report
{
    private static readonly (string What, string Title, bool? MoreIsBetter)[] Rates =
        [("opened", "Opened", true), ("clicked", "Clicked", true), ("bounced", "Bounced", false), ("unsubscribed", "Unsubscribed", false)];

    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        // Of the automation only that it is there: the rest belongs to its own module.
        if ((await sources.Find("automation")!.ByIdsAsync(question.Work, question.AccountId, [question.SubjectId], cancellationToken)).Count == 0)
        {
            throw new Kernel.Errors.NotFoundException("There is no such automation.");
        }

        var now = await ReadAsync(question, question.Period, cancellationToken);
        var before = question.Before is { } earlier ? await ReadAsync(question, earlier, cancellationToken) : null;
        long[] messages = [.. now.Keys.Concat(before is null ? [] : before.Keys).Select(k => k.MessageId).Distinct().Order()];
        var names = (await Sql.Of($"select id, name, subject from messaging.message where account_id = {question.AccountId} and id = any ({messages})")
            .ListAsync<Named>(question.Work, cancellationToken)).ToDictionary(n => n.Id);
        List<ReportColumn> columns = [new("sent", "Sent"), .. Rates.SelectMany(r => (ReportColumn[])[new(r.What, r.Title), new(r.What + "_rate", r.Title + " share", ReportUnit.Share)])];
        if (before is not null)
        {
            columns.AddRange([new("sent_before", "Sent", IsBefore: true), .. Rates.Select(r => new ReportColumn(r.What + "_rate_before", r.Title + " share", ReportUnit.Share, true))]);
        }

        var rows = messages.Select(id =>
        {
            List<decimal?> values = [Count(now, id, "sent"), .. Rates.SelectMany(r => (decimal?[])[Count(now, id, r.What), Rate(now, id, r.What)])];
            if (before is not null)
            {
                values.AddRange([Count(before, id, "sent"), .. Rates.Select(r => Rate(before, id, r.What))]);
            }

            return new ReportRow(id.ToString(CultureInfo.InvariantCulture), names.GetValueOrDefault(id) is { } name ? name.Title : "Deleted e-mail", null, values);
        }).ToList();
        return new ReportAnswer(
            [
                new("sent", "Sent", Count(now, null, "sent"), before is null ? null : Count(before, null, "sent")),
                .. Rates.Select(r => new ReportFigure(r.What, r.Title, Rate(now, null, r.What), before is null ? null : Rate(before, null, r.What), ReportUnit.Share, r.MoreIsBetter)),
            ],
            "E-mail", columns, rows, rows.Count == 0 ? null : new ReportChart(ReportChartKind.Bars, ["sent", "opened", "clicked"]),
            ["Opens and clicks of machines, such as mail proxies and virus scanners, are not counted. Each mail counts once, however often it was opened. Sent are those that were taken; bounced is the part of all that were tried."]);
    }

    /// <param name="messageId">Null: of all mails together.</param>
    private static long Count(Dictionary<(long MessageId, string What), long> counts, long? messageId, string what) =>
        messageId is { } id ? counts.GetValueOrDefault((id, what)) : counts.Where(c => c.Key.What == what).Sum(c => c.Value);

    private static decimal? Rate(Dictionary<(long MessageId, string What), long> counts, long? messageId, string what)
    {
        var of = Count(counts, messageId, "sent") + (what == "bounced" ? Count(counts, messageId, "bounced") : 0);
        return of == 0 ? null : (decimal)Count(counts, messageId, what) / of;
    }

    private static async Task<Dictionary<(long MessageId, string What), long>> ReadAsync(ReportQuestion question, ReportPeriod period, CancellationToken cancellationToken) => (await Sql.Of($"""
        select message_id, what, sum(total)::bigint from messaging.step_mail
        where account_id = {question.AccountId} and automation_id = {question.SubjectId} and quarter >= {period.From} and quarter < {period.Until}
        group by message_id, what
        """).ListAsync<Counted>(question.Work, cancellationToken)).ToDictionary(c => (c.MessageId, c.What), c => c.Total);

    private sealed record Counted(long MessageId, string What, long Total);

    private sealed record Named(long Id, string Name, string Subject)
    {
        public string Title => string.IsNullOrWhiteSpace(Subject) ? Name : Subject;
    }
}
