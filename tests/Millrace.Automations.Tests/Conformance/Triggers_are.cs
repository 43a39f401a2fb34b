using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;
using Millrace.PersonalMail.Contracts;
using Millrace.Tracking.Contracts;

namespace Millrace.Automations.Tests.Conformance;

/// <summary>2.4: what sets an automation off. One line per rule: the gate, what happens, and how many of it let somebody in.</summary>
internal sealed class Triggers_are : RuleTable
{
    private const string Wait = """[ { "id": "w", "type": "wait.for", "duration": "P3000D" } ]""";

    public Triggers_are()
        : base("2.4")
    {
        Lets("Subscribes to a list: that one", """ "type": "list.subscribed", "list": "One ~" """, 1, async (c, who) =>
            [new ListSubscribed(who, await ListAsync(c, "One"), "form"), new ListSubscribed(who, await ListAsync(c, "Two"), "form")]);
        Lets("Subscribes to a list: any", """ "type": "list.subscribed" """, 2, async (c, who) =>
            [new ListSubscribed(who, await ListAsync(c, "One"), "form"), new ListSubscribed(who, await ListAsync(c, "Two"), "form")]);
        Lets("Unsubscribes from a list: that one", """ "type": "list.unsubscribed", "list": "One ~" """, 1, async (c, who) =>
            [new ListUnsubscribed(who, await ListAsync(c, "One"), "contact", null), new ListUnsubscribed(who, await ListAsync(c, "Two"), "contact", null)]);
        Lets("Unsubscribes from a list: any, by whomever", """ "type": "list.unsubscribed" """, 2, async (c, who) =>
            [new ListUnsubscribed(who, await ListAsync(c, "One"), "contact", null), new ListUnsubscribed(who, await ListAsync(c, "Two"), "automation", null)]);
        Lets("Tag is added: that one", """ "type": "tag.added", "tag": "mine ~" """, 1, async (c, who) =>
            [new TagAdded(who, await TagAsync(c, "mine")), new TagAdded(who, await TagAsync(c, "other"))]);
        Lets("Tag is removed: that one", """ "type": "tag.removed", "tag": "mine ~" """, 1, async (c, who) =>
            [new TagRemoved(who, await TagAsync(c, "mine")), new TagRemoved(who, await TagAsync(c, "other")), new TagAdded(who, await TagAsync(c, "mine"))]);
        Lets("A tag that was merged into another sets nothing off", """ "type": "tag.added", "tag": "mine ~" """, 0, async (c, who) =>
            [new TagMerged(who, await TagAsync(c, "mine"), await TagAsync(c, "other"), Gained: true)]);
        Lets("Event is recorded: that one", """ "type": "event.recorded", "event": "came ~" """, 1, async (c, who) =>
            [new EventRecorded(who, await EventAsync(c, "came"), c.Own("came"), null), new EventRecorded(who, await EventAsync(c, "went"), c.Own("went"), null)]);
        Lets("Event is recorded: any", """ "type": "event.recorded" """, 2, async (c, who) =>
            [new EventRecorded(who, await EventAsync(c, "came"), c.Own("came"), null), new EventRecorded(who, await EventAsync(c, "went"), c.Own("went"), "7")]);
        Lets("Opens a mail: any", """ "type": "email.opened" """, 2, (_, who) => Of(new EmailOpened(who, 900_001, 1), new EmailOpened(who, 900_002, 2)));
        Lets("Opens a mail: opens of machines do not count", """ "type": "email.opened" """, 0, (_, who) =>
            Of(new EmailOpened(who, 900_001, 1, Machine: "proxy"), new EmailOpened(who, 900_001, 1, Machine: "prefetch")));
        Lets("Opens a mail: that one", """ "type": "email.opened", "message": "Subject ~" """, 1, async (c, who) =>
            [new EmailOpened(who, await MessageAsync(c), 1), new EmailOpened(who, 900_002, 2)]);
        Lets("Clicks a link: any link of any mail", """ "type": "email.clicked" """, 2, (_, who) =>
            Of(new EmailClicked(who, 900_001, 1, 1, "https://a.example/"), new EmailClicked(who, 900_002, 2, 1, "https://b.example/")));
        Lets("Clicks a link: an exact link", """ "type": "email.clicked", "link": "https://a.example/" """, 1, (_, who) =>
            Of(new EmailClicked(who, 900_001, 1, 1, "https://a.example/"), new EmailClicked(who, 900_001, 1, 2, "https://a.example/more")));
        Lets("Clicks a link: clicks of scanners do not count", """ "type": "email.clicked" """, 0, (_, who) =>
            Of(new EmailClicked(who, 900_001, 1, 1, "https://a.example/", Machine: "scanner")));
        Lets("A mail bounces: hard ones only, where that is chosen", """ "type": "email.bounced", "hard_only": true """, 1, (_, who) =>
            Of(new EmailBounced(who, 900_001, 1, Hard: true, "no_user", 550), new EmailBounced(who, 900_001, 1, Hard: false, "full", 452)));
        Lets("A mail bounces: any", """ "type": "email.bounced" """, 2, (_, who) =>
            Of(new EmailBounced(who, 900_001, 1, Hard: true, "no_user", 550), new EmailBounced(who, 900_001, 1, Hard: false, "full", 452)));
        Lets("A mail is answered: that one", """ "type": "email.replied", "message": "Subject ~" """, 1, async (c, who) =>
            [new EmailReplied(who, await MessageAsync(c), 1, "Re: Subject", 1), new EmailReplied(who, 900_002, 2, "Re: Other", 2)]);
        Lets("A mail is forwarded: that one", """ "type": "email.forwarded", "message": "Subject ~" """, 1, async (c, who) =>
            [new EmailForwarded(who, await MessageAsync(c), 1, 2), new EmailForwarded(who, 900_002, 2, 1)]);
        Lets("A mail is shared: on that network", """ "type": "email.shared", "network": "linkedin" """, 1, (_, who) =>
            Of(new EmailShared(who, 900_001, 1, "linkedin"), new EmailShared(who, 900_001, 1, "x")));
        Lets("A mail is reported as spam: any", """ "type": "email.complained" """, 1, (_, who) =>
            Of(new EmailComplained(who, 900_001, 1, "abuse")));
        Lets("Contact field changes: a standard one", """ "type": "field.changed", "field": "First name" """, 1, (_, who) =>
            Of(new FieldChanged(who, null, "first_name", "Ann", "Bea"), new FieldChanged(who, null, "last_name", "Lee", "Ray")));
        Lets("The contact only: what happens to another sets nothing off for this one", """ "type": "tag.added", "tag": "mine ~" """, 0, async (c, _) =>
            [new TagAdded(await c.ContactAsync(), await TagAsync(c, "mine"))]);
        Lets("Clicks a link: a link of that mail only", """ "type": "email.clicked", "message": "Subject ~" """, 1, async (c, who) =>
            [new EmailClicked(who, await MessageAsync(c), 1, 1, "https://a.example/"), new EmailClicked(who, 900_002, 2, 1, "https://a.example/")]);
        Lets("A mail is answered: any", """ "type": "email.replied" """, 2, (_, who) =>
            Of(new EmailReplied(who, 900_001, 1, "Re: Subject", 1), new EmailReplied(who, 900_002, 2, "Re: Other", 2)));
        Lets("A mail is shared: anywhere", """ "type": "email.shared" """, 2, (_, who) =>
            Of(new EmailShared(who, 900_001, 1, "linkedin"), new EmailShared(who, 900_001, 1, "x")));
        Lets("Opens a transactional mail: by its tag and words of its subject", """ "type": "transactional.opened", "tag": "receipt", "subject": "order" """, 1, (_, who) =>
            Of(new TransactionalOpened(who, 1, 1, "receipt", "Your order 5"), new TransactionalOpened(who, 1, 2, "reset", "Your order 6"), new TransactionalOpened(who, 1, 3, "receipt", "Hello")));
        Lets("Opens a transactional mail: opens of machines do not count", """ "type": "transactional.opened" """, 0, (_, who) =>
            Of(new TransactionalOpened(who, 1, 1, "receipt", "Your order 5", Machine: "proxy")));
        Lets("A 1:1 mail is sent: by that subject", """ "type": "personal.sent", "subject": "offer" """, 1, (_, who) =>
            Of(new PersonalSent(who, 900_001, "My Offer", 1), new PersonalSent(who, 900_002, "Hello", 1)));
        Lets("Opens a 1:1 mail: that subject, by a person", """ "type": "personal.opened", "subject": "offer" """, 1, (_, who) =>
            Of(new PersonalOpened(who, 900_001, "My offer"), new PersonalOpened(who, 900_001, "My offer", Machine: "proxy"), new PersonalOpened(who, 900_002, "Hello")));
        Lets("Clicks a link of a 1:1 mail: an exact link", """ "type": "personal.clicked", "link": "https://a.example/" """, 1, (_, who) =>
            Of(new PersonalClicked(who, 900_001, "Offer", "https://a.example/"), new PersonalClicked(who, 900_001, "Offer", "https://a.example/more"),
               new PersonalClicked(who, 900_001, "Offer", "https://a.example/", Machine: "scanner")));
        Lets("A 1:1 mail is answered: by that subject", """ "type": "personal.replied", "subject": "offer" """, 1, (_, who) =>
            Of(new PersonalReplied(who, 900_001, "My offer", 1, "Re: My offer"), new PersonalReplied(who, 900_002, "Hello", 2, "Re: Hello")));
        Lets("File is downloaded: that name with its ending", """ "type": "personal.file_downloaded", "file": "price list.pdf" """, 1, (_, who) =>
            Of(new PersonalFileDownloaded(who, 900_001, "Offer", "price list.pdf"), new PersonalFileDownloaded(who, 900_001, "Offer", "price list")));
        Add("Runs multiple after a subscription: again after an unsubscribe and a new one", async c =>
        {
            var automation = await c.AutomationAsync($$"""{ "triggers": [ { "type": "list.subscribed", "list": "One ~", "runs": "multiple" } ], "steps": {{Wait}} }""");
            var contact = await c.ContactAsync();
            var list = await ListAsync(c, "One");
            var subscriptions = (ISubscriptions)c.Services.GetService(typeof(ISubscriptions))!;
            foreach (var again in new[] { true, true, false, true })
            {
                // A second subscription in a row changes nothing, so nothing happens.
                await using var work = await c.Scenario.Account.BeginAsync();
                _ = again
                    ? (await subscriptions.SubscribeAsync(work.Transaction, c.AccountId, [contact], list, "test", force: true, CancellationToken.None)).Count
                    : await subscriptions.UnsubscribeAsync(work.Transaction, c.AccountId, [contact], [list], "contact", null, CancellationToken.None);
                await work.CommitAsync(CancellationToken.None);
                await c.SettledAsync();
            }

            (await c.EntriesAsync(automation, contact)).ShouldBe(2);
        });
        Add("Runs multiple after a tag: again after it was taken off", async c =>
        {
            var automation = await c.AutomationAsync($$"""{ "triggers": [ { "type": "tag.added", "tag": "mine ~", "runs": "multiple" } ], "steps": {{Wait}} }""");
            var contact = await c.ContactAsync();
            await c.TagAsync("mine", contact);
            await c.UntagAsync("mine", contact);
            await c.TagAsync("mine", contact);
            await c.SettledAsync();
            (await c.EntriesAsync(automation, contact)).ShouldBe(2);
        });
        Add("Manual add: may begin at a chosen step", async c =>
        {
            var automation = await c.StepsAsync("""[ { "id": "a", "type": "tag.add", "tag": "a ~" }, { "id": "b", "type": "tag.add", "tag": "b ~" }, { "id": "w", "type": "wait.for", "duration": "P3000D" } ]""");
            var contact = await c.ContactAsync();
            await c.Scenario.Account.PostAsync($"automations/{automation}/contacts", new { contact_ids = new[] { contact }, step = "b" });
            await c.BecomesAsync(automation, contact, "waiting:w");
            (await c.PathAsync(automation, contact)).ShouldBe("b=done");
        });
    }

