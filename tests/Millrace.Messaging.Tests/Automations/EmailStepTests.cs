using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Json;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Automations;

public sealed class EmailStepTests(MailProduct product) : IClassFixture<MailProduct>
{
    [Fact]
    public async Task The_step_queues_a_mail_for_each_contact_and_skips_with_a_reason_those_who_may_not_be_mailed()
    {
        var account = await product.NewAccountAsync();
        var (good, silent) = (await account.AddContactAsync("good@step.example"), await AddWithoutAddressAsync(account));
        var settings = """{"subject":"Welcome, %FIRSTNAME|there%","from":{"name":"Ann","address":"ann@sender.example"},"html":"<p>Hi %FIRSTNAME|there%</p>"}""";

        var outcomes = await RunAsync(account, "email.send", settings, good, silent);

        outcomes[0].ShouldBe(StepOutcome.Continue);
        (outcomes[1].Kind, outcomes[1].Result).ShouldBe((StepOutcomeKind.Continue, "skipped_no_address"));
        await account.DispatchedAsync();
        product.Mail("good@step.example").Subject.ShouldBe("Welcome, Bob");
        await using var work = await account.BeginAsync();
        (await Sql.Of($"select automation_id from activities.activity where account_id = {account.Id} and kind = 'email.sent' and step_key = 'step'")
            .ListAsync<long>(work, CancellationToken.None)).ShouldBe([77L]);
    }

    [Fact]
    public async Task A_mail_made_in_a_transaction_that_rolls_back_is_made_again()
    {
        var account = await product.NewAccountAsync();
        var outbox = product.Services.GetRequiredService<IOutbox>();
        await using (var work = await account.BeginAsync())
        {
            // The second finds what the first has made, which nobody else will ever see.
            var first = await outbox.FreezeStepAsync(work.Transaction, account.Id, 900, "lost", Mailing.Content(), CancellationToken.None);
            (await outbox.FreezeStepAsync(work.Transaction, account.Id, 900, "lost", Mailing.Content(), CancellationToken.None)).ShouldBe(first);
        }

        var refused = await account.QueueAsync([await account.AddContactAsync("later@step.example")], step: "lost");

        refused.ShouldBe([null]);
    }

    [Fact]
    public async Task Running_the_same_visit_again_mails_nobody_twice()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("again@step.example");
        const string settings = """{"subject":"Once","from":{"address":"ann@sender.example"},"html":"<p>Hi</p>"}""";

        await RunAsync(account, "email.send", settings, contact);
        await RunAsync(account, "email.send", settings, contact);

        (await account.DispatchedAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Notifying_mails_users_and_addresses_about_the_contact()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("subject@step.example", "Zoe");
        var settings = $$"""
            {"users":[{{account.UserId}}],"addresses":["team@notify.example"],"subject":"About %FIRSTNAME%","text":"See %EMAIL%\nnow <b>"}
            """;
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"update accounts.account set sender_email = 'us@sender.example' where id = {account.Id}").ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        await RunAsync(account, "user.notify", settings, contact);
        await account.DispatchedAsync();

