using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Security.Http;
using Millrace.Messaging.Messages;
using Npgsql;

namespace Millrace.Messaging.Campaigns.Reports;

/// <summary><c>/api/app/campaigns/{id}</c>: the people behind each number of its reports, and its links drawn on the mail. The numbers are reports of the subject campaign.</summary>
internal sealed partial class CampaignReportEndpoints : IEndpoint
{
    private const int MaxLimit = 200;
    private const int FilePage = 2_000;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("campaigns/{id:long}/people", PeopleAsync).WithName("campaign_people").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("campaigns/{id:long}/people.csv", FileAsync).WithName("campaign_people_file").RequirePermission(Permission.ExportContacts)
            .Produces<string>(StatusCodes.Status200OK, "text/csv");
        routes.App.MapGet("campaigns/{id:long}/click-map", ClickMapAsync).WithName("campaign_click_map").RequirePermission(Permission.ViewMessages);
    }

    /// <param name="Next">Give it as <c>before</c> for what follows; null: that was all.</param>
    internal sealed record CampaignPeoplePage(IReadOnlyList<CampaignPerson> People, long? Next);

    /// <param name="Url">Of the mail with its numbers, for a sandboxed frame; good for ten minutes.</param>
    /// <param name="Variants">Which there are.</param>
    internal sealed record ClickMap(string Url, IReadOnlyList<ClickMapVariant> Variants, IReadOnlyList<ClickMapLink> Links);

    internal sealed record ClickMapVariant(short No, string Subject);

    /// <param name="Share">Of those who opened.</param>
    internal sealed record ClickMapLink(int No, string Url, string Label, long Clicked, long Clicks, decimal? Share);

    /// <param name="of">Whom: <c>sent</c>, <c>opened</c>, <c>not_opened</c>, <c>clicked</c>, <c>not_clicked</c>, <c>bounced</c>, <c>unsubscribed</c>, <c>complained</c>, <c>replied</c>, <c>forwarded</c>, <c>shared</c>.</param>
    /// <param name="variant">Number of one variant.</param>
    /// <param name="link">With <c>clicked</c>: the link as the author wrote it.</param>
    /// <param name="before">From the page before.</param>
    /// <param name="privacy">As of reports; so is <paramref name="machines"/>.</param>
    private static async Task<CampaignPeoplePage> PeopleAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, string of = "sent", short? variant = null,
        string? link = null, long? before = null, int limit = 50, bool privacy = true, string? machines = null)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new InvalidInputException("/limit", "out_of_range", $"A page has 1 to {MaxLimit} people.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await CampaignPeople.ListAsync(
            work, account.Id, Question(id, of, variant, link, privacy, machines), before, limit + 1, cancellationToken);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].SendId : null);
    }

    private static async Task FileAsync(
        long id, HttpContext http, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken, string of = "sent",
        short? variant = null, string? link = null, bool privacy = true, string? machines = null)
    {
        var question = Question(id, of, variant, link, privacy, machines);
        await using var work = await AccountTransaction.SnapshotAsync(database, account.Id, cancellationToken);
        var rows = await CampaignPeople.ListAsync(work, account.Id, question, null, FilePage, cancellationToken);
        await using (var told = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            await audit.AppendAsync(told.Transaction, account.Id, account.UserId, "campaign.people", "campaign", id, new { of }, cancellationToken);
            await told.CommitAsync(cancellationToken);
        }

        CsvDownload.SetHeaders(http.Response, string.Create(CultureInfo.InvariantCulture, $"campaign-{id}-{of}.csv"));
        var output = new ArrayBufferWriter<byte>();
        CsvText.AppendRow(output, ["Email", "Name", "Variant", "First", "Last", "Times", "Detail"]);
        while (true)
        {
            foreach (var p in rows)
            {
                CsvText.AppendRow(output,
                [
                    p.Email, p.Name, p.VariantNo.ToString(CultureInfo.InvariantCulture), Iso(p.At), Iso(p.LastAt), p.Times.ToString(CultureInfo.InvariantCulture),
                    p.Detail?.ToString(),
                ]);
            }

            await http.Response.Body.WriteAsync(output.WrittenMemory, cancellationToken);
            output.ResetWrittenCount();
            if (rows.Count < FilePage)
            {
                return;
            }

            rows = await CampaignPeople.ListAsync(work, account.Id, question, rows[^1].SendId, FilePage, cancellationToken);
        }
    }

    private static PeopleQuestion Question(long id, string of, short? variant, string? link, bool privacy, string? machines) =>
        EnumNames<PeopleOf>.TryParse(of, out var what)
            ? new(id, what, variant, link, ReportCounting.Read(privacy, machines))
            : throw new InvalidInputException("/of", "out_of_range", "There is no such group of people.");

    private static string? Iso(DateTimeOffset? at) => at?.ToString("yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture);

    /// <param name="variant">Number of the variant; absent: the first.</param>
    private static async Task<ClickMap> ClickMapAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, Previews previews, CancellationToken cancellationToken, short? variant = null, bool privacy = true,
        string? machines = null)
    {
        await using var work = await AccountTransaction.SnapshotAsync(database, account.Id, cancellationToken);
        var tally = await CampaignTally.ReadAsync(
            work, account.Id, id, ReportCounting.Read(privacy, machines), ["opened", "link", "link_clicks"], cancellationToken);
        var chosen = tally.Variants.FirstOrDefault(v => variant is null || v.No == variant) ?? throw new NotFoundException("There is no such variant.");
        var version = await Sql.Of($"""
            select id, html from messaging.message_version where account_id = {account.Id} and message_id = {chosen.MessageId} order by id desc limit 1
            """).FirstAsync<Version>(work, cancellationToken) ?? throw new NotFoundException("Nothing of this has been sent yet.");

        // What was sent in an earlier version of the same mail is added to the same address of the last.
        var all = (await ReportedLink.ListAsync(work, account.Id, tally, cancellationToken)).Where(l => l.MessageId == chosen.MessageId).ToLookup(l => l.Url);
        var opened = tally.Counted("opened", chosen.MessageId);
        var links = all.SelectMany(g => g).Where(l => l.VersionId == version.Id).OrderBy(l => l.No)
            .Select(l => (Link: l, Clicked: all[l.Url].Sum(x => x.Clicked)))
            .Select(l => new ClickMapLink(l.Link.No, l.Link.Url, l.Link.Label, l.Clicked, all[l.Link.Url].Sum(x => x.Clicks), CampaignFigures.Rate(l.Clicked, opened)))
            .ToList();
        return new(
            "/preview/" + previews.Keep(Drawn(version.Html, links)), [.. tally.Variants.Select(v => new ClickMapVariant(v.No, v.Subject))], links);
    }

    /// <summary>The mail with a badge at each link. Its tags stay as they are written: it is nobody's copy.</summary>
    internal static string Drawn(string html, IReadOnlyList<ClickMapLink> links)
    {
        var byNo = links.ToDictionary(l => l.No);
        var most = Math.Max(1, links.Select(l => l.Clicked).DefaultIfEmpty().Max());
        var drawn = Anchor().Replace(html, found =>
        {
            if (!byNo.TryGetValue(int.Parse(found.Groups["no"].ValueSpan, CultureInfo.InvariantCulture), out var link))
            {
                return found.Value;
            }

            var strength = 0.25 + 0.75 * link.Clicked / most;
            var text = string.Create(CultureInfo.InvariantCulture, $"{link.Clicked}{(link.Share is { } share ? $" · {100 * share:0.#} %" : "")}");
            var badge = string.Create(CultureInfo.InvariantCulture,
                $"""<span style="display:inline-block;margin:0 4px 0 0;padding:1px 7px;border-radius:9px;background:rgba(66,56,202,{Math.Max(strength, 0.82):0.##});color:#fff;font:600 11px/16px system-ui,sans-serif;text-decoration:none;vertical-align:middle;white-space:nowrap">{WebUtility.HtmlEncode(text)}</span>""");
            var open = found.Value.Replace($"%LINK:{link.No}%", "#", StringComparison.Ordinal);
            var outline = string.Create(CultureInfo.InvariantCulture, $"outline:2px solid rgba(66,56,202,{strength:0.##});outline-offset:2px;");
            open = open.Contains("style=\"", StringComparison.OrdinalIgnoreCase)
                ? Style().Replace(open, "style=\"" + outline, 1)
                : open.Insert(2, $" style=\"{outline}\"");
            return open + badge;
        });
        return new StringBuilder(drawn).Replace("%OPENPIXEL%", "data:,").Replace("%LINK:0%", "#").ToString();
    }

    [GeneratedRegex("""<a\s[^>]*?%LINK:(?<no>[1-9][0-9]{0,3})%[^>]*>""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Anchor();

    [GeneratedRegex("style=\"", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Style();

    private sealed record Version(long Id, string Html);
}
