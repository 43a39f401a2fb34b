using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>Turns are kept between batches of two workers, whichever of them fails.</summary>
public sealed class Owners_by_turns(Product product)
{
    [Fact]
    public async Task Two_batches_at_once_are_shared_out_as_one()
    {
        var (scenario, users, batch) = await SetUpAsync(4 + 5);
        await using (var first = await scenario.Account.BeginAsync())
        await using (var second = await scenario.Account.BeginAsync())
        {
            (await batch(first, ..4)).ShouldAllBe(o => o.Kind == StepOutcome.Continue.Kind);
            var waits = batch(second, 4..);
            // Nothing tells that it waits in the database; if it did not, these milliseconds would be enough for it to end.
            await Task.Delay(200);
            waits.IsCompleted.ShouldBeFalse("The second takes its turns when the first has taken its own.");
            await first.CommitAsync(CancellationToken.None);
            (await waits).ShouldAllBe(o => o.Kind == StepOutcome.Continue.Kind);
            await second.CommitAsync(CancellationToken.None);
        }

        (await SharesAsync(scenario, users)).ShouldBe([3, 3, 3]);
    }

    [Fact]
    public async Task A_batch_that_fails_gives_its_turns_back()
    {
        var (scenario, users, batch) = await SetUpAsync(9);
        await using (var failing = await scenario.Account.BeginAsync())
        await using (var other = await scenario.Account.BeginAsync())
        {
            await batch(failing, ..4);
            var waits = batch(other, 4..);
            await failing.DisposeAsync();
            await waits;
            await other.CommitAsync(CancellationToken.None);
        }

        await using (var again = await scenario.Account.BeginAsync())
        {
            await batch(again, ..4);
            await again.CommitAsync(CancellationToken.None);
        }

        (await SharesAsync(scenario, users)).ShouldBe([3, 3, 3]);
    }

    [Fact]
    public async Task Two_workers_with_many_batches_leave_nobody_out()
    {
        const int Batches = 12;
        var (scenario, users, batch) = await SetUpAsync(Batches * 5);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(worker => Task.Run(async () =>
        {
            foreach (var part in Enumerable.Range(0, Batches).Where(i => i % 2 == worker))
            {
                await using var work = await scenario.Account.BeginAsync();
                await batch(work, (part * 5)..((part * 5) + 5));
                await work.CommitAsync(CancellationToken.None);
            }
        })));
        (await SharesAsync(scenario, users)).ShouldBe([20, 20, 20]);
    }

    private delegate Task<StepOutcome[]> Batch(AccountTransaction work, Range contacts);

    /// <summary>Three users who take turns, and the step for a part of the contacts.</summary>
    private async Task<(Scenario Scenario, long[] Users, Batch Batch)> SetUpAsync(int people)
    {
        var scenario = await Scenario.NewAsync(product);
        var account = scenario.Account.Id;
        var users = new long[3];
        for (var i = 0; i < users.Length; i++)
        {
            var email = $"turn{i}-{Kernel.Security.RandomToken.New(6).ToLowerInvariant()}@example.com";
            await scenario.ExecuteAsync(Sql.Of($"""
                insert into accounts.app_user (account_id, email, role, created_at, updated_at) values ({account}, {email}, 'user', {product.Now}, {product.Now})
                """));
            users[i] = await scenario.QueryAsync<long>(Sql.Of($"select id from accounts.app_user where account_id = {account} and email = {email}"));
        }

        var contacts = await scenario.ContactsAsync(people);
        var automation = await scenario.ImportAsync("""{ "name": "Turns", "steps": [ { "type": "wait.for", "duration": "P1D" } ] }""");
        var action = product.Services.GetRequiredService<Catalogue<AutomationAction>>().Find("owner.assign")!;
        var errors = new List<Kernel.Errors.FieldError>();
        var settings = SettingsReader.Read(action.SettingsType, JsonSerializer.SerializeToElement(new { users }), string.Empty, errors)!;
        errors.ShouldBeEmpty();
        return (scenario, users, (work, range) => action.ExecuteAsync(
            new ActionBatch(
                work.Transaction, account, automation, "o", "UTC", product.Now,
                [.. contacts[range].Select(c => new BatchRun(700_000_000 + c, c, 1, product.Now, product.Now, null, false))]),
            settings,
            CancellationToken.None));
    }

    private static async Task<long[]> SharesAsync(Scenario scenario, long[] users)
    {
        var shares = new List<long>();
        foreach (var user in users)
        {
            shares.Add(await scenario.QueryAsync<long>(Sql.Of($"select count(*) from contacts.contact where account_id = {scenario.Account.Id} and owner_id = {user}")));
        }

        return [.. shares];
    }
}
