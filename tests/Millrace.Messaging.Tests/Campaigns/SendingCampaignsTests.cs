using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Messaging.Campaigns.Running;
using Millrace.Messaging.Tests.Sending;

namespace Millrace.Messaging.Tests.Campaigns;

public sealed class SendingCampaignsTests(MailProduct product) : IClassFixture<MailProduct>
{
    [Fact]
    public async Task A_campaign_goes_to_everybody_meant_once_and_says_who_was_left_out_and_why()
    {
        var account = await product.NewAccountAsync();
        var (list, other) = (await account.NewListAsync(), await account.NewListAsync("Others"));
        var people = await account.PeopleAsync(list, 6, "std");
        await account.PutOnListAsync(other, people[..2]);
        await account.PutOnListAsync(list, await Task.WhenAll(account.AddContactAsync("gone@std.example"), account.AddContactAsync("left@std.example")), "unsubscribed");
        await account.PutOnListAsync(list, [await account.AddContactAsync("unsure@std.example")], "unconfirmed");
        await account.PostAsync("exclusions", new { mode = "exactly", pattern = "std3@campaign.example" });
        var id = await account.CampaignAsync("standard", list, new { exclude_list_ids = new[] { other } });

        var count = await account.PostAsync("campaigns/audience", new { list_ids = new[] { list }, exclude_list_ids = new[] { other } });
        count["chosen"]!.GetValue<long>().ShouldBe(9);
        count["reachable"]!.GetValue<long>().ShouldBe(3);
        count["left_out"]!.AsArray().Select(l => $"{l!["reason"]} {l["count"]}").ShouldBe(["left_out 2", "unsubscribed 2", "excluded 1", "unconfirmed 1"], ignoreOrder: true);

        await Task.WhenAll(account.LaunchAsync(id), account.LaunchAsync(id), account.LaunchAsync(id));
        var done = await account.UntilAsync(id, "completed");

        (await account.SendsOfAsync(id)).Select(s => s.State).ShouldBe(["sent", "sent", "sent"]);
        product.ArrivedAt("std").ShouldBe(3);
        product.Mail("std4@campaign.example").Subject.ShouldBe("Hello Bob");
        done["recipients"]!.GetValue<long>().ShouldBe(3);
        done["chosen"]!.GetValue<long>().ShouldBe(9);
        done["left_out"]!.AsArray().Sum(l => l!["count"]!.GetValue<long>()).ShouldBe(6);
        await account.AddsUpAsync(id);

        // What was sent stays as it was.
        var message = done["variants"]![0]!["message_id"]!.GetValue<long>();
        (await account.App.PutAsJsonAsync($"messages/{message}", new { name = "x" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await account.App.PutAsJsonAsync($"campaigns/{id}", new { name = "x" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await account.App.DeleteAsync(new Uri($"campaigns/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await account.LaunchAsync(id))["status"]!.GetValue<string>().ShouldBe("completed");
        (await account.GetAsync("campaigns?view=sent"))["campaigns"]!.AsArray().ShouldHaveSingleItem()!["sent"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_segment_narrows_the_audience_and_a_list_in_use_is_not_deleted()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        await account.PeopleAsync(list, 3, "seg");
        var ann = await account.AddContactAsync("seg-ann@campaign.example", "Ann");
        await account.PutOnListAsync(list, [ann]);
        var segment = (await account.PostAsync("segments", new { name = "Anns", conditions = new { field = "first_name", op = "is", value = "Ann" } }))["id"]!;
        var id = await account.CampaignAsync("standard", list, new { segment_id = long.Parse(segment.ToString(), null), schedule_local = product.Now.AddDays(1).In() });

        await account.LaunchAsync(id);
        (await account.App.DeleteAsync(new Uri($"lists/{list}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var uses = await account.GetAsync($"segments/{segment}/uses");
        uses.ToJsonString().ShouldContain("\"campaign\"");
        await account.LaunchAsync(id, atOnce: true);
        await account.UntilAsync(id, "completed");

        (await account.SendsOfAsync(id)).ShouldHaveSingleItem().ContactId.ShouldBe(ann);
    }

    [Fact]
    public async Task What_is_missing_is_named_and_nothing_starts()
    {
        var account = await product.NewAccountAsync();
        var made = await account.PostAsync("campaigns", new { type = "split", campaign = new { name = "Empty" } });
        var id = made["id"]!.GetValue<long>();

        using var refused = await account.App.PostAsJsonAsync($"campaigns/{id}/launch", new { });
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var said = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        said.ShouldContain("no_list");
        said.ShouldContain("no_subject");
        said.ShouldContain("no_content");
        var checks = await account.GetAsync($"campaigns/{id}/checks");
        checks["can_send"]!.GetValue<bool>().ShouldBeFalse();
        (await account.ShowAsync(id))["status"]!.GetValue<string>().ShouldBe("draft");
        (await account.App.PostAsJsonAsync("campaigns", new { type = "automated", campaign = new { name = "x" } })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        foreach (var bad in new object[]
        {
            new { name = "" }, new { name = "x", list_ids = new[] { 99_999_999 } }, new { name = "x", segment_id = -1 }, new { name = "x", schedule_local = "tomorrow" },
            new { name = "x", split = new { test_percent = 0 } }, new { name = "x", split = new { wait_minutes = 0 } },
        })
        {
            (await account.App.PutAsJsonAsync($"campaigns/{id}", bad)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, bad.ToString());
        }

        using var stale = new HttpRequestMessage(HttpMethod.Put, $"campaigns/{id}") { Content = JsonContent.Create(new { name = "x" }), Headers = { { "If-Match", "\"99\"" } } };
        (await account.App.SendAsync(stale, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await account.App.DeleteAsync(new Uri($"campaigns/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_pause_holds_back_everything_and_going_on_sends_each_once()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        await account.PeopleAsync(list, 20, "slowly");
        await using (var work = await account.BeginAsync())
        {
            // A domain that takes five a second, so that there is time to pause.
            await Sql.Of($"update contacts.contact set email = replace(email, 'campaign.example', 'slow.example') where account_id = {account.Id}").ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var id = await account.CampaignAsync("standard", list);
        await account.LaunchAsync(id);
        await TestKit.Product.EventuallyAsync(() => Task.FromResult(product.ArrivedAt("slowly") > 0), "the first has arrived");
        await account.DoAsync(id, "pause");
        await account.DoAsync(id, "pause");
        var arrived = product.ArrivedAt("slowly");
        await TestKit.Product.EventuallyAsync(
            async () => (await account.SendsOfAsync(id)).TrueForAll(s => s.State == "sent" || s.Reason == "campaign_paused"), "the rest is held");
        await account.AddsUpAsync(id);
        (product.ArrivedAt("slowly") - arrived).ShouldBeLessThanOrEqualTo(2 * 2);
        (await account.ShowAsync(id))["status"]!.GetValue<string>().ShouldBe("paused");

        await account.DoAsync(id, "resume");
        await account.UntilAsync(id, "completed");

        product.ArrivedAt("slowly").ShouldBe(20);
        (await account.SendsOfAsync(id)).Count(s => s.State == "sent").ShouldBe(20);
    }

    [Fact]
    public async Task A_stop_in_the_middle_cancels_the_rest_for_good()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        await account.PeopleAsync(list, 5, "stopped");
        var id = await account.CampaignAsync("standard", list, new { schedule_zone = "contact", schedule_local = product.Now.AddHours(10).In() });
        await account.LaunchAsync(id);
        await account.FrozenAsync(id);

        await account.DoAsync(id, "stop");
        await account.DoAsync(id, "stop");
        await TestKit.Product.EventuallyAsync(async () => (await account.ShowAsync(id))["finished_at"] is not null, "the stop is done");

        (await account.SendsOfAsync(id)).ShouldAllBe(s => s.State == "cancelled" && s.Reason == "campaign_stopped");
        await account.AddsUpAsync(id);
        (await account.App.PostAsJsonAsync($"campaigns/{id}/resume", new { })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await account.App.PostAsJsonAsync($"campaigns/{id}/launch", new { })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_batch_that_is_cut_off_is_repeated_without_a_second_row()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        await account.PeopleAsync(list, 2_300, "cut");
        var pass = product.Services.GetRequiredService<RunCampaigns>();
        var cuts = 0;
        pass.BeforeCommit = campaign => campaign.AccountId == account.Id && Interlocked.Increment(ref cuts) % 2 == 1 ? throw new TaskCanceledException() : Task.CompletedTask;
        try
        {
            var id = await account.CampaignAsync("split", list, new { schedule_zone = "contact", schedule_local = product.Now.AddHours(10).In() });
            await account.LaunchAsync(id);
            await TestKit.Product.EventuallyAsync(
                async () =>
                {
                    try
                    {
                        await pass.RunOnceAsync(CancellationToken.None);
                    }
                    catch (TaskCanceledException)
                    {
                        // As a process that dies before its commit.
                    }

                    return (await account.ShowAsync(id))["frozen_at"] is not null;
                },
                "the audience is frozen");

            var sends = await account.SendsOfAsync(id);
            sends.Count.ShouldBe(2_300);
            (await account.ShowAsync(id))["recipients"]!.GetValue<long>().ShouldBe(2_300);
            cuts.ShouldBeGreaterThan(5);
            sends.GroupBy(s => s.MessageId).Select(g => g.Count()).ShouldAllBe(n => n > 1_000);
            await account.DoAsync(id, "stop");
        }
        finally
        {
            pass.BeforeCommit = null;
        }
    }

    [Fact]
    public async Task A_copy_goes_to_those_who_have_not_opened_and_to_those_who_have_come()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        var people = await account.PeopleAsync(list, 3, "again");
        var id = await account.CampaignAsync("standard", list);
        await account.LaunchAsync(id);
        await account.UntilAsync(id, "completed");
        var copy = (await account.DoAsync(id, "copy", new { resend_to = "non_openers" }))["id"]!.GetValue<long>();
        var fresh = (await account.DoAsync(id, "copy", new { resend_to = "new_contacts" }))["id"]!.GetValue<long>();
        var comer = await account.AddContactAsync("again4@campaign.example");
        await account.PutOnListAsync(list, [comer]);
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"update messaging.send set opened_at = {product.Now} where account_id = {account.Id} and contact_id = {people[0]}").ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        (await account.PostAsync("campaigns/audience", new { list_ids = new[] { list }, campaign_id = copy }))["reachable"]!.GetValue<long>().ShouldBe(2);
        await account.LaunchAsync(copy);
        await account.LaunchAsync(fresh);
        await account.UntilAsync(copy, "completed");
        await account.UntilAsync(fresh, "completed");

        (await account.SendsOfAsync(copy)).Select(s => s.ContactId).ShouldBe(people[1..]);
        (await account.SendsOfAsync(fresh)).ShouldHaveSingleItem().ContactId.ShouldBe(comer);
    }

    [Fact]
    public async Task The_mail_of_an_automations_step_is_a_campaign_of_its_own()
    {
        var account = await product.NewAccountAsync();
        await account.QueueAsync([await account.AddContactAsync("auto@campaign.example")]);

        var campaign = (await account.GetAsync("campaigns?view=automated"))["campaigns"]!.AsArray().ShouldHaveSingleItem()!;

        campaign["automation_id"]!.GetValue<long>().ShouldBe(900);
        (await account.GetAsync("campaigns"))["campaigns"]!.AsArray().ShouldBeEmpty();
        (await account.App.PutAsJsonAsync($"campaigns/{campaign["id"]}", new { name = "x" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }
}
