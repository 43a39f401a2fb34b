using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.Campaigns.Reports;

/// <summary>Those who opened, by what their first open told.</summary>
internal abstract class CampaignReadersReport(string what, string label, Func<string, string> words) : Report
{
    private const int MaxRows = 100;

    public override async Task<ReportAnswer> ReadAsync(ReportQuestion question, CancellationToken cancellationToken)
    {
        var tally = await CampaignTally.ReadAsync(question.Work, question.AccountId, question.SubjectId, question.Counting, [what], cancellationToken);
        var all = tally.Sum(what);
        var rows = tally.Parts(what).GroupBy(p => p.Part, StringComparer.Ordinal).Select(g => (Part: g.Key, Total: g.Sum(p => p.Total)))
            .OrderByDescending(p => p.Total).ThenBy(p => p.Part, StringComparer.Ordinal).Take(MaxRows)
            .Select(p => new ReportRow(p.Part, words(p.Part), null, [p.Total, CampaignFigures.Rate(p.Total, all)])).ToList();
        return new ReportAnswer(
            [], label, [new("readers", "Readers"), new("share", "Share", ReportUnit.Share)], rows,
            rows.Count == 0 ? null : new ReportChart(ReportChartKind.Bars, ["readers"]),
            ["Each reader counts once, by the first open that told it; opens that tell nothing are left out. Filtered machines never count here, opens for privacy tell the mail program alone."]);
    }
}

[Report("campaign.countries", Title = "Locations", Subject = "campaign", Permission = Permission.ViewMessages, Order = 50, IsWhole = true,
    Description = "Where it was read, by the network address of the first open.")]
internal sealed class CampaignCountriesReport() : CampaignReadersReport("country", "Country", code => CountryNames.Of(code) ?? code);

[Report("campaign.devices", Title = "Devices", Subject = "campaign", Permission = Permission.ViewMessages, Order = 60, IsWhole = true,
    Description = "On what it was read.")]
internal sealed class CampaignDevicesReport() : CampaignReadersReport("device", "Device", d => d.Length == 0 ? d : char.ToUpperInvariant(d[0]) + d[1..]);

[Report("campaign.clients", Title = "Mail programs", Subject = "campaign", Permission = Permission.ViewMessages, Order = 70, IsWhole = true,
    Description = "With which programs it was read.")]
internal sealed class CampaignClientsReport() : CampaignReadersReport("client", "Program", c => c);
