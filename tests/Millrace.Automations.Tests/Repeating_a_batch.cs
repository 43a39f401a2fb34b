using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>
/// What every step promises, whichever module it comes from: the same batch once more changes nothing more. That is what makes a repetition
/// after a crash harmless.
/// </summary>
public sealed class Repeating_a_batch(Product product)
{
    /// <summary>Options that cannot be made up from their types.</summary>
    private static readonly Dictionary<string, string> Samples = new(StringComparer.Ordinal)
    {
        ["email.send"] = """{ "subject": "Hi", "from": { "address": "ann@sender.example" }, "html": "<p>Hi</p>" }""",
        ["personal.send"] = """{ "subject": "Hi", "body": "How are you?", "from": "user", "user": $user }""",
        ["user.notify"] = """{ "subject": "Look", "text": "Here", "addresses": ["ann@sender.example"] }""",
        ["flow.end_automation"] = """{ "which": "all" }""",
        ["flow.start_automation"] = """{ "automation": $automation }""",
        ["transactional.send"] = """{ "template": $template, "from": "ann@sender.example", "model": "name = %FIRSTNAME%" }""",
        ["math.compute"] = """{ "field": $number, "operation": "add", "value": 2 }""",
        ["wait.until_time"] = """{ "hour": 9 }""",
        ["webhook.post"] = """{ "url": "https://hooks.example.org/x" }""",
    };

    /// <summary>Steps whose effect is not one of their own: the engine's, or none.</summary>
    private static readonly string[] WithoutEffect = ["tag.remove", "list.unsubscribe", "flow.end_automation", "site_message.show"];

    [Fact]
    public async Task Changes_nothing_twice_for_any_step_of_the_catalogue()
    {
        var scenario = await Scenario.NewAsync(product);
        var contacts = await scenario.ContactsAsync(3);
        var wrong = new List<string>();
        var automation = await scenario.ImportAsync("""{ "name": "Any", "steps": [ { "type": "wait.for", "duration": "P1D" } ] }""");
        var number = (await scenario.Account.PostAsync("fields", new { name = "Any number", type = "number" }))["id"]!.ToString();
        var server = (await scenario.Account.PostAsync("mail-servers", new { name = "Shop" }))["id"]!.ToString();
        var template = (await scenario.Account.PostAsync($"mail-servers/{server}/templates", new { name = "Receipt", subject = "Hi {{name}}", text = "{{contact.email}}" }))["id"]!.ToString();
        string Filled(string sample) => sample.Replace("$number", number, StringComparison.Ordinal).Replace("$template", template, StringComparison.Ordinal)
            .Replace("$user", scenario.Account.UserId.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("$automation", automation.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        foreach (var action in product.Services.GetRequiredService<Catalogue<AutomationAction>>().All)
        {
            await using var work = await scenario.Account.BeginAsync();
            var settings = await SettingsAsync(work, scenario, action, Filled);
            var batch = new ActionBatch(
                work.Transaction, scenario.Account.Id, automation, "s", "UTC", product.Now,
                [.. contacts.Select((c, i) => new BatchRun(900_000 + i, c, 1, product.Now, product.Now, null, false))]);

            var before = await StateAsync(work, scenario);
            var first = await action.ExecuteAsync(batch, settings, CancellationToken.None);
            var once = await StateAsync(work, scenario);
            var second = await action.ExecuteAsync(batch, settings, CancellationToken.None);
            var twice = await StateAsync(work, scenario);

            // Of a step that does something it must be seen, or this test sees nothing.
            if (action.Shape == "action" && !WithoutEffect.Contains(action.Key) && once.SequenceEqual(before))
            {
                wrong.Add($"{action.Key} did nothing: {string.Join(' ', first.Select(o => o.Result))}");
            }

            wrong.AddRange(twice.Except(once).Select(changed => $"{action.Key}: {changed.Key}"));
            if (!second.Select(o => o.Kind).SequenceEqual(first.Select(o => o.Kind)))
            {
                wrong.Add($"{action.Key}: other outcomes");
            }
        }

        wrong.ShouldBeEmpty();
    }

    /// <summary>Per table of the account a sum over its rows. When something was last looked at again is no change.</summary>
    private static async Task<Dictionary<string, string>> StateAsync(AccountTransaction work, Scenario scenario)
    {
        var rows = await Sql.Of($"""
            select n.nspname || '.' || c.relname,
                   coalesce((xpath('//h/text()', query_to_xml(format(
                       'select count(*) || md5(coalesce(string_agg(md5((to_jsonb(t) - ''updated_at'')::text), '''' order by md5((to_jsonb(t) - ''updated_at'')::text)), '''')) as h from %I.%I t where account_id = %s',
                       n.nspname, c.relname, {scenario.Account.Id}::bigint), false, true, '')))[1]::text, '')
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and has_table_privilege(c.oid, 'select')
              and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'account_id')
              and n.nspname not like 'pg\_%'
            """).ListAsync<Sum>(work, CancellationToken.None);
        rows.Count.ShouldBeGreaterThan(30);
        return rows.ToDictionary(r => r.Table, r => r.Rows, StringComparer.Ordinal);
    }

    private async Task<object> SettingsAsync(AccountTransaction work, Scenario scenario, AutomationAction action, Func<string, string> filled)
    {
        var json = Samples.TryGetValue(action.Key, out var given) ? JsonNode.Parse(filled(given))!.AsObject() : await MadeUpAsync(work, scenario, action.SettingsType);
        var errors = new List<FieldError>();
        var settings = SettingsReader.Read(action.SettingsType, JsonElement.Parse(json.ToJsonString()), string.Empty, errors);
        errors.ShouldBeEmpty($"{action.Key} needs a sample in {nameof(Samples)}");
        action.Check(settings!).ShouldBeEmpty($"{action.Key} needs a sample in {nameof(Samples)}");
        return settings!;
    }

    private async Task<JsonObject> MadeUpAsync(AccountTransaction work, Scenario scenario, Type settings)
    {
        var json = new JsonObject();
        foreach (var option in SettingsShape.Of(settings).Options.Where(o => o.Required || o.Key == "value"))
        {
            JsonNode? value = option.Type switch
            {
                "reference" => await ThingAsync(work, scenario, option.Source!),
                "condition" => new JsonObject { ["all"] = new JsonArray() },
                "duration" => "P1D",
                "integer" or "number" => 1,
                "switch" => true,
                "choice" => option.Choices![0].Value,
                "map" or "group" => new JsonObject(),
                "date" => "2030-01-02",
                "time" => "09:00",
                "datetime" => "2030-01-02T09:00:00Z",
                _ => "text",
            };
            json[option.Key] = option.Many ? new JsonArray(value) : value;
        }

        return json;
    }

    private async Task<JsonNode> ThingAsync(AccountTransaction work, Scenario scenario, string source)
    {
        var known = product.Services.GetRequiredService<Catalogue<ReferenceSource>>().Find(source)!;
        return known.CanCreate
            ? (await known.CreateAsync(work, scenario.Account.Id, "made up " + source, product.Now, CancellationToken.None)).Id
            : (await known.SearchAsync(work, scenario.Account.Id, null, 1, CancellationToken.None)).Select(r => r.Id).FirstOrDefault();
    }

    private sealed record Sum(string Table, string Rows);
}
