using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

public sealed class Audit_trail(Product product)
{
    [Fact]
    public async Task Everything_a_person_does_to_an_automation_stands_in_the_audit_log_with_who_did_it()
    {
        var scenario = await Scenario.NewAsync(product);
        var account = scenario.Account;
        const string steps = """[ { "id": "w", "type": "wait.for", "duration": "P9D" } ]""";
        var automation = await scenario.ImportAsync($$"""{ "name": "First", "steps": {{steps}} }""");
        var contacts = await scenario.ContactsAsync(3);
        await scenario.AddAsync(automation, contacts);
        foreach (var contact in contacts)
        {
            await scenario.BecomesAsync(automation, contact, "waiting:w");
        }

        await scenario.SaveAsync(automation, steps, name: "Second");
        await scenario.SaveAsync(automation, steps.Replace("P9D", "P8D", StringComparison.Ordinal), name: "Second");
        await scenario.SaveAsync(automation, steps.Replace("P9D", "P7D", StringComparison.Ordinal), name: "Second");
        await account.PostAsync($"automations/{automation}/publish", new { });
        await account.PostAsync($"automations/{automation}/versions/1/restore", new { });
        var run = (await account.GetAsync($"contacts/{contacts[0]}/runs"))[0]!["id"];
        await account.PostAsync($"runs/{run}/end", new { });
        await account.PostAsync($"automations/{automation}/end-runs", new { });
        await account.PostAsync($"automations/{automation}/deactivate", new { });
        using (await account.App.DeleteAsync(new Uri($"automations/{automation}", UriKind.Relative)))
        {
        }

        var rows = await RowsAsync(scenario, automation);
        rows.Select(r => r.Action).ShouldBe(
        [
            "automation.create", "automation.publish", "automation.activate", "automation.add_contacts", "automation.rename", "automation.edit", "automation.publish",
            "automation.edit", "automation.restore", "automation.end_run", "automation.end_runs", "automation.deactivate", "automation.delete",
        ]);
        rows.ShouldAllBe(r => r.UserId == account.UserId);
    }

    private static async Task<List<Row>> RowsAsync(Scenario scenario, long automation)
    {
        await using var work = await scenario.Account.BeginAsync();
        return await Sql.Of($"""
            select action, user_id from accounts.audit
            where account_id = {scenario.Account.Id} and target_kind = 'automation' and target_id = {automation} order by id
            """).ListAsync<Row>(work, CancellationToken.None);
    }

    private sealed record Row(string Action, long UserId);
}
