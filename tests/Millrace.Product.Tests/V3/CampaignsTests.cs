using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;

namespace Millrace.Product.Tests.V3;

/// <summary>Campaigns and messages in the shapes that clients of v3 read.</summary>
[Collection<OneProduct>]
public sealed class CampaignsTests(TestKit.Product product)
{
    [Fact]
    public async Task A_campaign_is_made_changed_copied_and_put_away()
    {
        var account = await product.NewAccountAsync();
        var made = await account.V3PostAsync("campaign", new { name = "March news", type = "single", canSplitContent = false });
        made.ToJsonString().ShouldBe($$"""{"id":{{made["id"]}},"name":"March news","type":"single","canSplitContent":false}""");
        var id = (long)made["id"]!;
        using var bad = await account.V3.PostAsJsonAsync("campaign", new { type = "nonsense" }, TestContext.Current.CancellationToken);
        bad.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await bad.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("""{"errors":["Field name is required","Field type is invalid"]}""");

        var list = await account.V3PostAsync("lists", new { list = new { name = "News", stringid = "news", sender_url = "https://a.example", sender_reminder = "You asked." } });
        var edited = (await account.V3PutAsync($"campaigns/{id}/edit", new
        {
            name = "April news",
            listIds = new[] { long.Parse((string)list["list"]!["id"]!, System.Globalization.CultureInfo.InvariantCulture) },
            googleAnalyticsLinkTrackingEnabled = true,
            googleAnalyticsCampaignName = "april",
            readTrackingEnabled = false,
            scheduledDate = "2027-04-01 09:00:00",
            publicCampaignArchive = true,
        }))["campaign"]!;
        ((string?)edited["name"], (string?)edited["trackreads"], (string?)edited["tracklinks"], (string?)edited["analytics_campaign_name"], (string?)edited["public"])
            .ShouldBe(("April news", "0", "all", "april", "1"));
        var lists = (await account.V3GetAsync($"campaigns/{id}/campaignLists"))["campaignLists"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)lists["name"], (string?)lists["campaignid"]).ShouldBe(("News", $"{id}"));

