using System.Net.Http.Json;
using Millrace.Mail.Receiving;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Sending.Routing;
using Millrace.Messaging.Suppression;
using Millrace.Messaging.Tests.Sending;
using Millrace.Mail.Smtp;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Senders;

public sealed class SendingPlanTests(MailProduct product) : IClassFixture<MailProduct>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mail_goes_by_rule_and_share_and_another_way_when_a_server_fails()
    {
        await using var second = FaultSink.Start();
        await using var third = FaultSink.Start();
        var account = await product.NewAccountAsync();
        var plan = await account.PutAsync("sending-plan", new
        {
            servers = new object[]
            {
                new { key = "b", name = "Second", host = "127.0.0.1", port = second.Port, tls = "none" },
                new { key = "c", name = "Third", host = "127.0.0.1", port = third.Port, tls = "none", user_name = "u", password = "secret" },
            },
            routes = new object[]
            {
                new { lane = "automation", domain = "Only.example", servers = new[] { new { server = "b", share = 1 } } },
                new { domain = "shared.example", servers = new[] { new { server = "0", share = 1 }, new { server = "b", share = 3 } } },
                new { domain = "broken.example", servers = new[] { new { server = "c", share = 1 }, new { server = "b", share = 0 } } },
            },
        });
        plan["servers"]![1]!["has_secret"]!.GetValue<bool>().ShouldBeTrue();
        plan.ToJsonString().ShouldNotContain("secret\"" + ":\"secret");

        var contacts = new List<long>();
        foreach (var domain in new[] { "only.example", "shared.example", "broken.example", "else.example" })
        {
            for (var i = 0; i < 20; i++)
            {
                contacts.Add(await account.AddContactAsync($"p{i}@{domain}"));
            }
        }

        await account.QueueAsync(contacts);

        // The third server knows no login: it is shut, and its mail goes the other way.
        await Product.EventuallyAsync(async () => (await account.SendsAsync()).TrueForAll(s => s.State == "sent"), "all is sent", 60);
        second.Messages.Count(m => To(m, "@only.example")).ShouldBe(20);
        second.Messages.Count(m => To(m, "@shared.example")).ShouldBeInRange(9, 19);
        second.Messages.Count(m => To(m, "@broken.example")).ShouldBe(20);
        second.Messages.Count(m => To(m, "@else.example")).ShouldBe(0);
        third.Count.ShouldBe(0);
        (await account.GetAsync("sending"))["pause"].ShouldBeNull();
        (await account.SendsAsync()).Select(s => s.ContactId).Distinct().Count().ShouldBe(80);
    }

    [Fact]
    public async Task A_warm_up_lets_so_many_go_a_day_and_more_each_day()
    {
        var account = await product.NewAccountAsync();
        var today = DateOnly.FromDateTime(product.Now.UtcDateTime);
        await account.PutAsync("sending-plan", new { warm_ups = new[] { new { domain = "warm.example", starts_on = today, first_volume = 5, growth = 2, target = 1_000 } } });
        var contacts = new List<long>();
        for (var i = 0; i < 12; i++)
        {
            contacts.Add(await account.AddContactAsync($"w{i}@warm.example"));
        }

        contacts.Add(await account.AddContactAsync("cold@other.example"));
        await account.QueueAsync(contacts);
        var sends = await account.DispatchedAsync();

        (sends.Count(s => s.State == "sent"), sends.Count(s => s is { State: "deferred", Reason: "warm_up" })).ShouldBe((6, 7));
        sends.Where(s => s.State == "deferred").ShouldAllBe(s => s.NextAt >= new DateTimeOffset(today.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero));
        var shown = (await account.GetAsync("sending-plan"))["warm_ups"]![0]!;
        (shown["today"]!.GetValue<int>(), shown["taken"]!.GetValue<int>()).ShouldBe((5, 5));

        await product.AdvanceAsync(TimeSpan.FromHours(25));
        await Product.EventuallyAsync(async () => (await account.SendsAsync()).TrueForAll(s => s.State == "sent"), "the rest goes on the next day");
    }

    [Fact]
    public async Task A_cap_of_the_account_is_never_exceeded()
    {
        var account = await product.NewAccountAsync();
        await account.PutAsync("sending-plan", new { limits = new[] { new { domain = "capped.example", per_second = 8.0, connections = 3 } } });
        var contacts = new List<long>();
        for (var i = 0; i < 20; i++)
        {
            contacts.Add(await account.AddContactAsync($"k{i}@capped.example"));
        }

        await account.QueueAsync(contacts);
        await account.DispatchedAsync();

        var times = product.Sink.Messages.Where(m => To(m, "@capped.example")).Select(m => m.ReceivedAt).Order().ToList();
        times.Count.ShouldBe(20);
        for (var i = 8; i < times.Count; i++)
        {
            (times[i] - times[i - 8]).TotalSeconds.ShouldBeGreaterThan(1.0);
        }
    }

    [Fact]
    public async Task A_plan_that_makes_no_sense_is_refused_with_the_place()
    {
        var account = await product.NewAccountAsync();
        (object Body, string Path)[] bad =
        [
            (new { servers = new[] { new { name = "", host = "a.example", port = 25, tls = "none" } } }, "/servers/0/name"),
            (new { servers = new[] { new { name = "x", host = "a b", port = 25, tls = "none" } } }, "/servers/0/host"),
            (new { servers = new[] { new { id = 999, name = "x", host = "a.example", port = 25, tls = "none" } } }, "/servers/0/id"),
            (new { routes = new[] { new { servers = new[] { new { server = "nine", share = 1 } } } } }, "/routes/0/servers"),
            (new { routes = new[] { new { servers = new[] { new { server = "0", share = 0 } } } } }, "/routes/0/servers"),
            (new { routes = new[] { new { lane = "fast", servers = new[] { new { server = "0", share = 1 } } } } }, "/routes/0/lane"),
            (new { limits = new[] { new { domain = "a b", per_second = 1.0, connections = 1 } } }, "/limits/0/domain"),
            (new { limits = new[] { new { domain = "a.example", per_second = 0.0, connections = 1 } } }, "/limits/0/per_second"),
            (new { warm_ups = new[] { new { starts_on = "2026-01-01", first_volume = 10, growth = 9, target = 100 } } }, "/warm_ups/0/growth"),
        ];
        foreach (var (body, path) in bad)
        {
            using var answer = await account.App.PutAsJsonAsync("sending-plan", body, Token);
            ((int)answer.StatusCode).ShouldBe(422, path);
            (await answer.Content.ReadAsStringAsync(Token)).ShouldContain($"\"{path}\"");
        }

        (await account.GetAsync("sending-plan"))["servers"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public void Volumes_rise_until_the_target_and_shares_are_kept()
    {
        var plan = new WarmUp(1, null, null, new DateOnly(2026, 1, 10), 200, 2m, 5_000);
        new[] { -1, 0, 1, 2, 4, 5, 300 }.Select(d => plan.VolumeOn(new DateOnly(2026, 1, 10).AddDays(d))).ShouldBe([0, 200, 400, 800, 3200, null, null]);

        var route = new PlannedRoute(null, null, [1, 2, 3], [1, 3, 0]);
        var picks = Enumerable.Range(1, 20_000).Select(i => route.Pick(i)).ToList();
        (picks.Count(p => p == 2) / 20_000.0).ShouldBeInRange(.73, .77);
        picks.ShouldNotContain(3);
        var servers = new SendingPlan([new(1, new("a", 25, SmtpTls.None)), new(2, new("b", 25, SmtpTls.None))], [route], new Dictionary<string, DomainCap>(), []);
        servers.OrderFor(2, "x.example", 7).Order().ShouldBe([0, 1, 2]);
        SendingPlan.None.OrderFor(2, "x.example", 7).ShouldBe([0]);
    }

    [Fact]
    public async Task Lists_of_another_service_are_taken_over_with_their_reasons()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("dead@import.example");
        var result = await account.PostAsync("suppressions/import", new
        {
            reason = "unsubscribe",
            entries = new object[]
            {
                new { address = "Dead@import.example", reason = "Hard Bounce" }, new { address = "spam@import.example", reason = "SpamComplaint" },
                new { address = "left@import.example" }, new { address = "spam@import.example", reason = "hard" }, new { address = "nonsense" },
                new { address = "who@import.example", reason = "because" }, new { address = "" },
            },
        });

        (result["stopped"]!.GetValue<int>(), result["already"]!.GetValue<int>(), result["refused"]!.GetValue<int>()).ShouldBe((3, 1, 2));
        result["examples"]!.AsArray().Select(e => e!["line"]!.GetValue<int>()).ShouldBe([5, 6]);
        (await account.QueueAsync([contact])).ShouldBe(["bounced"]);
        var listed = (await account.GetAsync("suppressions"))["suppressions"]!.AsArray();
        listed.Select(s => (s!["address"]!.GetValue<string>(), s["reason"]!.GetValue<string>()))
            .ShouldBe([("dead@import.example", "hard"), ("left@import.example", "unsubscribe"), ("spam@import.example", "complaint")]);
        ImportSuppressions.ReasonOf("Unsubscribed", SuppressionReason.Manual).ShouldBe(SuppressionReason.Unsubscribe);
    }

    private static bool To(SinkMessage message, string end) => message.To[0].EndsWith(end, StringComparison.Ordinal);
}
