using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Activities.Contracts;
using Millrace.Contacts.BulkImport;
using Millrace.Kernel.Security.Http;
using Millrace.TestKit;

namespace Millrace.Contacts.Tests.Import;

/// <summary>What was accepted happens once, however often the work on it is cut off.</summary>
public sealed class InterruptedBulkImportTests(InterruptedImportTests.WebOnly product) : IClassFixture<InterruptedImportTests.WebOnly>
{
    [Fact]
    public async Task An_import_cut_off_before_its_commit_ends_as_if_nothing_had_happened()
    {
        var whole = await AcceptedAsync();
        await Worker().RunOnceAsync(CancellationToken.None);
        var cut = await AcceptedAsync();
        var dying = Worker();
        dying.BeforeCommit = () => throw new IOException("cut off");
        await Should.ThrowAsync<IOException>(() => dying.RunOnceAsync(CancellationToken.None));
        ((string)(await cut.Account.V3GetAsync($"import/info?batchId={cut.BatchId}"))["status"]!).ShouldBe("waiting");
        (await cut.Account.PeopleAsync()).ShouldBeEmpty();

        await product.AdvanceAsync(TimeSpan.FromMinutes(1));
        await Worker().RunOnceAsync(CancellationToken.None);
        await Worker().RunOnceAsync(CancellationToken.None);

        var people = await cut.Account.PeopleAsync();
        people.Count.ShouldBe(2);
        people.ShouldBe(await whole.Account.PeopleAsync());
        var info = await cut.Account.V3GetAsync($"import/info?batchId={cut.BatchId}");
        ((string)info["status"]!).ShouldBe("completed");
        info["success"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Imports_of_an_account_take_effect_in_the_order_in_which_they_were_taken()
    {
        var account = await product.NewAccountAsync();
        foreach (var name in new[] { "First", "Second", "Third" })
        {
            await account.V3PostAsync("import/bulk_import", new { contacts = new[] { new { email = "ada@example.org", first_name = name } } });
        }

        for (var i = 0; i < 3; i++)
        {
            await Worker().RunOnceAsync(CancellationToken.None);
        }

        ((string)(await account.V3GetAsync("contacts?email=ada@example.org"))["contacts"]![0]!["firstName"]!).ShouldBe("Third");
    }

    [Fact]
    public async Task One_that_fails_again_and_again_is_given_up_and_says_for_whom()
    {
        var (account, batchId) = await AcceptedAsync();
        for (var i = 0; i < 8; i++)
        {
            var dying = Worker();
            dying.BeforeCommit = () => throw new InvalidOperationException("always");
            await Should.ThrowAsync<InvalidOperationException>(() => dying.RunOnceAsync(CancellationToken.None));
            await product.AdvanceAsync(TimeSpan.FromMinutes(10));
        }

        var info = await account.V3GetAsync($"import/info?batchId={batchId}");
        ((string)info["status"]!).ShouldBe("failed");
        info["failure"]!.AsArray().Select(e => (string)e!).ShouldBe(["ada@example.org", "ben@example.org", "nonsense"]);
        (await Worker().RunOnceAsync(CancellationToken.None)).ShouldBe(0);
    }

    private async Task<(TestAccount Account, string BatchId)> AcceptedAsync()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        var accepted = await account.V3PostAsync("import/bulk_import", JsonNode.Parse($$"""
            {"contacts":[{"email":"ada@example.org","first_name":"Ada","tags":["vip"],"subscribe":[{"listid":{{list}}}]},
                         {"email":"ben@example.org","tags":["vip","math"],"exclude_automations":true}, {"email":"nonsense"}]}
            """)!);
        return (account, (string)accepted["batchId"]!);
    }

    private RunBulkImports Worker() => new(
        product.Database, product.Services.GetRequiredService<BulkImportWriter>(), product.Services.GetRequiredService<IHttpOutbox>(),
        product.Services.GetRequiredService<IActivityLog>(), product.Services.GetRequiredService<TimeProvider>(), NullLogger<RunBulkImports>.Instance);
}