        product.Mail(account.Email).Subject.ShouldBe("About Zoe");
        var mail = product.Mail("team@notify.example");
        mail.TextBody.ShouldNotBeNull().ShouldContain("See subject@step.example");
        mail.Root.Header("List-Unsubscribe").ShouldBeNull();
        (await account.ActivitiesOfKindAsync(contact, "email.sent")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_transactional_template_goes_once_to_each_with_values_of_the_contact()
    {
        var account = await product.NewAccountAsync();
        var (ann, silent) = (await account.AddContactAsync("ann@transact.example", "Ann <b>"), await AddWithoutAddressAsync(account));
        var (server, other) = ((long)(await account.PostAsync("mail-servers", new { name = "Shop" }))["id"]!, (long)(await account.PostAsync("mail-servers", new { name = "Other" }))["id"]!);
        var template = (long)(await account.PostAsync($"mail-servers/{server}/templates", new
        {
            name = "Receipt",
            subject = "For {{contact.first_name}}",
            html = "<p>{{order.for}} {{contact.email}} {{missing}}</p>",
        }))["id"]!;
        var settings = $$"""{"template":{{template}},"from":"shop@sender.example","model":"order.for = %FIRSTNAME|you% & Co\n# a remark","tag":"receipt"}""";

        var outcomes = await RunAsync(account, "transactional.send", settings, ann, silent);
        await RunAsync(account, "transactional.send", settings, ann, silent);

        (outcomes[0].Result ?? "", outcomes[1].Result).ShouldBe((StepOutcome.Continue.Result ?? "", "skipped_no_address"));
        (await account.DispatchedAsync()).ShouldHaveSingleItem();
        var mail = product.Mail("ann@transact.example");
        mail.Subject.ShouldBe("For Ann <b>");
        mail.HtmlBody.ShouldNotBeNull().ShouldContain("Ann &lt;b&gt; &amp; Co ann@transact.example");
        mail.Root.Header("List-Unsubscribe").ShouldBeNull();
        await using var work = await account.BeginAsync();
        var strange = await Sql.Of($"select id from messaging.mail_stream where account_id = {account.Id} and server_id = {other} and key = 'outbound'").FirstAsync<long>(work, CancellationToken.None);
        var action = product.Services.GetRequiredService<Catalogue<AutomationAction>>().Find("transactional.send")!;
        var wrong = JsonSerializer.Deserialize($$"""{"template":{{template}},"stream":{{strange}}}""", action.SettingsType, AppJson.Options)!;
        (await action.CheckAsync(work.Transaction, account.Id, wrong, CancellationToken.None)).Select(p => p.Path).ShouldBe(["/stream"]);
    }

    [Theory]
    [InlineData("transactional.send", """{"template":1,"model":"no value"}""", "/model")]
    [InlineData("transactional.send", """{"template":1,"model":"contact.email = x"}""", "/model")]
    [InlineData("transactional.send", """{"template":1,"model":"a = %IF x"}""", "/model")]
    [InlineData("email.send", """{"subject":"","html":"<p>x</p>"}""", "/subject")]
    [InlineData("email.send", """{"subject":"Hi"}""", "/html")]
    [InlineData("email.send", """{"subject":"Hi","html":"<p>%IF x</p>"}""", "/html")]
    [InlineData("email.send", """{"subject":"Hi","html":"<p>x</p>","from":{"address":"nobody"}}""", "/from/address")]
    [InlineData("user.notify", """{"subject":"Hi","text":"x"}""", "/users")]
    [InlineData("user.notify", """{"subject":"Hi","text":"x","addresses":["nobody"]}""", "/addresses/0")]
    public void Settings_that_cannot_be_sent_are_named(string key, string settings, string path)
    {
        var action = product.Services.GetRequiredService<Catalogue<AutomationAction>>().Find(key)!;

        action.Check(JsonSerializer.Deserialize(settings, action.SettingsType, AppJson.Options)!).Select(c => c.Path).ShouldContain(path);
    }

    [Fact]
    public void Triggers_leave_machines_out()
    {
        var triggers = product.Services.GetRequiredService<Catalogue<AutomationTrigger>>();
        var opened = triggers.Find("email.opened")!;
        var any = JsonSerializer.Deserialize("{}", opened.SettingsType, AppJson.Options)!;
        var one = JsonSerializer.Deserialize("""{"message":5}""", opened.SettingsType, AppJson.Options)!;

        opened.Matches(new EmailOpened(1, 5, 9), any).ShouldBeTrue();
        opened.Matches(new EmailOpened(1, 5, 9), one).ShouldBeTrue();
        opened.Matches(new EmailOpened(1, 6, 9), one).ShouldBeFalse();
        opened.Matches(new EmailOpened(1, 5, 9, "proxy"), any).ShouldBeFalse();
        var clicked = triggers.Find("email.clicked")!;
        var link = JsonSerializer.Deserialize("""{"link":"https://a.example/"}""", clicked.SettingsType, AppJson.Options)!;
        clicked.Matches(new EmailClicked(1, 5, 9, 1, "https://a.example/"), link).ShouldBeTrue();
        clicked.Matches(new EmailClicked(1, 5, 9, 2, "https://b.example/"), link).ShouldBeFalse();
        clicked.Matches(new EmailClicked(1, 5, 9, 1, "https://a.example/", "scanner"), link).ShouldBeFalse();
    }

    private async Task<StepOutcome[]> RunAsync(TestAccount account, string key, string settings, params long[] contacts)
    {
        var action = product.Services.GetRequiredService<Catalogue<AutomationAction>>().Find(key)!;
        await using var work = await account.BeginAsync();
        var runs = contacts.Select((c, i) => new BatchRun(100 + i, c, 1, product.Now, product.Now, null, false)).ToList();
        var batch = new ActionBatch(work.Transaction, account.Id, 77, "step", "UTC", product.Now, runs);
        var outcomes = await action.ExecuteAsync(batch, JsonSerializer.Deserialize(settings, action.SettingsType, AppJson.Options)!, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return outcomes;
    }

    private static async Task<long> AddWithoutAddressAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        var now = account.Product.Now;
        var id = await Sql.Of($"insert into contacts.contact (account_id, created_at, updated_at) values ({account.Id}, {now}, {now}) returning id")
            .FirstAsync<long>(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return id;
    }
}
