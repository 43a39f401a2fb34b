using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.Reports;

/// <summary>What happened with all mails of the account, by the day it happened on.</summary>
[Report("mails.events", Title = "E-mail over time", Permission = Permission.ViewMessages, Order = 20,
    Description = "What was sent, opened, clicked and answered on these days, whenever the mails were sent.")]
internal sealed class MailEventsReport : Report
{
    private static readonly (string Key, string Title, bool? MoreIsBetter)[] Counts =
    [
        ("sends", "Sent", null), ("delivered", "Delivered", null), ("bounced", "Bounced", false), ("opened", "Opened", true), ("opens", "Opens in all", true),
        ("clicked", "Clicked", true), ("clicks", "Clicks in all", true), ("unsubscribed", "Unsubscribed", false), ("complained", "Complaints", false),
        ("replied", "Replied", true), ("replies", "Replies in all", true), ("forwarded", "Forwarded", true), ("forwards", "Forwards in all", true),
    ];

    private static readonly string[] Drawn = ["sends", "opened", "clicked"];

    /// <summary>Figures in their order; those with a share beside the number they are of.</summary>
    private static readonly string[] Shown =
        ["sends", "delivered", "opened", "open_rate", "opens", "clicked", "click_rate", "click_to_open", "clicks", "unsubscribed", "bounced", "bounce_rate", "complained", "replied", "forwarded"];

    private static readonly Dictionary<string, (string Title, bool MoreIsBetter)> Rates = new(StringComparer.Ordinal)
    {
        ["open_rate"] = ("Open rate", true),
        ["click_rate"] = ("Click rate", true),
        ["click_to_open"] = ("Click-to-open rate", true),
        ["bounce_rate"] = ("Bounce rate", false),
    };

    public override IReadOnlyList<ReportFilter> Filters => [EventTally.Sources];

    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        var now = await EventTally.ByDayAsync(question, question.Period, cancellationToken);
        var before = question.Before is { } earlier ? await EventTally.ByDayAsync(question, earlier, cancellationToken) : null;
        List<ReportColumn> columns = [.. Counts.Select(c => new ReportColumn(c.Key, c.Title))];
        if (before is not null)
        {
            columns.AddRange([.. columns.Select(c => c with { Key = c.Key + "_before", IsBefore = true })]);
        }

        // A point of the stretch before stands beside the one as far from its beginning.
        var earlierPoints = question.Before?.Points().ToList() ?? [];
        var rows = question.Period.Points().Select((day, i) =>
        {
            var tally = now.GetValueOrDefault(day, EventTally.None);
            var old = before is null || i >= earlierPoints.Count ? null : before.GetValueOrDefault(earlierPoints[i], EventTally.None);
            return new ReportRow(ReportPeriod.Label(day), ReportPeriod.Label(day), null,
                [.. Counts.Select(c => (decimal?)tally[c.Key]), .. before is null ? [] : Counts.Select(c => (decimal?)old?[c.Key])]);
        }).ToList();
        var (sum, sumBefore) = (EventTally.Sum(now.Values), before is null ? null : EventTally.Sum(before.Values));
        return new ReportAnswer(
            [.. Shown.Select(key => Figure(key, sum, sumBefore))], question.Period.StepTitle, columns, rows,
            new ReportChart(ReportChartKind.Line, [.. Drawn, .. before is null ? [] : Drawn.Select(d => d + "_before")]), EventTally.Notes);
    }

    private static ReportFigure Figure(string key, EventTally now, EventTally? before)
    {
        if (Rates.TryGetValue(key, out var rate))
        {
            return new(key, rate.Title, now.Rate(key), before?.Rate(key), ReportUnit.Share, rate.MoreIsBetter);
        }

        var count = Array.Find(Counts, c => c.Key == key);
        return new(key, count.Title, now[key], before?[key], MoreIsBetter: count.MoreIsBetter);
    }
}
