using Millrace.Host.Commands;
using Millrace.Kernel.Data;

namespace Millrace.Product.Tests.Commands;

/// <summary>Whoever starts with <c>--demo</c> sees a product in use.</summary>
public sealed class The_demo_account(TestKit.Product product) : IClassFixture<TestKit.Product>
{
    private sealed record Demo(long Contacts, long Inside, long Opened, long Clicked, long Engaged, long Messages, long Notes, long Steps, long Days);

    [Fact]
    public async Task Has_people_in_its_automations_and_readers_of_its_mails_and_is_made_once()
    {
        await DemoAccount.AddAsync(product.Services, product.Address, TestContext.Current.CancellationToken);
        await DemoAccount.AddAsync(product.Services, product.Address, TestContext.Current.CancellationToken);

        await using var connection = await product.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var account = (await Sql.Of($"select id from accounts.account").ListAsync<long>(connection, CancellationToken.None)).ShouldHaveSingleItem();
        var demo = new Demo(0, 0, 0, 0, 0, 0, 0, 0, 0);
        await TestKit.Product.EventuallyAsync(
            async () =>
            {
                await using var work = await AccountTransaction.BeginAsync(product.Database, account, CancellationToken.None);
                demo = (await Sql.Of($"""
                    select (select count(*) from contacts.contact where account_id = {account}),
                           (select count(*) from automations.run where account_id = {account} and status = 'waiting'),
                           (select count(*) from messaging.send where account_id = {account} and read_at is not null),
                           (select count(*) from messaging.send where account_id = {account} and clicked_at is not null),
                           (select count(*) from contacts.contact_tag ct join contacts.tag t on t.account_id = ct.account_id and t.id = ct.tag_id
                            where ct.account_id = {account} and t.name = 'engaged'),
                           (select count(*) from messaging.message where account_id = {account}),
                           (select count(*) from contacts.note where account_id = {account}),
                           (select count(distinct step_key) from automations.run where account_id = {account} and status = 'waiting'),
                           (select count(distinct created_at::date) from contacts.contact where account_id = {account})
                    """).FirstAsync<Demo>(work, CancellationToken.None))!;
                return demo.Engaged > 20;
            },
            "those who clicked have moved on");

        (demo.Contacts, demo.Notes).ShouldBe((500, 5));
        demo.Inside.ShouldBeGreaterThan(40);
        demo.Steps.ShouldBeGreaterThan(2, "they stand on different steps");
        demo.Days.ShouldBeGreaterThan(12, "they came one after the other");
        product.Now.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromHours(1), "it has arrived today");
        demo.Opened.ShouldBeGreaterThan(70);
        demo.Clicked.ShouldBeInRange(30, demo.Opened);
        demo.Messages.ShouldBeGreaterThan(4);
        await using var names = await AccountTransaction.BeginAsync(product.Database, account, CancellationToken.None);
        var segments = await Sql.Of($"select name from segments.segment where account_id = {account} order by name").ListAsync<string>(names, CancellationToken.None);
        segments.ShouldBe(["Customers who do not read us", "Engaged readers", "Good customers in Berlin"]);
    }
}
