using Microsoft.Extensions.DependencyInjection;
using Millrace.Contacts.Counting;
using Millrace.Contacts.People;
using Millrace.Contacts.Tests.Import;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Contacts.Tests.People;

/// <summary>The number of contacts is exact at every moment, whoever writes and whatever the reactor still has to do.</summary>
public sealed class ContactTotalTests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task While_all_kinds_of_writers_work_every_moment_has_its_exact_total()
    {
        var account = await product.NewAccountAsync();
        using var done = new CancellationTokenSource();
        var fold = new FoldContactChanges(product.Database);
        var watching = Task.WhenAll(WatchAsync(account, done.Token), FoldAsync(fold, done.Token), FoldAsync(fold, done.Token));

        await Task.WhenAll(
            SinglesAsync(account, "a"),
            SinglesAsync(account, "b"),
            account.ImportAsync(Csv("imported", 700), ["email"], new() { ["trigger_automations"] = true }),
            account.ImportAsync(Csv("quiet", 500), ["email"], new() { ["trigger_automations"] = false }));
        await done.CancelAsync();
        var watched = (await watching)[0];

        watched.ShouldBeGreaterThan(5, "The total was looked at in between.");
        var total = 700 + 500 + (2 * (20 - 10));
        ((long)(await account.GetAsync("contacts?limit=1"))["total"]!).ShouldBe(total);
        ((string)(await account.V3GetAsync("contacts?limit=1"))["meta"]!["total"]!).ShouldBe($"{total}");
        await fold.RunOnceAsync(CancellationToken.None);
        (await RealAndToldAsync(account)).ShouldBe((total, total));
        await using var work = await account.BeginAsync();
        (await Sql.Of($"select count(*) from contacts.contact_change where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_rolled_back_was_never_counted()
    {
        var account = await product.NewAccountAsync();
        var save = product.Services.GetRequiredService<SaveContact>();
        await using (var work = await account.BeginAsync())
        {
            await save.CreateAsync(work.Transaction, account.Id, new ContactInput { Email = "gone@example.com" }, "manual", CancellationToken.None);
            (await ContactTotal.ReadAsync(work, account.Id, CancellationToken.None)).ShouldBe(1);
        }

        (await RealAndToldAsync(account)).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_deleted_contact_is_remembered_as_deleted()
    {
        var account = await product.NewAccountAsync();
        var id = (string)(await account.V3PostAsync("contacts", new { contact = new { email = "x@example.com" } }))["contact"]!["id"]!;
        (await account.V3.DeleteAsync(new Uri($"contacts/{id}", UriKind.Relative))).EnsureSuccessStatusCode();
        await using var work = await account.BeginAsync();
        (await Sql.Of($"select contact_id::text from contacts.deleted_contact where account_id = {account.Id}").ListAsync<string>(work, CancellationToken.None)).ShouldBe([id]);
    }

    private static string Csv(string stem, int rows) => "e\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"{stem}{i}@example.com\n"));

    /// <summary>Twenty made, five of them once more, half of them deleted.</summary>
    private static async Task SinglesAsync(TestAccount account, string stem)
    {
        for (var i = 0; i < 20; i++)
        {
            var made = await account.V3PostAsync("contacts", new { contact = new { email = $"{stem}{i}@example.com" } });
            if (i % 4 == 0)
            {
                await account.V3PostAsync("contact/sync", new { contact = new { email = $"{stem}{i}@example.com", firstName = "Again" } });
            }

            if (i % 2 == 0)
            {
                (await account.V3.DeleteAsync(new Uri($"contacts/{made["contact"]!["id"]}", UriKind.Relative))).EnsureSuccessStatusCode();
            }
        }
    }

    private static async Task<int> WatchAsync(TestAccount account, CancellationToken until)
    {
        var looks = 0;
        while (!until.IsCancellationRequested)
        {
            var (real, told) = await RealAndToldAsync(account);
            told.ShouldBe(real);
            looks++;
        }

        return looks;
    }

    private static async Task<int> FoldAsync(FoldContactChanges fold, CancellationToken until)
    {
        while (!until.IsCancellationRequested)
        {
            await fold.RunOnceAsync(CancellationToken.None);
        }

        return 0;
    }

    /// <summary>Of one moment.</summary>
    private static async Task<(long Real, long Told)> RealAndToldAsync(TestAccount account)
    {
        await using var snapshot = await AccountTransaction.SnapshotAsync(account.Product.Database, account.Id, CancellationToken.None);
        var real = await Sql.Of($"select count(*) from contacts.contact where account_id = {account.Id}").FirstAsync<long>(snapshot, CancellationToken.None);
        return (real, await ContactTotal.ReadAsync(snapshot, account.Id, CancellationToken.None));
    }
}
