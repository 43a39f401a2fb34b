using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Bulk;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Tests.Import;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.TestKit;

namespace Millrace.Contacts.Tests.Bulk;

/// <summary>Server without workers, so that the tests say when a job goes on and when it is cut off.</summary>
public sealed class BulkJobTests(BulkJobTests.WebOnly product) : IClassFixture<BulkJobTests.WebOnly>
{
    public sealed class WebOnly : Product
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Millrace:Roles", "web")];
    }

    [Fact]
    public async Task A_small_job_is_over_with_the_answer_and_can_be_taken_back_except_where_someone_changed_it_since()
    {
        var (account, tag) = await PeopleAsync(5);
        var all = await IdsAsync(account);
        await account.PostAsync($"contacts/{all[0]}/tags", new { id = tag });

        var job = await account.PostAsync("contacts/bulk", new { action = "tag.add", settings = new { tag }, contact_ids = all });
        await account.App.DeleteAsync(new Uri($"contacts/{all[1]}/tags/{tag}", UriKind.Relative));
        var undo = await account.PostAsync($"contacts/bulk/{job["id"]}/undo", new { });

        Figures(job).ShouldBe("finished 5 of 5, 4 changed, 1 skipped");
        ((string)job["title"]!).ShouldBe("Add the tag “vip”");
        job["reasons"]!.ToJsonString().ShouldContain("Had the tag already");
        Figures(undo).ShouldBe("finished 4 of 4, 3 changed, 1 skipped");
        // The one that had it before keeps it.
        (await TaggedAsync(account, tag)).ShouldBe([all[0]]);
        var again = await account.App.PostAsJsonAsync($"contacts/bulk/{job["id"]}/undo", new { });
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var items = await account.GetAsync($"contacts/bulk/{job["id"]}/items?changed=false");
        items["items"]!.AsArray().Select(i => (long)i!["contact_id"]!).ShouldBe([all[0]]);
    }

    [Fact]
    public async Task All_that_match_are_frozen_at_the_start()
    {
        var (account, tag) = await PeopleAsync(300);
        var job = await account.PostAsync("contacts/bulk", new { action = "tag.add", settings = new { tag }, filter = new { text = "p" } });
        ((string)job["state"]!).ShouldBe("running");
        ((long)job["total"]!).ShouldBe(300);
        // One more comes to match, one stops matching: neither counts.
        var renamed = (await IdsAsync(account))[0];
        var late = (long)(await account.PostAsync("contacts", new { email = "p-late@example.com" }))["id"]!;
        await account.PatchAsync($"contacts/{renamed}", new { email = "other@example.com" });

        await UntilDoneAsync(Worker(), account, job);

        var tagged = await TaggedAsync(account, tag);
        tagged.Count.ShouldBe(300);
        tagged.ShouldContain(renamed);
        tagged.ShouldNotContain(late);
    }

    [Fact]
    public async Task A_condition_tree_and_exceptions_choose_too_and_nothing_grows_behind_a_persons_back()
    {
        var (account, tag) = await PeopleAsync(10);
        var all = await IdsAsync(account);
        var conditions = JsonNode.Parse("""{ "all": [ { "field": "email", "op": "starts_with", "value": "p0000" } ] }""");

        var count = await account.PostAsync("contacts/bulk/count", new { conditions, except = new[] { all[1] } });
        var refused = await account.App.PostAsJsonAsync("contacts/bulk", new { action = "contact.delete", settings = new { }, conditions, expected = 0 });
        var wrong = await account.App.PostAsJsonAsync("contacts/bulk", new { action = "tag.add", settings = new { tag = 999_999 }, conditions });
        var unknown = await account.App.PostAsJsonAsync("contacts/bulk", new { action = "tag.add", settings = new { tag, more = 1 }, conditions = new { nonsense = 1 } });

        ((long)count["total"]!).ShouldBe(8);
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await wrong.Content.ReadAsStringAsync()).ShouldContain("/settings/tag");
        unknown.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await IdsAsync(account)).Count.ShouldBe(10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_job_cut_off_in_a_batch_ends_as_if_nothing_had_happened(int cutOffAt)
    {
        var (account, tag) = await PeopleAsync(2_500);
        var job = await account.PostAsync("contacts/bulk", new { action = "tag.add", settings = new { tag }, filter = new { } });
        var dying = Worker();
        dying.BeforeCommit = no => no == cutOffAt ? throw new IOException("cut off") : Task.CompletedTask;
        await Should.ThrowAsync<IOException>(() => UntilDoneAsync(dying, account, job));
        await LeaseEndsAsync(account);

        await UntilDoneAsync(Worker(), account, job);

        Figures(await account.GetAsync($"contacts/bulk/{job["id"]}")).ShouldBe("finished 2500 of 2500, 2500 changed, 0 skipped");
        (await TaggedAsync(account, tag)).Count.ShouldBe(2_500);
        await using var work = await account.BeginAsync();
        (await Sql.Of($"select count(*) from activities.activity where account_id = {account.Id} and kind = 'tag.added'").FirstAsync<long>(work, CancellationToken.None))
            .ShouldBe(2_500);
    }

    [Fact]
    public async Task A_job_that_another_process_holds_is_left_alone_and_handed_over_at_a_graceful_stop()
    {
        var (account, tag) = await PeopleAsync(2_500);
        var job = await account.PostAsync("contacts/bulk", new { action = "tag.add", settings = new { tag }, filter = new { } });
        var (first, second) = (Worker(), Worker());
        first.BeforeCommit = _ => throw new IOException("stalled");
        await Should.ThrowAsync<IOException>(() => first.RunOnceAsync(CancellationToken.None));

        (await second.RunOnceAsync(CancellationToken.None)).ShouldBe(0);
        await first.ReleaseAsync(CancellationToken.None);

        await UntilDoneAsync(second, account, job);
        (await TaggedAsync(account, tag)).Count.ShouldBe(2_500);
    }

    [Fact]
    public async Task Cancelling_keeps_what_is_done_which_can_be_taken_back()
    {
        var (account, tag) = await PeopleAsync(2_500);
        var job = await account.PostAsync("contacts/bulk", new { action = "tag.add", settings = new { tag }, filter = new { } });
        var worker = Worker();
        worker.BeforeCommit = async no =>
        {
            if (no == 1)
            {
                // From another transaction, while this batch is open: it waits for the batch or wins against it, and never splits it.
                _ = account.PostAsync($"contacts/bulk/{job["id"]}/cancel", new { });
                await Task.Delay(50);
            }
        };
        await UntilDoneAsync(worker, account, job);

        var after = await account.GetAsync($"contacts/bulk/{job["id"]}");
        ((string)after["state"]!).ShouldBe("cancelled");
        (await TaggedAsync(account, tag)).Count.ShouldBe((int)(long)after["changed"]!);
        var undo = await account.PostAsync($"contacts/bulk/{job["id"]}/undo", new { });
        await UntilDoneAsync(Worker(), account, undo);
        (await TaggedAsync(account, tag)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_field_gets_its_value_and_its_old_ones_back()
    {
        var (account, _) = await PeopleAsync(3);
        var all = await IdsAsync(account);
        var field = await account.NewFieldAsync("Points", "number");
        await account.PatchAsync($"contacts/{all[0]}", new { fields = new Dictionary<string, string> { [$"{field}"] = "7" } });

        var wrong = await account.App.PostAsJsonAsync("contacts/bulk", new { action = "field.set", settings = new { field, value = "many" }, contact_ids = all });
        var job = await account.PostAsync("contacts/bulk", new { action = "field.set", settings = new { field, value = "12" }, contact_ids = all });
        await account.PatchAsync($"contacts/{all[2]}", new { fields = new Dictionary<string, string> { [$"{field}"] = "99" } });
        var undo = await account.PostAsync($"contacts/bulk/{job["id"]}/undo", new { });

        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await wrong.Content.ReadAsStringAsync()).ShouldContain("/settings/value");
        Figures(undo).ShouldBe("finished 3 of 3, 2 changed, 1 skipped");
        var values = (await account.GetAsync($"contacts?sort=email&fields={field}"))["items"]!.AsArray().Select(c => (string?)c!["fields"]![$"{field}"]);
        values.ShouldBe(["7", null, "99"]);
    }

    [Fact]
    public async Task Subscriptions_come_and_go_as_they_were_and_nobody_is_subscribed_against_his_own_word()
    {
        var (account, _) = await PeopleAsync(4);
        var all = await IdsAsync(account);
        var list = await account.NewListAsync();
        await account.PutAsync($"contacts/{all[0]}/subscriptions/{list}", new { status = "active" });
        await EndByContactAsync(account, all[1], list);

        var joined = await account.PostAsync("contacts/bulk", new { action = "list.subscribe", settings = new { list }, contact_ids = all });
        Figures(joined).ShouldBe("finished 4 of 4, 2 changed, 2 skipped");
        var left = await account.PostAsync("contacts/bulk", new { action = "list.unsubscribe", settings = new { list }, contact_ids = all });
        Figures(left).ShouldBe("finished 4 of 4, 3 changed, 1 skipped");
        // Clicks the link although we had taken him off already.
        await EndByContactAsync(account, all[2], list);
        await account.PostAsync($"contacts/bulk/{left["id"]}/undo", new { });
        (await StandingAsync(account, list)).ShouldBe([(all[0], "active"), (all[1], "unsubscribed"), (all[2], "unsubscribed"), (all[3], "active")]);
        await account.PostAsync($"contacts/bulk/{joined["id"]}/undo", new { });
        (await StandingAsync(account, list)).ShouldBe([(all[0], "active"), (all[1], "unsubscribed"), (all[2], "unsubscribed")]);
    }

    [Fact]
    public async Task Deleting_says_so_and_cannot_be_taken_back_and_what_became_of_contacts_is_kept_a_week()
    {
        var (account, _) = await PeopleAsync(3);
        var job = await account.PostAsync("contacts/bulk", new { action = "contact.delete", settings = new { }, filter = new { text = "p" }, expected = 3 });

        Figures(job).ShouldBe("finished 3 of 3, 3 changed, 0 skipped");
        job["undo_until"].ShouldBeNull();
        (await IdsAsync(account)).ShouldBeEmpty();
        ((int)(await account.GetAsync($"contacts/bulk/{job["id"]}/items"))["items"]!.AsArray().Count).ShouldBe(3);
        await using var work = await account.BeginAsync();
        (await Sql.Of($"select action from accounts.audit where account_id = {account.Id} and action like 'contact.%' and action <> 'contact.create' order by id")
            .ListAsync<string>(work, CancellationToken.None)).ShouldBe(["contact.bulk", "contact.delete"]);
    }

    [Fact]
    public async Task Another_tenant_sees_and_stops_nothing()
    {
        var (owner, tag) = await PeopleAsync(300);
        var stranger = await product.NewAccountAsync();
        var job = await owner.PostAsync("contacts/bulk", new { action = "tag.add", settings = new { tag }, filter = new { } });

        (await stranger.App.GetAsync(new Uri($"contacts/bulk/{job["id"]}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.App.PostAsJsonAsync($"contacts/bulk/{job["id"]}/cancel", new { })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.App.PostAsJsonAsync("contacts/bulk", new { action = "tag.add", settings = new { tag }, filter = new { } }))
            .StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        await UntilDoneAsync(Worker(), owner, job);
        (await TaggedAsync(owner, tag)).Count.ShouldBe(300);
    }

    [Fact]
    public async Task One_contact_that_fails_is_reported_with_its_reason_and_all_others_go_through()
    {
        var (account, tag) = await PeopleAsync(1_300);
        var bad = (await IdsAsync(account))[700];
        await RefuseAsync("contacts.contact_tag", $"contact_id <> {bad}");
        var job = await account.PostAsync("contacts/bulk", new { action = "tag.add", settings = new { tag }, filter = new { } });

        await UntilDoneAsync(Worker(), account, job);
        var after = await account.GetAsync($"contacts/bulk/{job["id"]}");
        var left = (await account.GetAsync($"contacts/bulk/{job["id"]}/items?changed=false"))["items"]!.AsArray();

        Figures(after).ShouldBe("finished 1300 of 1300, 1299 changed, 1 skipped");
        ((string)after["reasons"]![0]!["reason"]!, (string)after["reasons"]![0]!["text"]!).ShouldBe(("failed", "Could not be changed"));
        ((long)left.ShouldHaveSingleItem()!["contact_id"]!).ShouldBe(bad);
        ((string)left[0]!["detail"]!).ShouldContain("23514");
        (await TaggedAsync(account, tag)).Count.ShouldBe(1_299);
        await using (var work = await account.BeginAsync())
        {
            (await Sql.Of($"select count(*) from activities.activity where account_id = {account.Id} and kind = 'tag.added'").FirstAsync<long>(work, CancellationToken.None))
                .ShouldBe(1_299);
        }

        var undo = await account.PostAsync($"contacts/bulk/{job["id"]}/undo", new { });
        await UntilDoneAsync(Worker(), account, undo);
        (await TaggedAsync(account, tag)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_fails_for_everybody_fails_the_job_and_not_a_thousand_times()
    {
        var (account, tag) = await PeopleAsync(300);
        await RefuseAsync("contacts.contact_tag", $"account_id <> {account.Id}");
        var job = await account.PostAsync("contacts/bulk", new { action = "tag.add", settings = new { tag }, filter = new { } });
        var worker = Worker();
        for (var i = 0; i < 5; i++)
        {
            await Should.ThrowAsync<Npgsql.PostgresException>(() => worker.RunOnceAsync(CancellationToken.None));
        }

        var after = await account.GetAsync($"contacts/bulk/{job["id"]}");
        ((string)after["state"]!, (long)after["changed"]!).ShouldBe(("failed", 0));
    }

    /// <summary>The table takes no such row any more, as if a rule of the database had been forgotten by the code.</summary>
    private async Task RefuseAsync(string table, string rule)
    {
        await using var owner = new Npgsql.NpgsqlConnection(product.OwnerConnectionString);
        await owner.OpenAsync();
        await using var command = owner.CreateCommand();
#pragma warning disable CA2100 // Made of numbers, above.
        command.CommandText = $"alter table {table} add check ({rule}) not valid";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private RunBulkJobs Worker() => new(
        product.Database, product.Services.GetRequiredService<Catalogue<BulkAction>>(), product.Services.GetRequiredService<IAccountSettings>(),
        product.Services.GetRequiredService<IActivityLog>(), product.Services.GetRequiredService<TimeProvider>(), NullLogger<RunBulkJobs>.Instance);

    private async Task<(TestAccount Account, long Tag)> PeopleAsync(int count)
    {
        var account = await product.NewAccountAsync();
        var tag = (long)(await account.PostAsync("tags", new { name = "vip" }))["id"]!;
        await using var work = await account.BeginAsync();
        await Sql.Of($"""
            insert into contacts.contact (account_id, email, created_at, updated_at)
            select {account.Id}, 'p' || to_char(n, 'FM00000') || '@example.com', now(), now() from generate_series(1, {count}) n order by n
            """).ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return (account, tag);
    }

    private static async Task<List<long>> IdsAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"select id from contacts.contact where account_id = {account.Id} order by email").ListAsync<long>(work, CancellationToken.None);
    }

    private static async Task<List<long>> TaggedAsync(TestAccount account, long tag)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"select contact_id from contacts.contact_tag where account_id = {account.Id} and tag_id = {tag} order by contact_id")
            .ListAsync<long>(work, CancellationToken.None);
    }

    private static async Task<List<(long, string)>> StandingAsync(TestAccount account, long list)
    {
        await using var work = await account.BeginAsync();
        return (await Sql.Of($"select contact_id, status from contacts.subscription where account_id = {account.Id} and list_id = {list} order by contact_id")
            .ListAsync<Row>(work, CancellationToken.None)).ConvertAll(r => (r.Id, r.Status));
    }

    private async Task EndByContactAsync(TestAccount account, long contact, long list)
    {
        await using var work = await account.BeginAsync();
        var subscriptions = product.Services.GetRequiredService<ISubscriptions>();
        await subscriptions.SubscribeAsync(work.Transaction, account.Id, [contact], list, ContactSource.Form, force: false, CancellationToken.None);
        await subscriptions.UnsubscribeAsync(work.Transaction, account.Id, [contact], [list], "link", reason: null, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private static async Task UntilDoneAsync(RunBulkJobs worker, TestAccount account, JsonNode job)
    {
        for (var rounds = 0; (string)(await account.GetAsync($"contacts/bulk/{job["id"]}"))["state"]! == "running"; rounds++)
        {
            rounds.ShouldBeLessThan(100);
            await worker.RunOnceAsync(CancellationToken.None);
        }
    }

    /// <summary>What half a minute would do.</summary>
    private static async Task LeaseEndsAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        await Sql.Of($"update contacts.bulk_job set worker_until = now() - interval '1 second' where account_id = {account.Id}").ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private static string Figures(JsonNode job) =>
        $"{job["state"]} {job["done"]} of {job["total"]}, {job["changed"]} changed, {job["skipped"]} skipped";

    private sealed record Row(long Id, string Status);
}
