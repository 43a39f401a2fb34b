using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Segments.Tests;

/// <summary>What scanners and privacy proxies do is not the contact's doing, and what an automation does to a contact is found by the automation.</summary>
public sealed class MachineTests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task Opens_of_machines_count_only_when_asked_for()
    {
        var account = await product.NewAccountAsync();
        await using (var work = await account.BeginAsync())
        {
            foreach (var (name, machine) in new[] { ("ann", null), ("bo", "proxy"), ("cy", "scanner") })
            {
                await Sql.Of($"""
                    with c as (insert into contacts.contact (account_id, email, created_at, updated_at) values ({account.Id}, {name + "@example.com"}, {product.Now}, {product.Now}) returning id)
                    insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id, data)
                    select {account.Id}, id, {product.Now}, 'email.opened', 1, jsonb_build_object('contact_id', id, 'message_id', 1, 'machine', {machine}::text) from c
                    """).ExecuteAsync(work, default);
            }

            await work.CommitAsync(default);
        }

        (await CountAsync(account, """{"activity":"email.opened"}""")).ShouldBe(1);
        (await CountAsync(account, """{"activity":"email.opened","never":true}""")).ShouldBe(2);
        (await CountAsync(account, """{"activity":"email.opened","machine":"proxy"}""")).ShouldBe(1);
    }

    [Fact]
    public async Task Entries_steps_and_ends_of_an_automation_are_found()
    {
        var account = await product.NewAccountAsync();
        var ann = (string)(await account.V3PostAsync("contacts", new { contact = new { email = "ann@example.com" } }))["contact"]!["id"]!;
        await account.V3PostAsync("contacts", new { contact = new { email = "bo@example.com" } });
        var automation = long.Parse((await account.PostAsync("automations/import?activate=true", System.Text.Json.Nodes.JsonNode.Parse("""
            { "name": "Stay", "create": true, "steps": [ { "id": "stay", "type": "wait.for", "duration": "P4D" }, { "type": "tag.add", "tag": "x" } ] }
            """)!))["id"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
        await account.PostAsync($"automations/{automation}/contacts", new { contact_ids = new[] { long.Parse(ann, System.Globalization.CultureInfo.InvariantCulture) } });
        await Product.EventuallyAsync(async () => await CountAsync(account, $$"""{"field":"automation:{{automation}}","op":"is","value":"inside","step":"stay"}""") == 1, "it stands at the step");

        (await CountAsync(account, $$"""{"activity":"automation.entered","automation":{{automation}}}""")).ShouldBe(1);
        (await CountAsync(account, $$"""{"field":"automation:{{automation}}","op":"blank"}""")).ShouldBe(1);
        (await CountAsync(account, $$"""{"field":"automation:{{automation}}","op":"is","value":"completed"}""")).ShouldBe(0);
        (await CountAsync(account, $$"""{"field":"automation:{{automation}}","op":"is_not","value":"inside","step":"other"}""")).ShouldBe(2);
        (await CountAsync(account, $$"""{"same":"entry","all":[{"field":"entry.automation","op":"is","value":{{automation}}},{"field":"entry.state","op":"is","value":["active","waiting"]}]}""")).ShouldBe(1);
        await product.AdvanceAsync(TimeSpan.FromDays(5));
        await account.LogInAgainAsync();
        await Product.EventuallyAsync(async () => await CountAsync(account, $$"""{"field":"automation:{{automation}}","op":"is","value":"completed"}""") == 1, "it came to the end");
        (await CountAsync(account, $$"""{"activity":"automation.completed","automation":{{automation}}}""")).ShouldBe(1);
    }

    private static async Task<long> CountAsync(TestAccount account, string conditions) =>
        (long)(await account.PostAsync("segments/preview", new { conditions = System.Text.Json.Nodes.JsonNode.Parse(conditions), sample = 0 }))["count"]!;
}
