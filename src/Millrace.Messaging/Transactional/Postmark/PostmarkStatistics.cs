using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Transactional.Activity;
using Npgsql;

namespace Millrace.Messaging.Transactional.Postmark;

/// <summary><c>GET /stats/outbound</c> and its parts, from kept counters; days are those of UTC. Reading times are not measured.</summary>
internal sealed class PostmarkStatistics : IEndpoint
{
    private const int Invalid = 900;

    /// <summary>Parts: path, and what each of their numbers counts. A name that ends in a star stands for all that begin so.</summary>
    private static readonly (string Path, (string Name, string What)[] Numbers)[] Parts =
    [
        ("sends", [("Sent", "sent")]),
        ("bounces", [("HardBounce", "bounced:HardBounce"), ("SoftBounce", "bounced:SoftBounce"), ("SMTPApiError", "bounced:SMTPApiError"), ("Transient", "bounced:Transient")]),
        ("spam", [("SpamComplaint", "complained")]),
        ("tracked", [("Tracked", "open_tracking")]),
        ("opens", [("Opens", "opened"), ("Unique", "opened_first")]),
        ("opens/platforms", [("Desktop", "opened:Desktop"), ("Mobile", "opened:Mobile"), ("WebMail", "opened:WebMail"), ("Unknown", "opened:Unknown")]),
        ("opens/emailclients", [("*", "opened_by:")]),
        ("opens/readtimes", []),
        ("clicks", [("Clicks", "clicked"), ("Unique", "clicked_first")]),
        ("clicks/platforms", [("Desktop", "clicked:Desktop"), ("Mobile", "clicked:Mobile"), ("Unknown", "clicked:Unknown")]),
        ("clicks/browserfamilies", [("*", "clicked_by:")]),
        ("clicks/location", [("HTML", "clicked")]),
    ];

    public static void Map(ModuleRoutes routes)
    {
        foreach (var group in PostmarkDialect.Groups(routes))
        {
            group.MapGet("/stats/outbound", OverviewAsync);
            foreach (var (path, numbers) in Parts)
            {
                group.MapGet($"/stats/outbound/{path}", async (HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken) =>
                    Part(await ReadAsync(http, caller, database, cancellationToken), numbers));
            }
        }
    }

    private static async Task<IResult> OverviewAsync(HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var counts = await ReadAsync(http, caller, database, cancellationToken);
        var (sent, bounced, complained) = (Sum("sent"), Sum("bounced"), Sum("complained"));
        return PostmarkDialect.Answer(new JsonObject
        {
            ["Sent"] = sent,
            ["Bounced"] = bounced,
            ["SMTPApiErrors"] = Sum("bounced:SMTPApiError"),
            ["BounceRate"] = Rate(bounced),
            ["SpamComplaints"] = complained,
            ["SpamComplaintsRate"] = Rate(complained),
            ["Opens"] = Sum("opened"),
            ["UniqueOpens"] = Sum("opened_first"),
            ["Tracked"] = Sum("open_tracking"),
            ["WithLinkTracking"] = Sum("link_tracking"),
            ["WithOpenTracking"] = Sum("open_tracking"),
            ["TotalTrackedLinksSent"] = Sum("link_tracking"),
            ["UniqueLinksClicked"] = Sum("clicked_first"),
            ["TotalClicks"] = Sum("clicked"),
            ["WithClientRecorded"] = Sum("opened") - Sum("opened_by:Unknown"),
            ["WithPlatformRecorded"] = Sum("opened") - Sum("opened:Unknown"),
            ["WithReadTimeRecorded"] = 0,
        });

        long Sum(string what) => MailStatistics.Sum(counts, what);
        double Rate(long part) => sent == 0 ? 0 : Math.Round(100.0 * part / sent, 3);
    }

    private static IResult Part(List<DayCount> counts, (string Name, string What)[] numbers)
    {
        var days = new JsonArray();
        foreach (var day in counts.GroupBy(c => c.Day))
        {
            var shown = Numbers(day, numbers);
            if (shown.Count > 0)
            {
                shown.Insert(0, "Date", day.Key.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                days.Add(shown);
            }
        }

        var answer = Numbers(counts, numbers);
        foreach (var (name, _) in numbers.Where(n => n.Name != "*"))
        {
            answer.TryAdd(name, 0);
        }

        answer.Insert(0, "Days", days);
        return PostmarkDialect.Answer(answer);
    }

    private static JsonObject Numbers(IEnumerable<DayCount> counts, (string Name, string What)[] numbers)
    {
        var shown = new JsonObject();
        foreach (var count in counts.GroupBy(c => c.What))
        {
            var name = numbers.Where(n => n.Name == "*" ? count.Key.StartsWith(n.What, StringComparison.Ordinal) : n.What == count.Key)
                .Select(n => n.Name == "*" ? count.Key[n.What.Length..] : n.Name).FirstOrDefault();
            if (name is not null)
            {
                shown[name] = count.Sum(c => c.Total);
            }
        }

        return shown;
    }

    private static async Task<List<DayCount>> ReadAsync(HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var request = http.Request;
        var (from, to) = (Day(PostmarkDialect.Instant(request, "fromdate", Invalid)), Day(PostmarkDialect.Instant(request, "todate", Invalid)));
        var (stream, tag) = (PostmarkDialect.Query(request, "messagestream"), PostmarkDialect.Query(request, "tag"));
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        return await MailStatistics.ReadAsync(work, caller.AccountId, caller.ServerId, stream, tag, from, to, cancellationToken);
    }

    private static DateOnly? Day(DateTimeOffset? at) => at is { } instant ? DateOnly.FromDateTime(instant.UtcDateTime) : null;
}