    /// <param name="gate">Members of the trigger; it runs as often as it happens.</param>
    /// <param name="entries">How often the contact must have entered.</param>
    private void Lets(string name, string gate, int entries, Func<Case, long, Task<IActivity[]>> happens) => Add(name, async c =>
    {
        var contact = await c.ContactAsync();
        if (gate.Contains("\"message\"", StringComparison.Ordinal))
        {
            await c.StepsAsync("""[ { "id": "m", "type": "email.send", "subject": "Subject ~", "from": { "address": "ann@sender.example" }, "html": "<p>Hello</p>" } ]""", "Has the mail");
        }

        var automation = await c.AutomationAsync($$"""{ "triggers": [ { {{gate}}, "runs": "multiple" } ], "steps": {{Wait}} }""");
        await c.HappenAsync(await happens(c, contact));
        await c.SettledAsync();
        (await c.EntriesAsync(automation, contact)).ShouldBe(entries);
    });

    private static Task<IActivity[]> Of(params IActivity[] activities) => Task.FromResult(activities);

    private static Task<long> TagAsync(Case c, string name) => c.Scenario.TagAsync(c.Own(name));

    private static Task<long> ListAsync(Case c, string name) => ThingAsync(c, "list", name);

    private static Task<long> EventAsync(Case c, string name) => ThingAsync(c, "event", name);

    private static async Task<long> MessageAsync(Case c) =>
        await c.Scenario.QueryAsync<long>(Sql.Of($"select max(id) from messaging.message where account_id = {c.AccountId} and name = {c.Own("Subject")}"));

    private static async Task<long> ThingAsync(Case c, string source, string name)
    {
        var known = ((Catalogue<ReferenceSource>)c.Services.GetService(typeof(Catalogue<ReferenceSource>))!).Find(source)!;
        await using var work = await c.Scenario.Account.BeginAsync();
        if ((await known.ByNamesAsync(work, c.AccountId, [c.Own(name)], CancellationToken.None)) is [var found, ..])
        {
            return found.Id;
        }

        var made = await known.CreateAsync(work, c.AccountId, c.Own(name), c.Now, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return made.Id;
    }
}
