using System.Net.Http.Json;
using Millrace.Kernel.Data;
using Millrace.Messaging.Suppression;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Suppression;

public sealed class ExclusionTests(MailProduct product) : IClassFixture<MailProduct>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(" Ann@Acme.Example, ", "exactly ann@acme.example")]
    [InlineData("acme.example", "domain acme.example")]
    [InlineData("*@Acme.example", "domain acme.example")]
    [InlineData("\"@acme.example\"", "domain acme.example")]
    [InlineData("acme", null)]
    [InlineData("a@b@c.example", null)]
    [InlineData("", null)]
    public void An_entry_is_read_as_what_it_is(string text, string? expected) =>
        (ExclusionEntry.TryRead(text, null, out var entry, out _) ? $"{EnumNames<ExclusionMode>.NameOf(entry.Mode)} {entry.Pattern}" : null).ShouldBe(expected);

    [Fact]
    public async Task Entries_hold_mail_back_until_they_are_taken_off()
    {
        var account = await product.NewAccountAsync();
        var (ann, bob) = (await account.AddContactAsync("ann@acme.example"), await account.AddContactAsync("bob@other.example"));

        var imported = await account.PostAsync("exclusions/import", new { entries = new[] { "acme.example", "", "carl@acme.example", "ACME.example", "nonsense" } });

        (imported["added"]!.GetValue<int>(), imported["already"]!.GetValue<int>(), imported["refused"]!.GetValue<int>()).ShouldBe((2, 1, 1));
        imported["examples"]![0]!["line"]!.GetValue<int>().ShouldBe(5);
        (await account.QueueAsync([ann, bob])).ShouldBe(["excluded", null]);
        var found = (await account.GetAsync("exclusions?search=carl"))["exclusions"]!.AsArray().ShouldHaveSingleItem()!;
        found["mode"]!.GetValue<string>().ShouldBe("exactly");
        var domain = (await account.GetAsync("exclusions"))["exclusions"]!.AsArray().Single(e => e!["mode"]!.GetValue<string>() == "domain")!;
        (await account.App.DeleteAsync(new Uri($"exclusions/{domain["id"]}", UriKind.Relative), Token)).EnsureSuccessStatusCode();
        (await account.QueueAsync([ann], runId: 2)).ShouldBe([null]);
    }

    [Fact]
    public async Task An_entry_twice_or_of_a_strange_list_is_refused()
    {
        var account = await product.NewAccountAsync();
        await account.PostAsync("exclusions", new { pattern = "ends.example", mode = "ends_with" });

        (await StatusAsync(account, new { pattern = "ends.example", mode = "ends_with" })).ShouldBe(409);
        (await StatusAsync(account, new { pattern = "x" })).ShouldBe(422);
        (await StatusAsync(account, new { pattern = "a@b.example", list_ids = new[] { 4711 } })).ShouldBe(422);
    }

    [Fact]
    public async Task A_bounce_can_be_lifted_by_hand_an_unsubscribe_cannot()
    {
        var account = await product.NewAccountAsync();
        var gone = await account.AddContactAsync("r-550-5.1.1+gone@lift.example");
        await account.QueueAsync([gone]);
        await account.DispatchedAsync();
        (await account.QueueAsync([gone], runId: 2)).ShouldBe(["bounced"]);
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"""
                insert into messaging.suppression (account_id, address, reason, rank, suppressed_at) values ({account.Id}, 'left@lift.example', 'unsubscribe', 4, {product.Now})
                """).ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var listed = (await account.GetAsync("suppressions"))["suppressions"]!.AsArray();
        listed.Select(s => (s!["address"]!.GetValue<string>(), s["can_lift"]!.GetValue<bool>())).ShouldBe([("left@lift.example", false), ("r-550-5.1.1+gone@lift.example", true)]);
        (await LiftAsync(account, "left@lift.example")).ShouldBe(409);
        (await LiftAsync(account, "stranger@lift.example")).ShouldBe(404);
        (await LiftAsync(account, "r-550-5.1.1+gone@lift.example")).ShouldBe(204);
        (await account.QueueAsync([gone], runId: 3)).ShouldBe([null]);
    }

    [Fact]
    public async Task The_health_of_the_stream_tells_what_waits_and_who_puts_us_off()
    {
        var account = await product.NewAccountAsync();
        var contacts = new List<long>();
        foreach (var address in new[] { "fine@well.example", "r-450+later@busy.example", "r-450+again@busy.example" })
        {
            contacts.Add(await account.AddContactAsync(address));
        }

        await account.QueueAsync(contacts);
        await account.DispatchedAsync();

        var health = await account.GetAsync("sending/health");
        (health["sent"]!.GetValue<int>(), health["deferred"]!.GetValue<int>(), health["waiting"]!.GetValue<int>()).ShouldBe((1, 2, 0));
        var busy = health["domains"]!.AsArray().ShouldHaveSingleItem()!;
        (busy["domain"]!.GetValue<string>(), busy["mails"]!.GetValue<int>()).ShouldBe(("busy.example", 2));
        busy["reply"]!.GetValue<string>().ShouldNotBeEmpty();
        await account.PostAsync("sending/pause", new { });
        (await account.GetAsync("sending/health"))["pause"]!["reason"]!.GetValue<string>().ShouldBe("by_user");
    }

    private static async Task<int> LiftAsync(TestAccount account, string address)
    {
        using var answer = await account.App.DeleteAsync(new Uri($"suppressions?address={Uri.EscapeDataString(address)}", UriKind.Relative), Token);
        return (int)answer.StatusCode;
    }

    private static async Task<int> StatusAsync(TestAccount account, object body)
    {
        using var answer = await account.App.PostAsJsonAsync("exclusions", body, Token);
        return (int)answer.StatusCode;
    }
}
