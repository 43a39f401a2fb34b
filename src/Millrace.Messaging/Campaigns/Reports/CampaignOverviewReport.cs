using System.Globalization;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;
using Millrace.Kernel.Time;

namespace Millrace.Messaging.Campaigns.Reports;

/// <summary>What became of a campaign's mails, and when they were opened and clicked.</summary>
[Report("campaign.overview", Title = "Overview", Subject = "campaign", Permission = Permission.ViewMessages, Order = 10, IsWhole = true,
    Description = "What became of the mails, and when they were opened and clicked.")]
internal sealed class CampaignOverviewReport : Report
{
    private const string Format = "yyyy-MM-dd'T'HH";

    /// <summary>Longer than this, points are days.</summary>
    private static readonly TimeSpan Hours = TimeSpan.FromDays(4);

    private const int MaxPoints = 400;

    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        var tally = await CampaignTally.ReadAsync(
            question.Work, question.AccountId, question.SubjectId, question.Counting,
            [.. CampaignFigures.Needs, "opens_at", "clicks_at"], cancellationToken);
        var before = await CampaignTally.BeforeAsync(question.Work, question.AccountId, question.SubjectId, question.Counting, CampaignFigures.Needs, cancellationToken);
        string[] notes = before is { Count: var count }
            ? [.. CampaignFigures.Notes, count == 1 ? "Rates are compared with those of the campaign sent before this one." : $"Rates are compared with those of the {count} campaigns sent before this one, all their mails together."]
            : CampaignFigures.Notes;
        List<ReportColumn> columns = [new("opens", "Opens"), new("clicks", "Clicks")];
        return new ReportAnswer(
            CampaignFigures.Of(tally, before?.Tally), "When", columns, Points(tally, question.Period.Zone), new ReportChart(ReportChartKind.Line, ["opens", "clicks"]), notes);
    }

    /// <summary>By the account's clock: hours of the first days, or days.</summary>
    private static List<ReportRow> Points(CampaignTally tally, string zone)
    {
        var opens = Times(tally, "opens_at", zone);
        var clicks = Times(tally, "clicks_at", zone);
        var all = opens.Concat(clicks).Select(t => t.At).ToList();
        if (all.Count == 0)
        {
            return [];
        }

        var byHour = all.Max() - all.Min() <= Hours;
        var step = byHour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        DateTime Point(DateTime at) => byHour ? at : at.Date;
        var (first, last) = (Point(all.Min()), Point(all.Max()));
        var (opened, clicked) = (Sums(opens, Point), Sums(clicks, Point));
        var rows = new List<ReportRow>();
        for (var at = first; at <= last && rows.Count < MaxPoints; at += step)
        {
            var label = at.ToString(byHour ? Format : "yyyy-MM-dd", CultureInfo.InvariantCulture);
            rows.Add(new ReportRow(label, label, null, [opened.GetValueOrDefault(at), clicked.GetValueOrDefault(at)]));
        }

        return rows;
    }

    private static List<(DateTime At, long Total)> Times(CampaignTally tally, string what, string zone) =>
        [.. tally.PartsCounted(what).Select(p => (
            WallClock.Local(WallClock.Zone(zone), new DateTimeOffset(DateTime.ParseExact(p.Part, Format, CultureInfo.InvariantCulture), TimeSpan.Zero)), p.Total))];

    private static Dictionary<DateTime, long> Sums(List<(DateTime At, long Total)> times, Func<DateTime, DateTime> point) =>
        times.GroupBy(t => point(t.At)).ToDictionary(g => g.Key, g => g.Sum(t => t.Total));
}
