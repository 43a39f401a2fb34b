using System.Globalization;
using System.Text.RegularExpressions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Campaigns.Reports;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Campaigns;

/// <summary>The numbers of a campaign, and the people behind each.</summary>
public sealed class CampaignReportTests(MailProduct product) : IClassFixture<MailProduct>
{
    private const string Person = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private readonly HttpClient _reader = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = product.Address };

    [Fact]
    public async Task Every_number_counts_mails_once_and_opens_its_people()
    {
        var account = await product.NewAccountAsync();
        var campaign = await SendAsync(account, "ann", "bob", "cy", "dan");
        await GetAsync(account, "ann", "o", Person);
        await GetAsync(account, "ann", "c", Person);
        await GetAsync(account, "ann", "c", Person);
        await GetAsync(account, "bob", "o", "Mozilla/5.0");
        await GetAsync(account, "cy", "c", "curl/8.5");
        await account.SettledAsync();

        var figures = await FiguresAsync(account, campaign);
        figures.ShouldContain("sends=4 delivered=4 opened=3 open_rate=0.75 opens=3 clicked=2 click_rate=0.5 clicks=3 click_to_open=0.67 bounced=0");
        (await FiguresAsync(account, campaign, "&privacy=false")).ShouldContain("opened=2 ");
        (await FiguresAsync(account, campaign, "&machines=none")).ShouldContain("opened=2 open_rate=0.5 opens=2 clicked=1 ");

        (await PeopleAsync(account, campaign, "opened")).ShouldBe("cy bob ann");
        (await PeopleAsync(account, campaign, "opened&machines=none&privacy=false")).ShouldBe("ann");
        (await PeopleAsync(account, campaign, "not_opened")).ShouldBe("dan");
        (await PeopleAsync(account, campaign, "not_clicked")).ShouldBe("dan bob");
        (await PeopleAsync(account, campaign, "clicked&link=https%3A%2F%2Fa.example%2F1&machines=none")).ShouldBe("ann");
        (await PeopleAsync(account, campaign, "sent")).ShouldBe("dan cy bob ann");
        var page = await account.GetAsync($"campaigns/{campaign}/people?of=sent&limit=3");
        ((string?)(await account.GetAsync($"campaigns/{campaign}/people?of=sent&limit=3&before={page["next"]}"))["people"]![0]!["email"])!.ShouldStartWith("ann");
        var csv = await account.App.GetStringAsync(new Uri($"campaigns/{campaign}/people.csv?of=clicked", UriKind.Relative), TestContext.Current.CancellationToken);
        csv.Split('\n').Length.ShouldBe(4, "a head, two people, the end");

        var links = await account.GetAsync($"reports/campaign.links?subject_id={campaign}");
        links["answer"]!["rows"]![0]!["values"]!.AsArray().Select(v => (decimal)v!).ToArray()[^1].ShouldBe(3);
        var clients = await account.GetAsync($"reports/campaign.clients?subject_id={campaign}");
        clients["answer"]!["rows"]!.AsArray().Select(r => (string?)r!["label"]).Order().ShouldBe(["Apple Mail", "Firefox"]);
        var map = await account.GetAsync($"campaigns/{campaign}/click-map?machines=none");
        ((long)map["links"]![0]!["clicked"]!, (long)map["links"]![0]!["clicks"]!).ShouldBe((1, 2));
        var drawn = await _reader.GetStringAsync(new Uri((string)map["url"]!, UriKind.Relative), TestContext.Current.CancellationToken);
        drawn.ShouldContain("1 &#183; 50 %");
        drawn.ShouldNotContain("%LINK:");
        using var gone = await account.App.GetAsync(new Uri($"campaigns/{campaign + 999}/people", UriKind.Relative), TestContext.Current.CancellationToken);
        ((int)gone.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task Two_variants_are_told_apart_only_when_it_is_more_than_chance()
    {
        var account = await product.NewAccountAsync();
        var campaign = await SendAsync(account, "ann");
        await using (var work = await account.BeginAsync())
        {
            var messages = await Sql.Of($"""
                with m as (insert into messaging.message (account_id, name, subject, created_at, updated_at) values ({account.Id}, 'B', 'B', {product.Now}, {product.Now}) returning id),
                v as (insert into messaging.campaign_variant (account_id, campaign_id, no, message_id) select {account.Id}, {campaign}, 2, id from m)
                select id from m union all select message_id from messaging.campaign_variant where account_id = {account.Id} and campaign_id = {campaign}
                """).ListAsync<long>(work, CancellationToken.None);
            await Sql.Of($"""
                insert into messaging.message_tally (account_id, message_id, what, part, shard, total)
                values ({account.Id}, {messages[0]}, 'sent', '', 7, 1000), ({account.Id}, {messages[0]}, 'opened', '1', 7, 250), ({account.Id}, {messages[0]}, 'clicked', '1', 7, 51),
                       ({account.Id}, {messages[1]}, 'sent', '', 7, 999), ({account.Id}, {messages[1]}, 'opened', '1', 7, 190), ({account.Id}, {messages[1]}, 'clicked', '1', 7, 50)
                """).ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var notes = (await account.GetAsync($"reports/campaign.variants?subject_id={campaign}"))["answer"]!["notes"]!.AsArray().Select(n => (string)n!).ToList();
        notes[0].ShouldBe("By opens: variant B leads with 25.0% against 19.0% of variant A. That this is chance is less likely than 1 in 100.");
        notes[1].ShouldEndWith("The difference may well be chance.");
    }

    [Fact]
    public async Task The_archive_shows_what_is_public_without_anybodys_name_or_tracking()
    {
        var account = await product.NewAccountAsync();
        var campaign = await SendAsync(account, "ann");
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"""
                update messaging.campaign set type = 'standard', automation_id = null, step_key = null, is_archived = true where account_id = {account.Id} and id = {campaign}
                """).ExecuteAsync(work, CancellationToken.None);
            await Sql.Of($"""
                update messaging.campaign_variant v set message_version_id = (select max(id) from messaging.message_version m where m.account_id = v.account_id and m.message_id = v.message_id)
                where account_id = {account.Id} and campaign_id = {campaign}
                """).ExecuteAsync(work, CancellationToken.None);
            await Sql.Of($"update messaging.message set subject = 'Hi %FIRSTNAME|you%, news' where account_id = {account.Id}").ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var path = new Uri((string)(await account.GetAsync("campaign-archive"))["url"]!).AbsolutePath;
        var list = await _reader.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        list.ShouldContain(">Hi you, news</a>");
        var mail = await _reader.GetStringAsync(new Uri($"{path}/{campaign}", UriKind.Relative), TestContext.Current.CancellationToken);
        mail.ShouldContain("href=\"https://a.example/1\"");
        mail.ShouldNotContain("/c/");
        mail.ShouldNotContain("/u/");
        mail.ShouldNotContain("ann");
        using var hidden = await _reader.GetAsync(new Uri($"{path}/{campaign + 1}", UriKind.Relative), TestContext.Current.CancellationToken);
        ((int)hidden.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task A_campaigns_rates_stand_beside_those_of_the_campaigns_before()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        var ids = new long[3];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = await account.CampaignAsync("standard", list);
            var message = (await account.ShowAsync(ids[i]))["variants"]![0]!["message_id"]!.GetValue<long>();
            await using var work = await account.BeginAsync();
            await Sql.Of($"""
                with k as (update messaging.campaign set status = 'completed', started_at = {product.Now.AddDays(i)} where account_id = {account.Id} and id = {ids[i]})
                insert into messaging.message_tally (account_id, message_id, what, part, shard, total)
                values ({account.Id}, {message}, 'sent', '', 0, {100 * (i + 1)}), ({account.Id}, {message}, 'opened', '1', 0, {10 * (i + 1) * (i + 1)})
                """).ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        (await OpenRateAsync(ids[0])).ShouldBe((0.1m, null));
        (await OpenRateAsync(ids[2])).ShouldBe((0.3m, Math.Round(50m / 300, 20)), "all their mails together");

        async Task<(decimal? Value, decimal? Before)> OpenRateAsync(long id)
        {
            var figure = (await account.GetAsync($"reports/campaign.overview?subject_id={id}"))["answer"]!["figures"]!.AsArray().Single(f => (string?)f!["key"] == "open_rate")!;
            return ((decimal?)figure["value"], (decimal?)figure["before"] is { } before ? Math.Round(before, 20) : null);
        }
    }

    [Theory]
    [InlineData(250, 1000, 190, 1000, 0.00119)]
    [InlineData(51, 1000, 50, 1000, 0.9185)]
    [InlineData(30, 100, 20, 100, 0.1025)]
    public void The_test_of_two_proportions_gives_what_the_tables_say(long a, long of, long b, long ofB, double chance) =>
        Proportions.Chance(a, of, b, ofB)!.Value.ShouldBe(chance, 0.001);

    [Fact]
    public void Small_groups_and_nothing_at_all_say_nothing()
    {
        Proportions.Chance(5, 10, 1, 10).ShouldBeNull();
        Proportions.Chance(0, 100, 0, 100).ShouldBeNull();
    }

    [Fact]
    public async Task Pages_of_people_and_sums_are_searches_by_key_however_many_got_the_mail()
    {
        var account = await product.NewAccountAsync();
        await using var work = await account.BeginAsync();
        await Sql.Of($"""
            insert into messaging.mail_fact (account_id, message_id, what, send_id, contact_id, ways, by_person, by_privacy, by_suspect, by_machine, first_at, last_at)
            select {account.Id}, 1 + n % 50, (array['opened', 'clicked', 'bounced'])[1 + n % 3], n, n, 1, 1, 0, 0, 0, {product.Now}, {product.Now} from generate_series(1, 60000) n
            """).ExecuteAsync(work, CancellationToken.None);
        await Sql.Of($"""
            insert into messaging.message_tally (account_id, message_id, what, part, shard, total)
            select {account.Id}, 1 + n % 500, 'opens_at', n::text, 0, 1 from generate_series(1, 60000) n
            """).ExecuteAsync(work, CancellationToken.None);
        await Sql.Of($"analyze messaging.mail_fact").ExecuteAsync(work, CancellationToken.None);
        foreach (var of in Enum.GetValues<PeopleOf>())
        {
            var question = new PeopleQuestion(1, of, null, null, new ReportCounting());
            var plan = await PlanAsync(work, CampaignPeople.Page(account.Id, question, [3, 4], [1, 2], long.MaxValue, 51));
            plan.ShouldNotContain("Seq Scan on mail_fact", Case.Sensitive, of.ToString());
            plan.ShouldNotContain("Seq Scan on send", Case.Sensitive, of.ToString());
        }

        (await PlanAsync(work, CampaignPeople.Page(account.Id, new(1, PeopleOf.Clicked, null, "https://a.example/", new ReportCounting()), [3], [1], long.MaxValue, 51)))
            .ShouldNotContain("Seq Scan on link_fact");
        (await PlanAsync(work, Sql.Of($"""
            select message_id, what, part, sum(total)::bigint from messaging.message_tally
            where account_id = {account.Id} and message_id = any ({new long[] { 3, 4 }}) and what = any ({new[] { "sent", "opens_at" }}) group by 1, 2, 3
            """))).ShouldNotContain("Seq Scan");
    }

    private static async Task<string> PlanAsync(AccountTransaction work, Sql query) =>
        string.Join('\n', await Sql.Of($"explain {query}").ListAsync<string>(work, CancellationToken.None));

    private static async Task<string> FiguresAsync(TestAccount account, long campaign, string more = "") =>
        string.Join(' ', (await account.GetAsync($"reports/campaign.overview?subject_id={campaign}{more}"))["answer"]!["figures"]!.AsArray()
            .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f!["key"]}={(decimal?)f["value"]:0.##}")));

    private static async Task<string> PeopleAsync(TestAccount account, long campaign, string of) =>
        string.Join(' ', (await account.GetAsync($"campaigns/{campaign}/people?of={of}"))["people"]!.AsArray().Select(p => ((string)p!["email"]!).Split('.')[0]));

    private async Task GetAsync(TestAccount account, string who, string kind, string agent)
    {
        var html = product.Mail($"{who}.{account.Id}@report.example").HtmlBody!;
        using var request = new HttpRequestMessage(HttpMethod.Get, Regex.Match(html, $"https://mail.example.test(/{kind}/[A-Za-z0-9_-]+)").Groups[1].Value);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        using var answer = await _reader.SendAsync(request, TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBeLessThan(400);
    }

    /// <summary>A campaign whose one mail these got.</summary>
    private async Task<long> SendAsync(TestAccount account, params string[] names)
    {
        var contacts = new List<long>();
        foreach (var name in names)
        {
            contacts.Add(await account.AddContactAsync($"{name}.{account.Id}@report.example", name));
        }

        await account.QueueAsync(contacts, Mailing.Content("<a href=\"https://a.example/1\" style=\"color:red\">one</a> <a href=\"https://a.example/2\">two</a>", "A"));
        await account.DispatchedAsync();
        await product.AdvanceAsync(TimeSpan.FromSeconds(10));
        await using var work = await account.BeginAsync();
        return await Sql.Of($"select id from messaging.campaign where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None);
    }
}
