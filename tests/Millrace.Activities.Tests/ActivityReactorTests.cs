using Microsoft.Extensions.DependencyInjection;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Activities.Tests;

public sealed class ActivityReactorTests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task An_appended_activity_stands_in_the_log_and_leaves_the_queue()
    {
        var account = await product.NewAccountAsync();
        var log = product.Services.GetRequiredService<IActivityLog>();

        await using (var work = await account.BeginAsync())
        {
            await log.AppendAsync(work.Transaction, account.Id, [new TagAdded(7, 3), new TagAdded(8, 3)], CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        log.Wake();
        await account.SettledAsync();
        var (kind, data) = (await account.ActivitiesAsync(7)).ShouldHaveSingleItem();
        kind.ShouldBe("tag.added");
        data.GetProperty("tag_id").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task A_rolled_back_transaction_leaves_no_activity()
    {
        var account = await product.NewAccountAsync();
        var log = product.Services.GetRequiredService<IActivityLog>();

        await using (var work = await account.BeginAsync())
        {
            await log.AppendAsync(work.Transaction, account.Id, [new TagAdded(7, 3)], CancellationToken.None);
        }

        (await account.ActivitiesAsync(7)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_account_sees_nothing_even_without_a_filter()
    {
        var (mine, other) = (await product.NewAccountAsync(), await product.NewAccountAsync());
        var log = product.Services.GetRequiredService<IActivityLog>();
        await using (var work = await mine.BeginAsync())
        {
            await log.AppendAsync(work.Transaction, mine.Id, [new TagAdded(7, 3)], CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        await using var foreign = await other.BeginAsync();

        (await Sql.Of($"select count(*) from activities.activity").FirstAsync<long>(foreign, CancellationToken.None)).ShouldBe(0);
    }
}
