using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Automations.Recipes;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests.Recipes;

/// <summary>Every recipe that this server can start is started as proposed, and contacts walk through it for most of a year of virtual time.</summary>
public sealed class Available_recipes_run(Product product) : IClassFixture<Product>
{
    private const int Rounds = 22;

    [Fact]
    public async Task To_their_end_with_contacts_that_came_through_the_trigger_and_by_hand()
    {
        var account = await product.NewAccountAsync();
        var scenario = new Scenario(product, account);
        await scenario.ExecuteAsync(Sql.Of($"insert into messaging.pause (account_id, reason, paused_at) values ({account.Id}, 'by_user', {product.Now})"));
        var recipes = product.Services.GetRequiredService<RecipeLibrary>().All
            .Where(r => product.Services.GetRequiredService<RecipeNeeds>().Missing(r.Document).Count == 0).ToList();
        recipes.Count.ShouldBeGreaterThanOrEqualTo(14);
        var started = new Dictionary<string, long>(StringComparer.Ordinal);
        var contacts = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var recipe in recipes)
        {
            var answers = recipe.Asks.Where(a => a.Kind == RecipeAskKind.User).Select(a => new { kind = "user", value = a.Value, to = account.Email });
            var made = await account.PostAsync($"automations/recipes/{recipe.Key}/start", new { name = recipe.Name, answers });
            made["problems"]!.AsArray().Select(p => $"{recipe.Key} {p!["path"]} {p["code"]}").ShouldBeEmpty();
            var id = started[recipe.Key] = long.Parse(made["id"]!.ToString(), CultureInfo.InvariantCulture);
            await account.PostAsync($"automations/{id}/publish", new { });
            using var on = await account.App.PostAsync(new Uri($"automations/{id}/activate", UriKind.Relative), null);
            on.IsSuccessStatusCode.ShouldBeTrue();
        }

        foreach (var recipe in recipes)
        {
            var people = contacts[recipe.Key] = await scenario.ContactsAsync(2);
            foreach (var trigger in recipe.Document["triggers"]!.AsArray().Take(1))
            {
                await HappenAsync(scenario, (JsonObject)trigger!, people[0]);
            }

            await scenario.AddAsync(started[recipe.Key], people[1]);
        }

        for (var round = 0; round < Rounds; round++)
        {
            await SettledAsync(scenario);
            await product.AdvanceAsync(TimeSpan.FromDays(10.1));
            await account.LogInAgainAsync();
        }

        // What goes on for as long as somebody has a tag ends when it is taken off.
        await scenario.ExecuteAsync(Sql.Of($"delete from contacts.contact_tag where account_id = {account.Id}"));
        for (var round = 0; round < 4; round++)
        {
            await SettledAsync(scenario);
            await product.AdvanceAsync(TimeSpan.FromDays(16));
        }

        await SettledAsync(scenario);
        var wrong = new List<string>();
        foreach (var recipe in recipes)
        {
            foreach (var (who, i) in contacts[recipe.Key].Select((c, i) => (c, i)))
            {
                var state = await scenario.StateAsync(started[recipe.Key], who);
                var path = await scenario.PathAsync(started[recipe.Key], who);
                if (state is not ("completed:" or "ended:") || path.Contains("failed", StringComparison.Ordinal) || path.Contains("missing", StringComparison.Ordinal))
                {
                    wrong.Add($"{recipe.Key} {(i == 0 ? "triggered" : "by hand")}: {state} {path}");
                }
            }

            var mails = await scenario.QueryAsync<long>(Sql.Of($"select count(*) from messaging.send where account_id = {account.Id} and automation_id = {started[recipe.Key]}"));
            if (mails == 0 && recipe.Document.ToJsonString().Contains(RecipeWords.Mail, StringComparison.Ordinal))
            {
                wrong.Add($"{recipe.Key} sent nothing");
            }
        }

        wrong.ShouldBeEmpty();
    }

    private async Task HappenAsync(Scenario scenario, JsonObject trigger, long contact)
    {
        var account = scenario.Account;
        switch ((string)trigger["type"]!)
        {
            case "tag.added":
                await scenario.TagThemAsync((string)trigger["tag"]!, contact);
                break;
            case "list.subscribed":
                var list = await scenario.QueryAsync<long>(Sql.Of($"select id from contacts.list where account_id = {account.Id} and name = {(string)trigger["list"]!}"));
                await scenario.HappenAsync(new ListSubscribed(contact, list, "test"));
                break;
            case "field.changed":
                await SetAsync((string)trigger["field"]!, "offers");
                break;
            case "date.reached":
                var count = (long?)trigger["count"] ?? 0;
                var days = (string)trigger["when"]! switch { "before" => count + 5, "after" => 5 - count, _ => 5 };
                await SetAsync((string)trigger["field"]!, product.Now.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case var other:
                throw new InvalidOperationException($"Teach this test to set off {other}.");
        }

        async Task SetAsync(string field, string value)
        {
            var id = await scenario.QueryAsync<long>(Sql.Of($"select id from contacts.field where account_id = {account.Id} and name = {field}"));
            await account.PatchAsync($"contacts/{contact}", new JsonObject { ["fields"] = new JsonObject { [id.ToString(CultureInfo.InvariantCulture)] = value } });
        }
    }

    private async Task SettledAsync(Scenario scenario) => await Product.EventuallyAsync(
        async () => !await scenario.QueryAsync<bool>(Sql.Of($"""
            select exists (select 1 from automations.run where account_id = {scenario.Account.Id} and status in ('active', 'waiting') and not frozen and due_at <= {product.Now})
                or exists (select 1 from automations.nudge where account_id = {scenario.Account.Id})
                or exists (select 1 from automations.schedule where account_id = {scenario.Account.Id} and next_check_at <= {product.Now})
                or exists (select 1 from activities.activity_queue where account_id = {scenario.Account.Id})
            """)),
        "everybody has come as far as today",
        60);
}