        var copy = await account.V3PostAsync($"campaigns/{id}/copy", new { });
        ((int)copy["succeeded"]!, (string?)copy["message"]).ShouldBe((1, "Campaign draft copied."));
        (await account.V3GetAsync("campaigns"))["meta"]!.ToJsonString().ShouldBe("""{"total":"2"}""");
        using var gone = await account.V3.DeleteAsync(new Uri($"campaigns/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
        ((int)JsonNode.Parse(await gone.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["succeeded"]!).ShouldBe(1);
        (await account.V3GetAsync("campaigns"))["campaigns"]!.AsArray().Select(c => (string?)c!["name"]).ShouldBe(["April news (copy)"]);
        using var none = await account.V3.GetAsync(new Uri("campaigns/999999", UriKind.Relative), TestContext.Current.CancellationToken);
        (await none.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("""{"message":"No Result found for Campaign with id 999999"}""");
    }

    [Fact]
    public async Task What_recurs_and_what_is_tested_is_set_by_the_words_of_v3()
    {
        var account = await product.NewAccountAsync();
        var rss = (long)(await account.V3PostAsync("campaign", new { name = "Feed", type = "activerss" }))["id"]!;
        ((string?)(await account.V3PutAsync($"campaigns/{rss}/edit", new { rssInterval = "week1" }))["campaign"]!["activerss_interval"]).ShouldBe("week1");
        var split = (long)(await account.V3PostAsync("campaign", new { name = "Split", type = "split", canSplitContent = false }))["id"]!;
        var tested = (await account.V3PutAsync($"campaigns/{split}/edit", new { canSplitContent = true, splitType = "click", splitWinnerWaitPeriod = 2, splitWinnerWaitPeriodType = "hour" }))["campaign"]!;
        ((string?)tested["split_content"], (string?)tested["split_type"]).ShouldBe(("1", "click"));
        var field = long.Parse((string)(await account.V3PostAsync("fields", new { field = new { title = "Birthday", type = "date" } }))["field"]!["id"]!, System.Globalization.CultureInfo.InvariantCulture);
        var date = (long)(await account.V3PostAsync("campaign", new { name = "Birthday", type = "reminder" }))["id"]!;
        await account.V3PutAsync($"campaigns/{date}/edit", new { reminderField = field, reminderOffset = -1, reminderOffsetType = "week", reminderType = "month_day" });
        var recurrence = (await account.GetAsync($"campaigns/{date}"))["recurrence"]!;
        ((long)recurrence["field_id"]!, (int)recurrence["days"]!, (bool)recurrence["yearly"]!).ShouldBe((field, -7, true));
        using var wrong = await account.V3.PutAsJsonAsync($"campaigns/{rss}/edit", new { rssInterval = "fortnight" }, TestContext.Current.CancellationToken);
        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Totals_links_and_activity_come_from_the_kept_sums_as_strings()
    {
        var account = await product.NewAccountAsync();
        var id = (long)(await account.V3PostAsync("campaign", new { name = "Sent", type = "single" }))["id"]!;
        var ann = (string)(await account.V3PostAsync("contacts", new { contact = new { email = "ann@example.com" } }))["contact"]!["id"]!;
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"""
                with m as (select message_id as id from messaging.campaign_variant where account_id = {account.Id} and campaign_id = {id}),
                v as (insert into messaging.message_version (account_id, message_id, hash, kind, subject, preheader, from_name, from_address, reply_to, html, text, created_at)
                      select {account.Id}, m.id, decode(repeat('00', 32), 'hex'), 'marketing', '', '', '', '', '', '', '', {product.Now} from m returning id, message_id),
                l as (insert into messaging.link (account_id, message_version_id, no, url, label) select {account.Id}, v.id, 1, 'https://a.example/', 'Look' from v),
                t as (insert into messaging.message_tally (account_id, message_id, what, part, shard, total)
                      select {account.Id}, v.message_id, w.what, replace(w.part, 'V', v.id::text), 0, w.total from v cross join (values ('sent', '', 4), ('refused', '', 1), ('bounced', 'hard/no_user', 1),
                          ('opened', '1', 2), ('opened', '2', 1), ('opened', '8', 1), ('opens', '1', 5), ('opens', '2', 1), ('clicked', '1', 1), ('clicks', '1', 3), ('link', 'V/1/1', 1),
                          ('link_clicks', 'V/1/1', 3), ('unsubscribed', '', 1)) w (what, part, total))
                insert into messaging.mail_fact (account_id, message_id, what, send_id, contact_id, ways, by_person, by_privacy, by_suspect, by_machine, first_at, last_at)
                select {account.Id}, v.message_id, 'opened', 77, {long.Parse(ann, System.Globalization.CultureInfo.InvariantCulture)}, 1, 1, 0, 0, 0, {product.Now}, {product.Now} from v
                """).ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var campaign = (await account.V3GetAsync($"campaigns/{id}"))["campaign"]!;
        string.Join(' ', new[] { "send_amt", "opens", "uniqueopens", "verified_opens", "verified_unique_opens", "linkclicks", "uniquelinkclicks", "subscriberclicks", "hardbounces", "softbounces", "unsubscribes", "status" }
            .Select(name => (string?)campaign[name])).ShouldBe("5 6 3 5 2 3 1 1 1 0 1 0");
        campaign["links"]!.AsObject().Select(l => l.Key).ShouldBe(["user", "automation", "campaignMessage", "campaignMessages", "links", "campaignLists", "aggregateRevenues", "messageActivities"]);
        var links = (await account.V3GetAsync($"campaigns/{id}/links"))["links"]!.AsArray();
        links.Select(l => $"{l!["link"]} {l["name"]} {l["uniquelinkclicks"]} {l["linkclicks"]} {l["tracked"]}").ShouldBe(["open Read Tracker 0 0 1", "https://a.example/ Look 1 3 1"]);
        var message = (await account.V3GetAsync($"campaigns/{id}/campaignMessages"))["campaignMessages"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)message["percentage"], (string?)message["uniqueopens"], (string?)message["campaign"]).ShouldBe(("100", "3", $"{id}"));
        var activity = (await account.V3GetAsync($"messageActivities?filters[campaign]={id}"))["messageActivities"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)activity["event"], (string?)activity["contact"], (string?)activity["email"]).ShouldBe(("open", ann, "ann@example.com"));
        (await account.V3GetAsync("linkData"))["linkData"]!.AsArray().ShouldBeEmpty();
        (await account.V3GetAsync("bounceLogs"))["bounceLogs"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_is_echoed_read_changed_and_deleted()
    {
        var account = await product.NewAccountAsync();
        var made = (await account.V3PostAsync("messages", new
        {
            message = new { fromname = "Ada", fromemail = "ada@example.org", reply2 = "ada@example.org", subject = "Hi %FIRSTNAME%", preheader_text = "news", text = "hello", html = "<p>hello</p>" },
        }))["message"]!;
        var id = (string)made["id"]!;
        made.AsObject().Select(m => m.Key).ShouldBe(["fromname", "fromemail", "reply2", "subject", "preheader_text", "text", "html", "links", "id"]);
        var changed = (await account.V3PutAsync($"messages/{id}", new { message = new { subject = "Hello" } }))["message"]!;
        ((string?)changed["subject"], (string?)changed["fromemail"], (string?)changed["preheader_text"], (string?)changed["format"]).ShouldBe(("Hello", "ada@example.org", "news", "mime"));
        using var missing = await account.V3.PostAsJsonAsync("messages", new { message = new { fromname = "Ada" } }, TestContext.Current.CancellationToken);
        missing.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var deleted = await account.V3.DeleteAsync(new Uri($"messages/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
        (await deleted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("{}");
        using var gone = await account.V3.GetAsync(new Uri($"messages/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
        (await gone.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe($$"""{"message":"No Result found for Message with id {{id}}"}""");
    }
}
