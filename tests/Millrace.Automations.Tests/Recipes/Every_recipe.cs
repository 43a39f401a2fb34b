using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Automations.Definitions;
using Millrace.Automations.Recipes;
using Millrace.TestKit;

namespace Millrace.Automations.Tests.Recipes;

/// <summary>What holds for every file in the library, whoever adds it.</summary>
public sealed class Every_recipe(Product product)
{
    public static TheoryData<string> Keys => [.. new RecipeLibrary().All.Select(r => r.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Is_a_document_of_the_format(string key)
    {
        var recipe = new RecipeLibrary().Find(key)!;
        var document = (JsonObject)recipe.Document.DeepClone();
        product.Services.GetRequiredService<DocumentNodes>().FillIds(document);

        var (_, problems) = product.Services.GetRequiredService<FlowReader>().Read(JsonElement.Parse(document.ToJsonString()));

        // Names stand where the stored form has ids, and types of modules to come are not known: all else must be right.
        problems.Where(p => p.Code is not ("unknown_type" or "wrong_type") && !p.Path.Contains("/conditions", StringComparison.Ordinal) && !p.Path.Contains("/where", StringComparison.Ordinal))
            .Select(p => $"{p.Path} {p.Code} {p.Message}").ShouldBeEmpty();
        foreach (var (what, type) in Types(document, false))
        {
            (what == "trigger" ? The_format.Triggers.Contains(type) || type.StartsWith("app.", StringComparison.Ordinal)
                : what == "step" ? The_format.Steps.Contains(type) || type.StartsWith("app.", StringComparison.Ordinal)
                : The_format.Triggers.Contains(type) || The_format.FurtherActivities.Contains(type)).ShouldBeTrue($"{what} {type} is not in the format");
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Says_what_it_does_and_asks_only_for_what_stands_in_it(string key)
    {
        var recipe = new RecipeLibrary().Find(key)!;
        recipe.Summary.Count(c => c == '.').ShouldBeInRange(1, 4);
        recipe.Document["steps"]!.AsArray().ShouldNotBeEmpty();
        recipe.Document["triggers"]!.AsArray().ShouldNotBeEmpty();
        recipe.Asks.ShouldBeUnique();
        var text = recipe.Document.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        recipe.Asks.Where(a => !text.Contains(a.Value, a.Kind == RecipeAskKind.Field ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)).Select(a => a.Value).ShouldBeEmpty();
        // A link that nobody asks for would be sent as it is.
        System.Text.RegularExpressions.Regex.Matches(text, """https?://[^"'<\s*]+""").Select(m => m.Value.TrimEnd('.', '/'))
            .Where(link => !recipe.Asks.Any(a => a.Kind == RecipeAskKind.Link && a.Value == link) && !link.EndsWith("/sale", StringComparison.Ordinal) && !link.EndsWith("/access", StringComparison.Ordinal))
            .Where(_ => product.Services.GetRequiredService<RecipeNeeds>().Missing(recipe.Document).Count == 0).ShouldBeEmpty();
    }

    [Fact]
    public void Covers_the_workflows_of_the_reference() => new RecipeLibrary().All.Count().ShouldBeGreaterThanOrEqualTo(31);

    [Theory]
    [InlineData("""{ "triggers": [ { "type": "tag.added", "tag": "x" } ], "steps": [ { "type": "tag.add", "tag": "y" } ] }""", "")]
    [InlineData("""{ "triggers": [ { "type": "form.submitted" } ], "steps": [] }""", "Forms: form.submitted")]
    [InlineData("""{ "triggers": [], "steps": [ { "type": "flow.if", "conditions": { "not": { "field": "score:Interest", "op": "gt", "value": 1 } }, "yes": [ { "type": "sms.send" } ] } ] }""", "SMS: sms.send; Scores: score:Interest")]
    [InlineData("""{ "triggers": [ { "type": "tag.added", "where": { "any": [ { "activity": "order.created" } ] } } ], "steps": [ { "type": "site_message.show" } ] }""", "Shop: order.created; Site messages: site_message.show")]
    public void Is_available_as_soon_as_the_catalogue_knows_all_it_is_made_of(string document, string needs) =>
        string.Join("; ", product.Services.GetRequiredService<RecipeNeeds>().Missing((JsonObject)JsonNode.Parse(document)!).Select(n => $"{n.Module}: {string.Join(' ', n.Entries)}")).ShouldBe(needs);

    [Fact]
    public async Task That_needs_a_module_to_come_shows_which_and_cannot_be_started()
    {
        var account = await product.NewAccountAsync();
        var shown = await account.GetAsync("automations/recipes/abandoned-cart");
        shown["recipe"]!["needs"]!.AsArray().Select(n => (string)n!["module"]!).ShouldBe(["Shop"]);
        using var answer = await account.App.PostAsync(
            new Uri("automations/recipes/abandoned-cart/start", UriKind.Relative), new StringContent("""{ "name": "Carts" }""", System.Text.Encoding.UTF8, "application/json"));
        ((int)answer.StatusCode).ShouldBe(409);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("recipe_unavailable");
    }

    [Fact]
    public async Task Speaks_in_the_words_of_the_answers()
    {
        var account = await product.NewAccountAsync();
        await account.PostAsync("fields", new { name = "Hobby", type = "text" });
        var id = (await account.PostAsync("automations/recipes/conditional-offer/start", new
        {
            name = "Our offer",
            answers = new object[]
            {
                new { kind = "signer", value = "Alex", to = "Bo & Co <b>" },
                new { kind = "field", value = "Interest", to = "Hobby" },
                new { kind = "tag", value = "VIP", to = "Mum's friends" },
                new { kind = "link", value = "https://example.com/shop", to = "https://own.example/x?a=1" },
            },
            mails = new object[] { new { step = "reminder", subject = "Own words", html = "<p>Own</p>" } },
        }))["id"]!.ToString();

        var exported = await account.GetAsync($"automations/{id}/export");
        var text = exported.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        text.ShouldContain("All the best,<br>Bo &amp; Co &lt;b&gt;");
        text.ShouldContain("HOBBY == 'hardware'");
        text.ShouldContain("in_array(\\\"Mum's friends\\\", tags)");
        text.ShouldContain("https://own.example/x?a=1");
        text.ShouldNotContain("INTEREST", Case.Sensitive);
        text.ShouldNotContain("example.com/shop");
        text.ShouldContain("Own words");
        (await account.PostAsync($"automations/{id}/check", new { }))["problems"]!.AsArray().Where(p => (string)p!["severity"]! == "error").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{ "name": "" }""", "/name")]
    [InlineData("""{ "name": "A", "answers": [ { "kind": "tag", "value": "nobody asked", "to": "x" } ] }""", "/answers/0/value")]
    [InlineData("""{ "name": "A", "answers": [ { "kind": "signer", "value": "Alex", "to": " " } ] }""", "/answers/0/to")]
    [InlineData("""{ "name": "A", "answers": [ { "kind": "link", "value": "https://example.com/shop", "to": "javascript:alert(1)" } ] }""", "/answers/0/to")]
    [InlineData("""{ "name": "A", "answers": [ { "kind": "field", "value": "Birthday", "to": "A number" } ] }""", "/answers/0/to")]
    [InlineData("""{ "name": "A", "mails": [ { "step": "nope", "subject": "x" } ] }""", "/mails")]
    public async Task Refuses_answers_that_cannot_be_used_and_makes_nothing(string request, string path)
    {
        var account = await product.NewAccountAsync();
        await account.PostAsync("fields", new { name = "A number", type = "number" });
        using var answer = await account.App.PostAsync(
            new Uri("automations/recipes/birthday/start", UriKind.Relative), new StringContent(request, System.Text.Encoding.UTF8, "application/json"));
        var body = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(422, body);
        JsonNode.Parse(body)!["errors"]!.AsArray().Select(e => (string)e!["path"]!).ShouldContain(path);
        (await account.GetAsync("fields"))["items"]!.AsArray().Count.ShouldBe(1);
    }

    private static IEnumerable<(string What, string Key)> Types(JsonNode? node, bool inTrigger) => node switch
    {
        JsonArray list => list.SelectMany(n => Types(n, inTrigger)),
        JsonObject json => (json["activity"] is { } activity ? [("activity", (string)activity!)]
            : json["type"] is { } type ? [(inTrigger ? "trigger" : "step", (string)type!)] : Array.Empty<(string, string)>())
            .Concat(json.Where(m => m.Key != "design").SelectMany(m => Types(m.Value, m.Key == "triggers"))),
        _ => [],
    };
}
