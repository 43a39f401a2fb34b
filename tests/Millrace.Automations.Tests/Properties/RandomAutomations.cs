using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests.Properties;

/// <param name="People">Contacts of its own, not inside yet.</param>
internal sealed record RandomAutomation(RandomFlow Maker, Things Things, JsonObject Document, long[] People);

/// <summary>Fills an account with random automations, published and active, and with people for each.</summary>
internal static class RandomAutomations
{
    public static async Task<Dictionary<long, RandomAutomation>> MakeAsync(TestKit.Product product, TestAccount account, Random random, int automations, int people)
    {
        var (drafts, publishing) = (product.Services.GetRequiredService<AutomationDrafts>(), product.Services.GetRequiredService<Publishing>());
        var scenario = new Scenario(product, account);
        var made = new Dictionary<long, RandomAutomation>();
        var list = Id(await account.PostAsync("lists", new { name = "Everyone" }));
        var text = Id(await account.PostAsync("fields", new { name = "A text", type = "text" }));
        var date = Id(await account.PostAsync("fields", new { name = "A date", type = "date" }));
        var server = Id(await account.PostAsync("mail-servers", new { name = "Shop" }));
        var template = Id(await account.PostAsync($"mail-servers/{server}/templates", new { name = "Receipt", subject = "For {{who}}", text = "Hi {{who}}" }));
        await using (var work = await account.BeginAsync())
        {
            var tags = await Sql.Of($"""
                insert into contacts.tag (account_id, name, created_at) select {account.Id}, 'own ' || n, {product.Now} from generate_series(1, {automations * 2}) n returning id
                """).ListAsync<long>(work, CancellationToken.None);
            long[] numbers = [.. await Sql.Of($"""
                insert into contacts.field (account_id, name, key, type, created_at, updated_at)
                select {account.Id}, 'Number ' || n, 'NUMBER_' || n, 'number', {product.Now}, {product.Now} from generate_series(1, {automations}) n returning id
                """).ListAsync<long>(work, CancellationToken.None)];
            var known = new List<long>();
            for (var i = 0; i < automations; i++)
            {
                var id = await drafts.CreateAsync(
                    work.Transaction, account.Id, account.UserId, $"Random {i}", null, (JsonObject)JsonNode.Parse("""{ "steps": [ { "id": "s0", "type": "flow.end" } ] }""")!, CancellationToken.None);
                known.Add(id);
                var things = new Things([tags[2 * i], tags[(2 * i) + 1]], numbers[i], text, date, list, account.UserId, template, [.. known], $"note{id}");
                var maker = new RandomFlow(random, things);
                var document = maker.Document();
                await drafts.SaveAsync(work.Transaction, account.Id, account.UserId, id, 1, $"Random {i}", null, (JsonObject)document.DeepClone(), CancellationToken.None);
                await publishing.PublishAsync(work, account.Id, id, account.UserId, CancellationToken.None);
                await publishing.ActivateAsync(work, account.Id, id, account.UserId, CancellationToken.None);
                made[id] = new RandomAutomation(maker, things, document, []);
            }

            await work.CommitAsync(CancellationToken.None);
        }

        var all = await scenario.ContactsAsync(automations * people);
        await scenario.ExecuteAsync(Sql.Of($"""
            insert into contacts.field_value (account_id, contact_id, field_id, value, instant, updated_at)
            select {account.Id}, c, {date}, d::text, d, {product.Now}
            from unnest({all}) c, lateral (select ({product.Now.UtcDateTime.Date} + (c % 4) * interval '1 day')::date as d) x
            """));
        foreach (var (id, chunk) in made.Keys.ToList().Zip(all.Chunk(people)))
        {
            made[id] = made[id] with { People = chunk };
        }

        return made;
    }

    private static long Id(JsonNode made) => long.Parse(made["id"]!.ToString(), CultureInfo.InvariantCulture);
}
