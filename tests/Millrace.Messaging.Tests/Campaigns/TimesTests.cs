using System.Text.Json;
using Millrace.Messaging.Campaigns;
using Millrace.Messaging.Campaigns.Running;
using Millrace.Messaging.Campaigns.Timing;

namespace Millrace.Messaging.Tests.Campaigns;

/// <summary>Who gets what and when, without a database.</summary>
public sealed class TimesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 28, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T08:00:00Z")]
    [InlineData("America/New_York", "2026-03-28T13:00:00Z")]
    [InlineData("Asia/Kolkata", "2026-03-28T08:00:00Z")] // 9:00 was over there when it started, so at once
    [InlineData(null, "2026-03-28T09:00:00Z")]
    [InlineData("Mars/Phobos", "2026-03-28T09:00:00Z")]
    public void Each_contact_gets_it_at_nine_by_its_own_clock(string? zone, string expected) =>
        new SendTimes(Of("2026-03-28T09:00", ZoneMode.Contact), Start, 0.1).Of(1, zone, null).ShouldBe(DateTimeOffset.Parse(expected, null));

    [Theory]
    [InlineData("2026-03-29T02:30", "2026-03-29T01:00:00Z")] // skipped: the first moment after it
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30:00Z")] // twice: the first of the two
    public void Clocks_that_jump_send_once(string local, string expected) =>
        new SendTimes(Of(local, ZoneMode.Contact), Start, 0.1).Of(1, "Europe/Berlin", null).ShouldBe(DateTimeOffset.Parse(expected, null));

    [Fact]
    public void Predictive_sending_meets_the_best_hour_and_tries_others_with_one_in_ten()
    {
        var times = new SendTimes(Of(null, ZoneMode.Account) with { IsPredictive = true }, Start, 0.1);
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

        var at = Enumerable.Range(1, 20_000).Select(c => times.Of(c, "Europe/Berlin", 19)).ToList();

        at.ShouldAllBe(t => t >= Start && t < Start.AddHours(24));
        var share = at.Count(t => TimeZoneInfo.ConvertTime(t, berlin).Hour == 19) / 20_000.0;
        share.ShouldBe(0.9 + (0.1 / 24), 0.01);
        times.Of(7, "Europe/Berlin", 19).ShouldBe(times.Of(7, "Europe/Berlin", 19));
        var minutes = at.Where(t => TimeZoneInfo.ConvertTime(t, berlin).Hour == 19).GroupBy(t => t.Minute / 10).Select(g => g.Count()).ToList();
        minutes.Count.ShouldBe(6);
        minutes.ShouldAllBe(n => n > 2_500);
    }

    [Fact]
    public void Whose_hour_is_not_known_is_spread_over_the_day()
    {
        var times = new SendTimes(Of(null, ZoneMode.Account) with { IsPredictive = true }, Start, 0.1);

        var hours = Enumerable.Range(1, 24_000).Select(c => times.Of(c, null, null)).GroupBy(t => (int)(t - Start).TotalHours).Select(g => g.Count()).ToList();

        hours.Count.ShouldBe(24);
        hours.ShouldAllBe(n => n > 850 && n < 1_150);
    }

    [Fact]
    public void The_hour_already_begun_is_not_put_off_until_tomorrow()
    {
        var times = new SendTimes(Of(null, ZoneMode.Account) with { IsPredictive = true }, Start.AddMinutes(20), 0);

        Enumerable.Range(1, 500).Select(c => times.Of(c, "UTC", 8)).ShouldAllBe(t => t >= Start.AddMinutes(20) && t < Start.AddHours(1));
        Enumerable.Range(1, 500).Select(c => times.Of(c, "UTC", 7)).ShouldAllBe(t => t >= Start.AddHours(23) && t < Start.AddHours(24));
    }

    [Fact]
    public void Variants_are_shared_out_as_asked_and_the_same_each_time()
    {
        var split = Of(null, ZoneMode.Account) with
        {
            Type = CampaignType.Split,
            SplitJson = JsonElement.Parse("""{"mode":"winner","test_percent":20}"""),
        };
        List<CampaignVariant> variants = [new(1, 1, 11, 3, 1), new(1, 2, 12, 1, 2)];

        var drawn = Enumerable.Range(1, 20_000).Select(c => new SplitLots(split, variants).Of(c)?.No).ToList();

        (drawn.Count(n => n is not null) / 20_000.0).ShouldBe(0.2, 0.01);
        (drawn.Count(n => n == 1) / (double)drawn.Count(n => n is not null)).ShouldBe(0.75, 0.03);
        Enumerable.Range(1, 20_000).Select(c => new SplitLots(split, variants).Of(c)?.No).ShouldBe(drawn);
    }

    [Fact]
    public void The_best_hour_leans_on_its_neighbours()
    {
        var hours = new int[24];
        (hours[3], hours[18], hours[19], hours[20]) = (3, 2, 2, 2);
        BestHours.Best(hours).ShouldBe((short)19);
        BestHours.Best(new int[24]).ShouldBe((short)0);
    }

    [Theory]
    [InlineData("hourly", "2026-03-28T09:00:00Z")]
    [InlineData("daily", "2026-03-28T09:00:00Z")]
    [InlineData("weekly", "2026-03-30T08:00:00Z")] // Monday 10:00 in Berlin, after the clocks have changed
    [InlineData("monthly", "2026-04-01T08:00:00Z")]
    public void Feeds_are_read_by_the_accounts_clock(string interval, string expected) =>
        FeedTimes.Next(new Recurrence(Interval: Kernel.Data.EnumNames<FeedInterval>.Parse(interval), Time: "10:00", Weekday: 1, Day: 1), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), Start)
            .ShouldBe(DateTimeOffset.Parse(expected, null));

    private static Campaign Of(string? local, ZoneMode mode) => new(
        1, 1, "", CampaignType.Standard, CampaignStatus.Sending, null, 1, [], null, [], null, true, true, false, null, false, null, false, local, mode, "UTC", null, false, null, null, null,
        null, null, null, null, null, 0, null, Start, null, null, null, null, null, null, false, false, 0, 0, JsonElement.Parse("{}"), JsonElement.Parse("{}"), null, Start, Start);
}
