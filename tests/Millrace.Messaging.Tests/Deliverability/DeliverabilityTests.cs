using Millrace.Messaging.Deliverability;
using Millrace.Messaging.Tests.Inbound;
using Millrace.Messaging.Tests.Sending;
using static Millrace.Messaging.Deliverability.DeliverabilityResource;

namespace Millrace.Messaging.Tests.Deliverability;

public sealed class DeliverabilityTests(InboundProduct product) : IClassFixture<InboundProduct>
{
    [Fact]
    public async Task Figures_are_told_by_domain_and_day_and_what_came_back_was_not_delivered()
    {
        var account = await product.NewAccountAsync();
        var contacts = new List<long>();
        foreach (var name in new[] { "a@one.example", "b@one.example", "r-550-5.1.1@one.example", "r-450@one.example", "c@two.example", "r-550-5.7.1@two.example" })
        {
            contacts.Add(await account.AddContactAsync(name));
        }

        await account.QueueAsync(contacts);
        var sends = await account.DispatchedAsync();
        await product.ReceiveAsync(product.AddressFor(account, sends.Single(s => s.ContactId == contacts[1]).Id), InboundMails.Dsn("4.2.2", "452 4.2.2 full"));
        await account.WorkedOnAsync(1);
        await account.SettledAsync();

        var seen = await account.GetAsync("deliverability?days=7");
        seen["days"]!.AsArray().Count.ShouldBe(7);
        var one = seen["domains"]!.AsArray().Single(d => d!["domain"]!.GetValue<string>() == "one.example")!["figures"]!;
        Numbers(one).ShouldBe((3, 1, 1, 1, 0, 0, 1));
        Numbers(seen["total"]!).ShouldBe((5, 2, 1, 1, 1, 0, 1));
        Numbers((await account.GetAsync("deliverability?domain=Two.example"))["total"]!).ShouldBe((2, 1, 0, 0, 1, 0, 0));
        var log = (await account.GetAsync("sends?search=b@one.example"))["sends"]!.AsArray().ShouldHaveSingleItem()!;
        (log["state"]!.GetValue<string>(), log["bounced"]!.GetValue<string>()).ShouldBe(("sent", "mailbox_full"));
        var report = await account.GetAsync($"reports/account.mails");
        report.ToJsonString().ShouldContain("bounced");
    }

    [Fact]
    public void Warnings_begin_where_receivers_lose_patience()
    {
        static IEnumerable<string> Of(Figures total, params DomainFigures[] domains) => DeliverabilityWarnings.OfFigures(total, domains).Select(w => $"{w.Severity} {w.Code} {w.Subject}".Trim());

        Of(new(199, 100, 99, 0, 0, 50, 0)).ShouldBeEmpty();
        Of(new(1_000, 980, 20, 0, 0, 0, 0)).ShouldBe(["warning bounces"]);
        Of(new(1_000, 950, 40, 10, 0, 1, 0)).ShouldBe(["error bounces", "warning complaints"]);
        Of(new(1_000, 1_000, 0, 0, 0, 2, 0)).ShouldBe(["error complaints"]);
        Of(new(1_000, 1_000, 0, 0, 0, 0, 0), new DomainFigures("gmail.com", new(100, 94, 0, 0, 6, 0, 60))).ShouldBe(["warning blocked gmail.com", "warning deferrals gmail.com"]);
    }

    private static (long, long, long, long, long, long, long) Numbers(System.Text.Json.Nodes.JsonNode f) => (
        f["tried"]!.GetValue<long>(), f["delivered"]!.GetValue<long>(), f["hard"]!.GetValue<long>(), f["soft"]!.GetValue<long>(), f["block"]!.GetValue<long>(),
        f["complained"]!.GetValue<long>(), f["deferred"]!.GetValue<long>());
}
