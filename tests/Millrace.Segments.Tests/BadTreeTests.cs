using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Segments.Tests;

/// <summary>Every route that takes a condition tree refuses what is wrong with 422 and the place, and what looks like SQL or a pattern is only ever text.</summary>
public sealed class BadTreeTests(Product product) : IClassFixture<Product>
{
    private static readonly JsonNode Leaf = JsonNode.Parse("""{"field":"email","op":"is","value":"x"}""")!;

    /// <summary>What is wrong, and where, seen from the tree.</summary>
    private static readonly (string Name, JsonNode Tree, string Place)[] Bad =
    [
        ("unknown field", Parse("""{"all":[{"field":"shoe_size","op":"is","value":"x"}]}"""), "/all/0/field"),
        ("SQL as a field", Parse("""{"all":[{"field":"email' or 1=1; drop table contacts.contact;--","op":"is","value":"x"}]}"""), "/all/0/field"),
        ("unknown operator", Parse("""{"any":[{"field":"email","op":"is","value":"x"},{"field":"email","op":"~* '.*'","value":"x"}]}"""), "/any/1/op"),
        ("operator of another kind", Parse("""{"all":[{"field":"email","op":"gt","value":"x"}]}"""), "/all/0/op"),
        ("value of another type", Parse("""{"all":[{"field":"email","op":"is","value":{"x":1}}]}"""), "/all/0/value"),
        ("unknown activity", Parse("""{"all":[{"activity":"email.opened'--"}]}"""), "/all/0/activity"),
        ("unknown member", Parse("""{"not":{"field":"email","op":"is","value":"x","collate":"C"}}"""), "/not/collate"),
        ("not a tree", Parse("""{"select":"*"}"""), ""),
        ("eleven deep", Nested(10), string.Concat(Enumerable.Repeat("/all/0", 10))),
        ("more than 200 rows", new JsonObject { ["all"] = new JsonArray([.. Enumerable.Range(0, 201).Select(_ => Leaf.DeepClone())]) }, ""),
    ];

    /// <summary>Sound trees of hostile text: nobody matches, nothing happens, and no pattern takes long.</summary>
    private static readonly JsonNode[] Hostile =
    [
        Parse("""{"field":"email","op":"is","value":"'; drop table contacts.contact; --"}"""),
        Parse("""{"field":"email","op":"contains","value":"%' or '1'='1"}"""),
        new JsonObject { ["field"] = "first_name", ["op"] = "contains", ["value"] = string.Concat(Enumerable.Repeat("%_a", 160)) },
        new JsonObject { ["field"] = "last_name", ["op"] = "starts_with", ["value"] = "(a+)+$" + new string('*', 400) },
        Parse("""{"field":"email","op":"ends_with","value":"\\"}"""),
    ];

    /// <summary>Name of the route, how it is called with a tree, and what stands before the tree in the paths of errors.</summary>
    private static readonly (string Name, Func<JsonNode, Ground, HttpRequestMessage> Call, string Prefix)[] Routes =
    [
        ("conditions/preview", (t, _) => Post("conditions/preview", new { conditions = t }), "/conditions"),
        ("conditions/explain", (t, g) => Post("conditions/explain", new { conditions = t, contact_id = g.Contact }), "/conditions"),
        ("segments/preview", (t, _) => Post("segments/preview", new { conditions = t }), "/conditions"),
        ("POST segments", (t, _) => Post("segments", new { name = Guid.NewGuid().ToString(), conditions = t }), "/conditions"),
        ("PUT segments", (t, g) => Put($"segments/{g.Segment}", new { name = "Changed", conditions = t }), "/conditions"),
        ("contacts/bulk/count", (t, _) => Post("contacts/bulk/count", new { conditions = t }), "/conditions"),
        ("contacts/bulk", (t, g) => Post("contacts/bulk", new { action = "tag.add", settings = new { tag = g.Tag }, conditions = t }), "/conditions"),
        ("exports", (t, _) => Post("exports", new { conditions = t }), "/conditions"),
        ("contacts?conditions", (t, _) => new(HttpMethod.Get, new Uri("contacts?conditions=" + Uri.EscapeDataString(t.ToJsonString()), UriKind.Relative)), "/conditions"),
        ("automation where", (t, g) => Automation(new { triggers = new object[] { new { id = "t", type = "tag.added", tag = "T", where = t } }, steps = Array.Empty<object>() }), "/triggers/0/where"),
        ("automation if", (t, g) => Automation(new { steps = new object[] { new { id = "i", type = "flow.if", conditions = t, yes = Array.Empty<object>() } } }), "/steps/0/conditions"),
        ("automation wait", (t, g) => Automation(new { steps = new object[] { new { id = "w", type = "wait.until", conditions = t } } }), "/steps/0/conditions"),
        ("automation goal", (t, g) => Automation(new { steps = new object[] { new { id = "g", type = "goal", name = "G", conditions = t } } }), "/steps/0/conditions"),
    ];

