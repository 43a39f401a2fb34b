using Microsoft.Extensions.DependencyInjection;
using Millrace.Automations.People;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>Thousands are ended in batches, each once, whatever happens in between.</summary>
public sealed class Ending_everybody(Product product)
{
    private async Task<(Scenario Scenario, long Automation)> CrowdAsync(int people)
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Crowd", "steps": [ { "id": "w", "type": "wait.for", "duration": "P9D" }, { "id": "v", "type": "wait.for", "duration": "P9D" } ] }
            """);
        foreach (var some in (await scenario.ContactsAsync(people)).Chunk(10_000))
        {
            await scenario.AddAsync(automation, some);
        }

        await Product.EventuallyAsync(async () => await scenario.QueryAsync<long>(Sql.Of($"""
            select count(*) from automations.run where account_id = {scenario.Account.Id} and status = 'waiting'
            """)) == people, "everybody waits", 60);
        return (scenario, automation);
    }

    [Fact]
    public async Task A_crash_between_two_batches_loses_nobody_and_ends_nobody_twice()
    {
        const int people = (2 * EndEverybody.Batch) + 300;
        var (scenario, automation) = await CrowdAsync(people);
        var dying = ActivatorUtilities.CreateInstance<EndEverybody>(product.Services);
        var batches = 0;
        dying.BeforeCommit = () => ++batches == 2 ? throw new IOException("killed") : Task.CompletedTask;

        await Should.ThrowAsync<IOException>(() => dying.AskAsync(scenario.Account.Id, scenario.Account.UserId, automation, null, CancellationToken.None));

        // Whoever comes in now was not meant.
        var late = await scenario.ContactAsync();
        await scenario.AddAsync(automation, late);
        await Product.EventuallyAsync(async () => await EndedAsync(scenario) == people, "the worker has gone on");
        await Product.EventuallyAsync(
            async () => await scenario.QueryAsync<long>(Sql.Of($"select count(*) from automations.ending where account_id = {scenario.Account.Id}")) == 0, "nothing is left to do");
        await scenario.BecomesAsync(automation, late, "waiting:w");
        (await EndedAsync(scenario)).ShouldBe(people);
        (await scenario.QueryAsync<long>(Sql.Of($"""
            select sum(total)::bigint from automations.tally where account_id = {scenario.Account.Id} and what = 'ended'
            """))).ShouldBe(people);
        (await scenario.QueryAsync<long>(Sql.Of($"""
            select count(*) from activities.activity where account_id = {scenario.Account.Id} and kind = 'automation.ended'
            """))).ShouldBe(people);
        (await scenario.QueryAsync<string>(Sql.Of($"""
            select detail ->> 'runs' from accounts.audit where account_id = {scenario.Account.Id} and action = 'automation.end_runs'
            """))).ShouldBe(people.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task The_answer_says_who_is_out_and_how_many_follow()
    {
        var (scenario, automation) = await CrowdAsync(3);
        var answer = await scenario.Account.PostAsync($"automations/{automation}/end-runs", new { });
        ((long)answer["ended"]!, (long)answer["left"]!).ShouldBe((3, 0));

        (scenario, automation) = await CrowdAsync((5 * EndEverybody.Batch) + 700);
        answer = await scenario.Account.PostAsync($"automations/{automation}/end-runs", new { step = "w" });
        ((long)answer["ended"]! + (long)answer["left"]!).ShouldBe((5 * EndEverybody.Batch) + 700);
        ((long)answer["ended"]!).ShouldBeGreaterThanOrEqualTo(5 * EndEverybody.Batch);
        await Product.EventuallyAsync(async () => await EndedAsync(scenario) == (5 * EndEverybody.Batch) + 700, "the others have followed");
    }

    [Fact]
    public async Task An_automation_with_thousands_inside_is_deleted_in_batches_and_gone_for_everybody_at_once()
    {
        const int people = (2 * AutomationRemoval.Batch) + 300;
        var (scenario, automation) = await CrowdAsync(people);
        var dying = ActivatorUtilities.CreateInstance<AutomationRemoval>(product.Services);
        var batches = 0;
        dying.BeforeCommit = () => ++batches == 2 ? throw new IOException("killed") : Task.CompletedTask;

        await Should.ThrowAsync<IOException>(() => dying.AskAsync(scenario.Account.Id, scenario.Account.UserId, automation, CancellationToken.None));

        // Nobody sees it any more, and its name is free, though people are still inside.
        using var read = await scenario.Account.App.GetAsync(new Uri($"automations/{automation}", UriKind.Relative));
        ((int)read.StatusCode).ShouldBe(404);
        (await scenario.Account.GetAsync("automations"))["total"]!.GetValue<long>().ShouldBe(0);
        await scenario.ImportAsync("""{ "name": "Crowd", "steps": [ { "type": "flow.end" } ] }""", activate: false);

        await Product.EventuallyAsync(async () => await RowsAsync(scenario, automation) == 0, "the worker has gone on");
        (await scenario.QueryAsync<long>(Sql.Of($"""
            select count(*) from activities.activity where account_id = {scenario.Account.Id} and kind = 'automation.ended'
            """))).ShouldBe(people);
        (await scenario.QueryAsync<string>(Sql.Of($"""
            select detail ->> 'ended' from accounts.audit where account_id = {scenario.Account.Id} and action = 'automation.delete'
            """))).ShouldBe(people.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static Task<long> RowsAsync(Scenario scenario, long automation) => scenario.QueryAsync<long>(Sql.Of($"""
        select (select count(*) from automations.automation where account_id = {scenario.Account.Id} and id = {automation})
             + (select count(*) from automations.run where account_id = {scenario.Account.Id} and automation_id = {automation})
             + (select count(*) from automations.step_visit where account_id = {scenario.Account.Id})
             + (select count(*) from automations.removal where account_id = {scenario.Account.Id})
        """));

    private static Task<long> EndedAsync(Scenario scenario) =>
        scenario.QueryAsync<long>(Sql.Of($"select count(*) from automations.run where account_id = {scenario.Account.Id} and status = 'ended'"));
}
