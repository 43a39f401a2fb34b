using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Messages;

public sealed class ForgetTestsTests(MailProduct product) : IClassFixture<MailProduct>
{
    [Fact]
    public async Task Old_tests_go_with_their_content_and_nothing_else_does()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync("real@try.example");
        await account.QueueAsync([contact]);
        await account.PostAsync("messages/test", Test("Old and only old", "old@try.example", "r-550+no@try.example"));
        await account.PostAsync("messages/test", Test("Old, and sent again", "again@try.example"));
        await account.DispatchedAsync();
        await AgeAsync(account, days: 31);
        await account.PostAsync("messages/test", Test("Old, and sent again", "again@try.example"));
        await account.PostAsync("messages/test", Test("New", "new@try.example"));
        await account.DispatchedAsync();

        var pass = product.Services.GetRequiredService<ForgetTests>();
        (await pass.RunOnceAsync(CancellationToken.None)).ShouldBe(1);
        (await pass.RunOnceAsync(CancellationToken.None)).ShouldBe(0);

        (await SubjectsAsync(account)).ShouldBe(["Hello %FIRSTNAME|there%", "", "[Test] New", "[Test] Old, and sent again"], ignoreOrder: true);
        await account.PostAsync("messages/test", Test("Old and only old", "same@try.example"));
        (await SubjectsAsync(account)).ShouldContain("[Test] Old and only old", "the same content is a new version");
        await account.DispatchedAsync();
        (await account.SendsAsync()).Select(s => s.SentTo).ShouldBe(["same@try.example", "real@try.example", "again@try.example", "again@try.example", "new@try.example"], ignoreOrder: true);
    }

    private static object Test(string subject, params string[] to) => new
    {
        message = new { name = "Letter", subject, html = "<p><a href=\"https://shop.example/\">shop</a></p>", from_address = "ann@sender.example" },
        to,
    };

    /// <summary>As if everything of the account had happened so many days earlier; the clock of the others stays.</summary>
    private static async Task AgeAsync(TestAccount account, int days)
    {
        await using var work = await account.BeginAsync();
        await Sql.Of($"update messaging.message_version set created_at = created_at - make_interval(days => {days}) where account_id = {account.Id}").ExecuteAsync(work, CancellationToken.None);
        await Sql.Of($"update messaging.send set finished_at = finished_at - make_interval(days => {days}) where account_id = {account.Id}").ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private static async Task<List<string>> SubjectsAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"select subject from messaging.message_version where account_id = {account.Id}").ListAsync<string>(work, CancellationToken.None);
    }
}
