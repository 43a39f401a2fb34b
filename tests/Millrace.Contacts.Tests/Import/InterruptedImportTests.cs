using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Import;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Contacts.Tests.Import;

/// <summary>Server without workers, so that the tests say when an import goes on and when it is cut off.</summary>
public sealed class InterruptedImportTests(InterruptedImportTests.WebOnly product) : IClassFixture<InterruptedImportTests.WebOnly>
{
    private const int BatchRows = 50;

    public sealed class WebOnly : Product
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Millrace:Roles", "web")];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public async Task An_import_cut_off_in_a_batch_ends_as_if_nothing_had_happened(int cutOffAt)
    {
        var whole = await StartedAsync();
        await using (var worker = Worker())
        {
            await UntilDoneAsync(worker, whole.Account, whole.Id);
        }

        var cut = await StartedAsync();
        await using (var worker = Worker())
        {
            // The other lane of the round may well commit, as it may when a process dies.
            worker.BeforeCommit = batch => batch.Number == cutOffAt ? throw new IOException("cut off") : Task.CompletedTask;
            await Should.ThrowAsync<IOException>(() => UntilDoneAsync(worker, cut.Account, cut.Id));
        }

        await LeaseEndsAsync(cut.Account);
        await using (var worker = Worker())
        {
            await UntilDoneAsync(worker, cut.Account, cut.Id);
        }

        await SameAsync(whole, cut);
    }

    [Fact]
    public async Task A_worker_that_was_overtaken_writes_nothing()
    {
        var whole = await StartedAsync();
        await using var first = Worker();
        await using var second = Worker();
        await UntilDoneAsync(first, whole.Account, whole.Id);
        var raced = await StartedAsync();
        await first.RunOnceAsync(CancellationToken.None);
        await LeaseEndsAsync(raced.Account);
        await second.RunOnceAsync(CancellationToken.None);
        await LeaseEndsAsync(raced.Account);

        // The first still holds its open file, two batches behind.
        await UntilDoneAsync(first, raced.Account, raced.Id);

        await SameAsync(whole, raced);
    }

    [Fact]
    public async Task A_graceful_stop_hands_over_at_once()
    {
        var whole = await StartedAsync();
        await using (var worker = Worker())
        {
            await UntilDoneAsync(worker, whole.Account, whole.Id);
        }

        var (account, id) = await StartedAsync();
        await using var stopping = Worker();
        await using var next = Worker();
        await stopping.RunOnceAsync(CancellationToken.None);
        (await next.RunOnceAsync(CancellationToken.None)).ShouldBe(0);
        await stopping.ReleaseAsync(CancellationToken.None);

        await UntilDoneAsync(next, account, id);

        await SameAsync(whole, (account, id));
    }

    [Fact]
    public async Task Cancelling_stops_and_keeps_what_is_done()
    {
        var (account, id) = await StartedAsync();
        await using var worker = Worker();
        await worker.RunOnceAsync(CancellationToken.None);

        var cancelled = await account.PostAsync($"imports/{id}/cancel", new { });
        for (var i = 0; i < 3; i++)
        {
            await worker.RunOnceAsync(CancellationToken.None);
        }

        var after = await account.GetAsync($"imports/{id}");
        ((string)after["state"]!, (long)after["rows"]!).ShouldBe(("cancelled", 2L * BatchRows));
        ((long)cancelled["rows"]!).ShouldBe(2L * BatchRows);
        (await account.PeopleAsync()).Count.ShouldBe((int)(long)after["created"]!);
    }

    [Fact]
    public async Task A_cancellation_in_the_middle_of_a_batch_counts_for_the_next()
    {
        var (account, id) = await StartedAsync();
        await using var worker = Worker();
        worker.BeforeCommit = async batch =>
        {
            if (batch.Number == 0)
            {
                await account.PostAsync($"imports/{id}/cancel", new { });
            }
        };

        await worker.RunOnceAsync(CancellationToken.None);
        await worker.RunOnceAsync(CancellationToken.None);

        ((string)(await account.GetAsync($"imports/{id}"))["state"]!).ShouldBe("cancelled");
        (await account.PeopleAsync()).Count.ShouldBeInRange(1, 2 * BatchRows);
    }

    private RunImports Worker() => new(
        product.Database, product.Services.GetRequiredService<BatchWriter>(), product.Services.GetRequiredService<IActivityLog>(),
        product.Services.GetRequiredService<TimeProvider>(), NullLogger<RunImports>.Instance);

    /// <summary>400 rows in 8 batches: every seventh address is one of an earlier row, in this batch or before; every eleventh is bad.</summary>
    private async Task<(TestAccount Account, long Id)> StartedAsync()
    {
        var account = await product.NewAccountAsync();
        var list = await account.NewListAsync();
        var csv = new StringBuilder("email,name\n");
        for (var i = 0; i < 8 * BatchRows; i++)
        {
            csv.Append(i % 11 == 3 ? $"bad {i}" : $"p{(i % 7 == 6 ? i * 2 / 3 : i)}@example.com").Append(",Row ").Append(i).Append('\n');
        }

        var id = await account.UploadAsync(csv.ToString());
        await account.StartAsync(id, ["email", "first_name"], new JsonObject { ["lists"] = new JsonArray(list), ["tags"] = new JsonArray("t") });
        await using var work = await account.BeginAsync();
        await Sql.Of($$"""
            update contacts.import set plan = jsonb_set(plan, '{batch_rows}', to_jsonb({{BatchRows}})) where account_id = {{account.Id}}
            """).ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return (account, id);
    }

    private static async Task UntilDoneAsync(RunImports worker, TestAccount account, long id)
    {
        for (var rounds = 0; (string)(await account.GetAsync($"imports/{id}"))["state"]! == "running"; rounds++)
        {
            rounds.ShouldBeLessThan(100);
            await worker.RunOnceAsync(CancellationToken.None);
        }
    }

    /// <summary>What half a minute would do.</summary>
    private static async Task LeaseEndsAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        await Sql.Of($"update contacts.import set worker_until = now() - interval '1 second' where account_id = {account.Id}").ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private static async Task SameAsync((TestAccount Account, long Id) expected, (TestAccount Account, long Id) actual)
    {
        (await actual.Account.PeopleAsync()).ShouldBe(await expected.Account.PeopleAsync());
        (await actual.Account.RejectedAsync(actual.Id)).ShouldBe(await expected.Account.RejectedAsync(expected.Id));
        foreach (var count in (string[])["rows", "created", "updated", "unchanged", "rejected"])
        {
            ((long)(await actual.Account.GetAsync($"imports/{actual.Id}"))[count]!).ShouldBe((long)(await expected.Account.GetAsync($"imports/{expected.Id}"))[count]!, count);
        }
    }
}