    [Fact]
    public async Task Every_route_refuses_every_bad_tree_with_its_place()
    {
        var account = await product.NewAccountAsync();
        var ground = await GroundAsync(account);
        var wrong = new List<string>();
        foreach (var (route, call, prefix) in Routes)
        {
            foreach (var (name, tree, place) in Bad)
            {
                if (route == "contacts?conditions" && tree.ToJsonString().Length > 8_000)
                {
                    continue;
                }

                using var request = call(tree.DeepClone(), ground);
                using var answer = await account.App.SendAsync(request);
                var body = await answer.Content.ReadAsStringAsync();
                var expected = prefix + place;
                if (answer.StatusCode != HttpStatusCode.UnprocessableEntity || !Paths(body).Contains(expected))
                {
                    wrong.Add($"{route}, {name}: {(int)answer.StatusCode}, not at {expected}: {body[..Math.Min(300, body.Length)]}");
                }
            }
        }

        wrong.ShouldBeEmpty(string.Join('\n', wrong));
    }

    [Fact]
    public async Task Hostile_text_is_only_text_on_every_route()
    {
        var account = await product.NewAccountAsync();
        var ground = await GroundAsync(account);
        foreach (var (route, call, _) in Routes)
        {
            foreach (var tree in Hostile)
            {
                using var request = call(tree.DeepClone(), ground);
                using var answer = await account.App.SendAsync(request);
                ((int)answer.StatusCode).ShouldBeLessThan(500, route);
            }
        }

        foreach (var tree in Hostile)
        {
            ((long)(await account.PostAsync("segments/preview", new { conditions = tree.DeepClone() }))["count"]!).ShouldBe(0);
        }

        ((long)(await account.GetAsync("contacts?limit=1"))["total"]!).ShouldBe(1, "The contact is still there.");
    }

    private sealed record Ground(long Contact, long Segment, long Tag);

    private static async Task<Ground> GroundAsync(TestAccount account)
    {
        var contact = Id((await account.V3PostAsync("contacts", new { contact = new { email = "ann@example.com" } }))["contact"]!);
        var tag = Id((await account.V3PostAsync("tags", new { tag = new { tag = "T", tagType = "contact" } }))["tag"]!);
        return new(contact, (long)(await account.PostAsync("segments", new { name = "Mine", conditions = Leaf.DeepClone() }))["id"]!, tag);
    }

    private static long Id(JsonNode node) => long.Parse((string)node["id"]!, CultureInfo.InvariantCulture);

    private static HashSet<string> Paths(string body)
    {
        try
        {
            return [.. JsonNode.Parse(body)!["errors"]!.AsArray().Select(e => (string)e!["path"]!)];
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException)
        {
            return [];
        }
    }

    private static JsonNode Parse(string json) => JsonNode.Parse(json)!;

    private static JsonNode Nested(int groups)
    {
        var node = Leaf.DeepClone();
        for (var i = 0; i < groups; i++)
        {
            node = new JsonObject { ["all"] = new JsonArray(node) };
        }

        return node;
    }

    private static HttpRequestMessage Post(string path, object body) => new(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) };

    private static HttpRequestMessage Put(string path, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        return request;
    }

    private static HttpRequestMessage Automation(object document)
    {
        var body = JsonSerializer.SerializeToNode(document)!.AsObject();
        (body["name"], body["create"]) = (Guid.NewGuid().ToString(), true);
        return Post("automations/import?activate=true", body);
    }
}
