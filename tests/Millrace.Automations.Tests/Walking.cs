using Microsoft.Extensions.DependencyInjection;
using Millrace.Automations.People;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

[Collection(nameof(Time_moves))]
public sealed class Walking(Product product)
{
    [Fact]
    public async Task If_else_leads_down_both_branches_and_they_meet_again()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Fork", "create": true, "triggers": [],
              "steps": [
                { "id": "fork", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "vip" } ] },
                  "yes": [ { "id": "y", "type": "tag.add", "tag": "was vip" } ],
                  "no": [ { "id": "n", "type": "tag.add", "tag": "was not" } ] },
                { "id": "after", "type": "tag.add", "tag": "both" } ] }
            """);
        var contacts = await scenario.ContactsAsync(2);
        await scenario.TagThemAsync("vip", contacts[0]);
        await scenario.AddAsync(automation, contacts);
        await scenario.BecomesAsync(automation, contacts[0], "completed:");
        await scenario.BecomesAsync(automation, contacts[1], "completed:");
        (await scenario.PathAsync(automation, contacts[0])).ShouldBe("fork=yes y=done after=done");
        (await scenario.PathAsync(automation, contacts[1])).ShouldBe("fork=no n=done after=done");
        (await scenario.HasTagAsync(contacts[1], "both")).ShouldBeTrue();
    }

    [Fact]
    public async Task Thirty_days_pass_in_seconds_and_no_wait_ends_early()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Month", "create": true, "steps": [
                { "id": "w1", "type": "wait.for", "duration": "P10D" }, { "id": "t1", "type": "tag.add", "tag": "ten" },
                { "id": "w2", "type": "wait.for", "duration": "P20D" }, { "id": "t2", "type": "tag.add", "tag": "thirty" } ] }
            """);
        var contact = await scenario.ContactAsync();
        await scenario.AddAsync(automation, contact);
        await scenario.BecomesAsync(automation, contact, "waiting:w1");
        await product.AdvanceAsync(TimeSpan.FromDays(10) + TimeSpan.FromMinutes(1));
        await scenario.BecomesAsync(automation, contact, "waiting:w2");
        (await scenario.HasTagAsync(contact, "ten")).ShouldBeTrue();
        await product.AdvanceAsync(TimeSpan.FromDays(20) + TimeSpan.FromMinutes(1));
        await scenario.BecomesAsync(automation, contact, "completed:");
        var early = await scenario.QueryAsync<long>(Sql.Of($"""
            select count(*) from automations.step_visit
            where account_id = {scenario.Account.Id} and result = 'waited' and left_at - arrived_at < interval '10 days'
            """));
        early.ShouldBe(0);
    }

    [Fact]
    public async Task A_wait_ends_when_what_it_waits_for_happens_or_when_its_time_is_over()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Until", "create": true, "steps": [
                { "id": "u", "type": "wait.until", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "bought" } ] }, "timeout": "P7D" },
                { "id": "w", "type": "wait.for", "duration": "P365D" } ] }
            """);
        var contacts = await scenario.ContactsAsync(3);
        await scenario.TagThemAsync("bought", contacts[0]);
        await scenario.AddAsync(automation, contacts);
        await scenario.BecomesAsync(automation, contacts[0], "waiting:w");
        await scenario.BecomesAsync(automation, contacts[1], "waiting:u");
        await scenario.TagThemAsync("bought", contacts[1]);
        await scenario.BecomesAsync(automation, contacts[1], "waiting:w");
        (await scenario.PathAsync(automation, contacts[1])).ShouldBe("u=met");
        (await scenario.StateAsync(automation, contacts[2])).ShouldBe("waiting:u");
        await product.AdvanceAsync(TimeSpan.FromDays(7) + TimeSpan.FromMinutes(1));
        await scenario.BecomesAsync(automation, contacts[2], "waiting:w");
        (await scenario.PathAsync(automation, contacts[2])).ShouldBe("u=timed_out");
    }

    [Fact]
    public async Task A_loop_without_a_wait_is_passed_three_times_and_then_ends_the_run()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Loop", "create": true, "steps": [ { "id": "a", "type": "tag.add", "tag": "x" }, { "id": "g", "type": "flow.goto", "step": "a" } ] }
            """);
        var contact = await scenario.ContactAsync();
        await scenario.AddAsync(automation, contact);
        await scenario.BecomesAsync(automation, contact, "ended:");
        (await scenario.PathAsync(automation, contact)).ShouldBe("a=done g=went_on a=done g=went_on a=done g=went_on a=done g=limit_exceeded");
    }

    [Fact]
    public async Task A_run_of_more_than_a_thousand_steps_in_24_hours_is_parked()
    {
        var scenario = await Scenario.NewAsync(product);
        var steps = string.Join(',', Enumerable.Range(1, 400).Select(i => $$"""{ "id": "s{{i}}", "type": "flow.if", "conditions": { "all": [] }, "yes": [] }"""));
        var automation = await scenario.ImportAsync($$"""{ "name": "Long loop", "steps": [ {{steps}}, { "id": "g", "type": "flow.goto", "step": "s1" } ] }""");
        var contact = await scenario.ContactAsync();
        await scenario.AddAsync(automation, contact);
        await Product.EventuallyAsync(async () => (await scenario.StateAsync(automation, contact)).StartsWith("parked:", StringComparison.Ordinal), "parked");
        (await scenario.QueryAsync<string>(Sql.Of($"select error from automations.run where account_id = {scenario.Account.Id} and contact_id = {contact}")))!.ShouldStartWith("step_limit:");
    }

    [Fact]
    public async Task A_loop_with_a_wait_is_passed_ten_times_in_24_hours()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Slow loop", "steps": [ { "id": "w", "type": "wait.for", "duration": "PT1M" }, { "id": "g", "type": "flow.goto", "step": "w" } ] }
            """);
        var contact = await scenario.ContactAsync();
        await scenario.AddAsync(automation, contact);
        for (var pass = 1; pass <= 11; pass++)
        {
            var visits = (pass * 2) - 1;
            await Product.EventuallyAsync(
                async () => await scenario.QueryAsync<int>(Sql.Of($"select visit_no from automations.run where account_id = {scenario.Account.Id} and contact_id = {contact}")) >= visits,
                $"visit {visits}");
            await scenario.BecomesAsync(automation, contact, "waiting:w");
            await product.AdvanceAsync(TimeSpan.FromSeconds(61));
        }

        await scenario.BecomesAsync(automation, contact, "ended:");
        (await scenario.PathAsync(automation, contact)).Split(' ').Count(v => v == "g=went_on").ShouldBe(10);
    }

    [Fact]
    public async Task A_run_that_cannot_go_on_is_parked_while_the_others_go_on()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Poison", "create": true, "steps": [ { "id": "w", "type": "wait.for", "duration": "P1D" }, { "id": "t", "type": "tag.add", "tag": "through" } ] }
            """);
        var contacts = await scenario.ContactsAsync(8);
        await scenario.AddAsync(automation, contacts);
        foreach (var contact in contacts)
        {
            await scenario.BecomesAsync(automation, contact, "waiting:w");
        }

        await scenario.ExecuteAsync(Sql.Of($"""
            update automations.run set guard = {new JsonText("""{"w":"not a number"}""")} where account_id = {scenario.Account.Id} and contact_id = {contacts[3]}
            """));
        await product.AdvanceAsync(TimeSpan.FromHours(25));
        foreach (var contact in contacts.Where(c => c != contacts[3]))
        {
            await scenario.BecomesAsync(automation, contact, "completed:");
        }

        int[] delays = [10, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200];
        for (var attempt = 1; attempt < 10; attempt++)
        {
            var seen = attempt;
            await Product.EventuallyAsync(
                async () => await scenario.QueryAsync<short>(Sql.Of($"select attempts from automations.run where account_id = {scenario.Account.Id} and contact_id = {contacts[3]}")) >= seen,
                $"attempt {seen}");
            await product.AdvanceAsync(TimeSpan.FromSeconds((delays[attempt - 1] * 1.2) + 1));
        }

        await scenario.BecomesAsync(automation, contacts[3], "parked:w");
        await using (var work = await scenario.Account.BeginAsync())
        {
            // Not over HTTP: the session is older than sessions get by now.
            var runs = product.Services.GetRequiredService<RunActions>();
            (await runs.RetryAsync(work, scenario.Account.Id, null, automation, null, null, null, CancellationToken.None)).ShouldBe(1);
            await work.CommitAsync(CancellationToken.None);
        }

        await scenario.BecomesAsync(automation, contacts[3], "completed:");
    }

    [Fact]
    public async Task Switched_off_nobody_moves_or_enters_and_switched_on_overdue_waits_are_released()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Pause", "create": true, "triggers": [ { "type": "tag.added", "tag": "go" } ], "steps": [ { "id": "w", "type": "wait.for", "duration": "P1D" } ] }
            """);
        var contacts = await scenario.ContactsAsync(2);
        await scenario.AddAsync(automation, contacts[0]);
        await scenario.BecomesAsync(automation, contacts[0], "waiting:w");
        await scenario.Account.PostAsync($"automations/{automation}/deactivate", new { });
        await scenario.HappenAsync(new TagAdded(contacts[1], await scenario.TagAsync("go")));
        await product.AdvanceAsync(TimeSpan.FromDays(2));
        await scenario.Account.SettledAsync();
        await Product.EventuallyAsync(
            () => scenario.QueryAsync<bool>(Sql.Of($"select frozen from automations.run where account_id = {scenario.Account.Id} and contact_id = {contacts[0]}")), "frozen");
        (await scenario.StateAsync(automation, contacts[0])).ShouldBe("waiting:w");
        (await scenario.RunsAsync(automation, contacts[1])).ShouldBe(0);
        await scenario.Account.LogInAgainAsync();
        await scenario.Account.PostAsync($"automations/{automation}/activate", new { });
        await scenario.BecomesAsync(automation, contacts[0], "completed:");
    }
}
