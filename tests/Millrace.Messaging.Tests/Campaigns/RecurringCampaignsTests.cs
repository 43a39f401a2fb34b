using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Data;
using Millrace.Messaging.Campaigns.Timing;
using Millrace.Messaging.Tests.Sending;

namespace Millrace.Messaging.Tests.Campaigns;

/// <summary>What goes by the clock and by occasions. Time moves for everybody here, so it is one test after the other.</summary>
public sealed class RecurringCampaignsTests(RecurringCampaignsTests.Served product) : IClassFixture<RecurringCampaignsTests.Served>
{
    [Fact]
    public async Task Split_tests_choose_the_best_or_the_first_and_the_rest_gets_it_once()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        await account.PeopleAsync(list, 60, "split");
        var split = new { split = new { mode = "winner", test_percent = 50, metric = "opens", wait_minutes = 30 } };
        var (opened, tied) = (await account.CampaignAsync("split", list, split), await account.CampaignAsync("split", list, split));
        var byHand = await account.CampaignAsync("split", list, new { split = new { mode = "winner", test_percent = 50, metric = "manual" } });
        foreach (var id in new[] { opened, tied, byHand })
        {
            await account.LaunchAsync(id);
        }

        var second = await MessageAsync(opened, 2);
        foreach (var id in new[] { opened, tied, byHand })
        {
            await account.FrozenAsync(id);
            await TestKit.Product.EventuallyAsync(
                async () => (await account.SendsOfAsync(id)).TrueForAll(s => s.State == "sent" || s.Reason == "waits_for_winner"), "the test is sent");
        }

        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"update messaging.send set read_at = {product.Now}, opened_at = {product.Now} where account_id = {account.Id} and message_id = {second}").ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var before = await account.SendsOfAsync(opened);
        before.Count(s => s.State == "sent").ShouldBeInRange(15, 45);
        await account.AddsUpAsync(opened);
        await product.AdvanceAsync(TimeSpan.FromMinutes(31));
        await account.DoAsync(byHand, "winner", new { no = 2 });
        await account.UntilAsync(opened, "completed");
        await account.UntilAsync(tied, "completed");
        await account.UntilAsync(byHand, "completed");

        var after = await account.SendsOfAsync(opened);
        after.Count.ShouldBe(60);
        after.Where(s => before.Single(b => b.Id == s.Id).State != "sent").ShouldAllBe(s => s.State == "sent" && s.MessageId == second);
        (await account.ShowAsync(tied))["winner_no"]!.GetValue<int>().ShouldBe(1);
        (await account.ShowAsync(byHand))["winner_no"]!.GetValue<int>().ShouldBe(2);
        product.ArrivedAt("split").ShouldBe(180);

        async Task<long> MessageAsync(long id, int no) => (await account.ShowAsync(id))["variants"]![no - 1]!["message_id"]!.GetValue<long>();
    }

    [Fact]
    public async Task A_scheduled_campaign_goes_in_its_hour_and_one_that_is_late_asks()
    {
        var account = await product.NewAccountAsync("Europe/Berlin");
        var list = await account.NewListAsync();
        await account.PeopleAsync(list, 2, "timed");
        var berlin = TimeZoneInfo.ConvertTime(product.Now, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        var (timely, late) = (
            await account.CampaignAsync("standard", list, new { schedule_local = berlin.DateTime.AddMinutes(30).ToString("yyyy-MM-dd'T'HH:mm", null) }),
            await account.CampaignAsync("standard", list, new { schedule_local = berlin.DateTime.AddHours(3).ToString("yyyy-MM-dd'T'HH:mm", null) }));
        (await account.LaunchAsync(timely))["status"]!.GetValue<string>().ShouldBe("scheduled");
        await account.LaunchAsync(late);

        await product.AdvanceAsync(TimeSpan.FromMinutes(31));
        await account.UntilAsync(timely, "completed");
        (await account.SendsOfAsync(late)).ShouldBeEmpty();
        await product.AdvanceAsync(TimeSpan.FromHours(4));
        (await account.UntilAsync(late, "held"))["hold_reason"]!.GetValue<string>().ShouldBe("late");
        (await account.SendsOfAsync(late)).ShouldBeEmpty();
        await account.LaunchAsync(late);
        await account.UntilAsync(late, "completed");
        (await account.SendsOfAsync(late)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_autoresponder_goes_once_to_each_who_subscribes_some_time_after()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        await account.PeopleAsync(list, 1, "before");
        var id = await account.CampaignAsync("responder", list, new { recurrence = new { delay_minutes = 60 } });
        await account.LaunchAsync(id);
        await account.UntilAsync(id, "sending");
        var ann = await account.AddContactAsync("responder-ann@campaign.example", "Ann");
        await SubscribeAsync();
        await SubscribeAsync();
        await TestKit.Product.EventuallyAsync(async () => await WaitingAsync() == 1, "she is noted, once");
        (await account.SendsOfAsync(id)).ShouldBeEmpty();

        await product.AdvanceAsync(TimeSpan.FromMinutes(61));
        await TestKit.Product.EventuallyAsync(async () => (await account.SendsOfAsync(id)) is [{ State: "sent" }], "she has it");
        await account.PostAsync($"contacts/{ann}/lists", new { list_id = list, status = "unsubscribed" }).ContinueWith(_ => { }, TaskScheduler.Default);
        await SubscribeAsync();
        await account.SettledAsync();

        (await WaitingAsync()).ShouldBe(0);
        product.ArrivedAt("responder-").ShouldBe(1);
        product.ArrivedAt("before").ShouldBe(0);
        await account.DoAsync(id, "stop");

        async Task SubscribeAsync()
        {
            await using var work = await account.BeginAsync();
            await product.Services.GetRequiredService<Millrace.Contacts.Contracts.ISubscriptions>()
                .SubscribeAsync(work.Transaction, account.Id, [ann], list, "form", force: true, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
            product.Services.GetRequiredService<Millrace.Activities.Contracts.IActivityLog>().Wake();
        }

        async Task<long> WaitingAsync()
        {
            await using var work = await account.BeginAsync();
            return await Sql.Of($"select count(*) from messaging.campaign_due where account_id = {account.Id} and campaign_id = {id}").FirstAsync<long>(work, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_date_campaign_goes_on_the_day_of_each_year()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        var people = await account.PeopleAsync(list, 2, "birth");
        var field = (await account.PostAsync("fields", new { name = "Birthday", type = "date" }))["id"]!.GetValue<long>();
        var birthday = product.Now.AddDays(1);
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"""
                insert into contacts.field_value (account_id, contact_id, field_id, value, updated_at) values
                ({account.Id}, {people[0]}, {field}, {birthday.AddYears(-30).ToString("yyyy-MM-dd", null)}, {product.Now}),
                ({account.Id}, {people[1]}, {field}, {birthday.AddDays(3).AddYears(-30).ToString("yyyy-MM-dd", null)}, {product.Now})
                """).ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var id = await account.CampaignAsync("date", list, new { recurrence = new { field_id = field, yearly = true, time = birthday.AddMinutes(-10).ToString("HH:mm", null) } });
        await account.LaunchAsync(id);
        await account.UntilAsync(id, "sending");

        await product.AdvanceAsync(TimeSpan.FromDays(1));
        await TestKit.Product.EventuallyAsync(async () => (await account.SendsOfAsync(id)) is [{ State: "sent" }], "one birthday was");

        (await account.SendsOfAsync(id)).ShouldHaveSingleItem().ContactId.ShouldBe(people[0]);
        await account.LogInAgainAsync();
        await account.DoAsync(id, "stop");
    }

    [Fact]
    public async Task A_feed_campaign_makes_an_issue_of_what_is_new_and_none_of_nothing()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        await account.PeopleAsync(list, 1, "feed");
        product.Feed.Items = [Item("yesterday")];
        var id = await account.CampaignAsync("rss", list, new { recurrence = new { url = "https://feed.example/rss", interval = "hourly" } }, subject: "News: %RSS:ITEM:TITLE%");
        await account.WriteAsync(
            (await account.ShowAsync(id))["variants"]![0]!["message_id"]!.GetValue<long>(), "News: %RSS:ITEM:TITLE%",
            "<h1>%RSS:CHANNEL:TITLE%</h1>%RSS-LOOP|LIMIT:5%<p><a href=\"%RSS:ITEM:LINK%\">%RSS:ITEM:TITLE%</a> %RSS:ITEM:SUMMARY%</p>%RSS-LOOP%");
        await account.LaunchAsync(id);
        await TestKit.Product.EventuallyAsync(() => Task.FromResult(product.Feed.Asked > 0), "the feed is read");

        await product.AdvanceAsync(TimeSpan.FromMinutes(61));
        await TestKit.Product.EventuallyAsync(() => Task.FromResult(product.Feed.Asked > 1), "the feed is read again");
        product.Feed.Items = [Item("fresh <b>%EMAIL%</b>"), Item("yesterday")];
        await product.AdvanceAsync(TimeSpan.FromMinutes(61));
        await TestKit.Product.EventuallyAsync(() => Task.FromResult(product.ArrivedAt("feed") == 1), "the issue has arrived");

        var mail = product.Mail("feed1@campaign.example");
        mail.Subject.ShouldBe("News: fresh <b>%EMAIL%</b>");
        var html = mail.HtmlBody.ShouldNotBeNull();
        html.ShouldContain("Example &amp; Co");
        html.ShouldContain("fresh &lt;b&gt;&#37;EMAIL&#37;&lt;/b&gt;");
        html.ShouldNotContain("yesterday");
        (await account.GetAsync($"campaigns?parent={id}"))["campaigns"]!.AsArray().ShouldHaveSingleItem();
        await account.DoAsync(id, "stop");

        static FeedEntry Item(string title) => new(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(title))), title, "https://feed.example/a", "", "Told", "Told", "", "");
    }

    [Fact]
    public async Task A_feed_that_does_not_answer_holds_up_its_own_campaign_and_no_other()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        await account.PeopleAsync(list, 1, "patient");
        var (slow, other) = (await account.CampaignAsync("standard", list), await account.CampaignAsync("standard", list));
        await account.PutAsync($"messages/{(await account.ShowAsync(slow))["variants"]![0]!["message_id"]}", new
        {
            name = "Mail",
            subject = "Slow",
            html = "<p>%RSS-FEED|URL:https://slow.example/rss|SHOW:ALL%%RSS-LOOP|LIMIT:5%<b>%RSS:ITEM:TITLE%</b>%RSS-LOOP%%RSS-FEED%</p>",
            text = "News",
            from_name = "Ann",
            from_address = "ann@sender.example",
        });
        var answer = new TaskCompletionSource();
        product.Feed.Slow = answer.Task;
        try
        {
            await account.LaunchAsync(slow, atOnce: true);
            await TestKit.Product.EventuallyAsync(() => Task.FromResult(product.Feed.IsWaitedFor), "the feed is asked");
            await account.LaunchAsync(other, atOnce: true);

            await account.UntilAsync(other, "completed", 60);
            (await account.SendsOfAsync(slow)).ShouldBeEmpty();
        }
        finally
        {
            answer.SetResult();
        }

        await account.UntilAsync(slow, "completed", 60);
        (await account.SendsOfAsync(slow)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Best_hours_are_learned_from_opens_by_the_contacts_own_clock()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        var people = await account.PeopleAsync(list, 2, "hours", "America/New_York");
        var campaigns = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            campaigns.Add(await account.CampaignAsync("standard", list));
            await account.LaunchAsync(campaigns[^1]);
            await account.UntilAsync(campaigns[^1], "completed");
        }

        await using (var work = await account.BeginAsync())
        {
            // 23:00 UTC is 18:00 or 19:00 in New York.
            await Sql.Of($"""
                update messaging.send set opened_at = date_trunc('day', {product.Now}::timestamptz at time zone 'UTC') at time zone 'UTC' - interval '1 hour'
                where account_id = {account.Id} and contact_id = {people[0]}
                """).ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        await product.AdvanceAsync(TimeSpan.FromDays(8));
        await account.LogInAgainAsync();
        var pass = product.Services.GetRequiredService<BestHours>();
        await TestKit.Product.EventuallyAsync(
            async () =>
            {
                await pass.RunOnceAsync(CancellationToken.None);
                return (await account.GetAsync("campaigns/best-times"))["opens"]!.GetValue<long>() == 3;
            },
            "the opens are counted");

        await using var look = await account.BeginAsync();
        var hours = await Sql.Of($"select contact_id || ' ' || hour from messaging.best_hour where account_id = {account.Id}").ListAsync<string>(look, CancellationToken.None);
        hours.ShouldHaveSingleItem().ShouldBeOneOf($"{people[0]} 18", $"{people[0]} 19");
        (await account.GetAsync("campaigns/best-times"))["enough"]!.GetValue<bool>().ShouldBeFalse();
    }

    /// <summary>A feed that says what a test wants it to.</summary>
    internal sealed class FakeFeed : IFeeds
    {
        private int _asked;

        public IReadOnlyList<FeedEntry> Items { get; set; } = [];

        public int Asked => Volatile.Read(ref _asked);

        /// <summary>The feed of slow.example answers when this ends.</summary>
        public Task Slow { get; set; } = Task.CompletedTask;

        public bool IsWaitedFor { get; private set; }

        public async Task<FeedReading> ReadAsync(string url, CancellationToken cancellationToken)
        {
            if (url.Contains("slow.example", StringComparison.Ordinal))
            {
                IsWaitedFor = true;
                await Slow.WaitAsync(cancellationToken);
                return new FeedReading(new("Slow", url, "", [new("1", "One", url, "", "Told", "Told", "", "")]), null);
            }

            Interlocked.Increment(ref _asked);
            return new FeedReading(Document, null);
        }

        public Task<FeedDocument?> StoredAsync(Npgsql.NpgsqlTransaction transaction, long accountId, string url, DateTimeOffset now, CancellationToken cancellationToken) =>
            Task.FromResult<FeedDocument?>(Document);

        private FeedDocument Document => new("Example & Co", "https://feed.example", "", Items);
    }

    public sealed class Served : MailProduct
    {
        internal FakeFeed Feed { get; } = new();

        protected override void Configure(Microsoft.Extensions.Hosting.IHostApplicationBuilder builder) => builder.Services.AddSingleton<IFeeds>(Feed);
    }
}
