using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Product.Tests.Rules;
using Millrace.TestKit;

namespace Millrace.Product.Tests.V3;

/// <summary>Whatever an answer of v3 links to is there, in the shape its name promises.</summary>
[Collection<OneProduct>]
public sealed class LinksTests(TestKit.Product product, LinkedAccount linked) : IClassFixture<LinkedAccount>
{
    private static readonly string[] Collections =
        ["contacts", "lists", "tags", "fields", "fieldValues", "notes", "contactTags", "contactLists", "automations", "contactAutomations", "users", "groups", "addresses"];

    [Fact]
    public async Task Every_link_of_every_resource_answers_200()
    {
        var account = await product.NewAccountAsync();
        var ids = await Seed.OneOfEverythingAsync(account, "Linked");
        await account.V3PostAsync("fieldOption/bulk", new { fieldOptions = new[] { new { field = ids["fields"], label = "x", value = "x", orderid = 1 } } });
        var (waiting, seen, wrong) = (new Queue<string>(Collections.Select(c => new Uri(product.Address, $"/api/3/{c}").ToString())), new HashSet<string>(StringComparer.Ordinal), new List<string>());
        while (waiting.TryDequeue(out var address))
        {
            if (!seen.Add(address))
            {
                continue;
            }

            using var answer = await account.V3.GetAsync(new Uri(address), TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if ((int)answer.StatusCode != 200 || JsonNode.Parse(text) is not JsonObject body || body.Count == 0)
            {
                wrong.Add($"{address}: {(int)answer.StatusCode} {text[..Math.Min(100, text.Length)]}");
                continue;
            }

            foreach (var link in LinksIn(body))
            {
                waiting.Enqueue(link);
            }
        }

        wrong.ShouldBeEmpty();
        seen.Count.ShouldBeGreaterThan(75);
    }

    [Theory]
    [InlineData("contacts/{contacts}/contactTags", "contactTags", 1)]
    [InlineData("contacts/{contacts}/contactLists", "contactLists", 1)]
    [InlineData("contacts/{contacts}/contactAutomations?limit=1000&orders%5Blastdate%5D=DESC", "contactAutomations", 1)]
    [InlineData("contacts/{contacts}/fieldValues", "fieldValues", 1)]
    [InlineData("contacts/{contacts}/notes", "notes", 1)]
    [InlineData("contacts/{contacts}/trackingLogs", "trackingLogs", 0)]
    [InlineData("contacts/{contacts}/bounceLogs", "bounceLogs", 0)]
    [InlineData("contacts/{contacts}/geoips", "geoIps", 0)]
    [InlineData("contacts/{contacts}/deals", "deals", 0)]
    [InlineData("contacts/{contacts}/contactDeals", "contactDeals", 0)]
    [InlineData("contacts/{contacts}/automationEntryCounts", "automationEntryCounts", 1)]
    [InlineData("fields/{fields}/relations", "fieldRels", 1)]
    [InlineData("fields/{fields}/options", "fieldOptions", 0)]
    [InlineData("automations/{automations}/contactAutomations", "contactAutomations", 1)]
    [InlineData("automations/{automations}/blocks", "automationBlocks", 2)]
    [InlineData("tags/{tags}/contactGoalTags", "contactGoalTags", 0)]
    [InlineData("groups/3/userGroups", "userGroups", 1)]
    public async Task A_link_to_many_shows_them_under_their_root(string path, string root, int count)
    {
        var body = await linked.Account.V3GetAsync(linked.Fill(path));

        body[root]!.AsArray().Count.ShouldBe(count);
        body.AsObject().ContainsKey("meta").ShouldBe(path.StartsWith("automations/{automations}/contactA", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("contactTags/{contactTags}/tag", "tag")]
    [InlineData("contactTags/{contactTags}/contact", "contact")]
    [InlineData("contactLists/{contactLists}/list", "list")]
    [InlineData("fieldValues/{fieldValues}/owner", "contact")]
    [InlineData("fieldValues/{fieldValues}/field", "field")]
    [InlineData("notes/{notes}/user", "user")]
    [InlineData("notes/{notes}/owner", "contact")]
    [InlineData("lists/{lists}/user", "user")]
    [InlineData("contactAutomations/{runs}/automation", "automation")]
    [InlineData("contactAutomations/{runs}/contact", "contact")]
    [InlineData("users/{users}/userGroup", "userGroup")]
    [InlineData("contacts/{contacts}/contactData", "contactDatum")]
    public async Task A_link_to_one_shows_it_under_its_root(string path, string root)
    {
        var body = await linked.Account.V3GetAsync(linked.Fill(path));

        body[root]!["id"]!.GetValueKind().ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task What_is_not_there_is_null_and_what_hangs_on_nobody_is_404()
    {
        var (account, ids) = (linked.Account, linked.Ids);

        (await account.V3GetAsync($"contacts/{ids["contacts"]}/organization")).AsObject()["organization"].ShouldBeNull();
        (await account.V3GetAsync($"contactLists/{ids["contactLists"]}/form")).AsObject().ShouldContainKey("form");
        foreach (var path in new[] { "contacts/999999/contactTags", "contacts/999999/deals", "contacts/999999/contactAutomations", "contacts/x/notes", "contacts/999999/automationEntryCounts" })
        {
            using var answer = await account.V3.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            ((int)answer.StatusCode).ShouldBe(404, path);
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("No Result found for Subscriber with id");
        }
    }

    [Fact]
    public async Task Includes_load_chains_of_relations_beside_and_unknown_names_are_passed_over()
    {
        var (account, ids) = (linked.Account, linked.Ids);
        var listed = await account.V3GetAsync(
            "contacts?include=contactLists.list,contactTags.tag,fieldValues.field,contactAutomations.automation,notes.user,deals,geoIps.geoAddress,organization,nonsense,x.y.z");

        listed["contacts"]!.AsArray().Count.ShouldBe(1);
        var contact = listed["contacts"]![0]!;
        foreach (var (root, key) in new[] { ("contactLists", "contactLists"), ("contactTags", "contactTags"), ("fieldValues", "fieldValues"), ("contactAutomations", "runs"), ("notes", "notes") })
        {
            ((string)contact[root]![0]!).ShouldBe(ids[key], root);
            ((string)listed[root]![0]!["id"]!).ShouldBe(ids[key], root);
        }

        foreach (var root in new[] { "lists", "tags", "fields", "automations", "users" })
        {
            listed[root]!.AsArray().Count.ShouldBe(1, root);
        }

        listed["deals"]!.AsArray().ShouldBeEmpty();
        contact["geoIps"]!.AsArray().ShouldBeEmpty();
        listed.AsObject().ContainsKey("nonsense").ShouldBeFalse();

        var one = await account.V3GetAsync($"contacts/{ids["contacts"]}?include=contactTags.tag");
        foreach (var root in new[] { "contactAutomations", "contactLists", "fieldValues", "contactTags", "tags" })
        {
            one[root]!.AsArray().Count.ShouldBe(1, root);
        }

        ((string)one["contact"]!["contactAutomations"]![0]!).ShouldBe(ids["runs"]);
        ((string)(await account.V3GetAsync("contactTags?include=tag,contact"))["contacts"]![0]!["id"]!).ShouldBe(ids["contacts"]);
    }

    private static IEnumerable<string> LinksIn(JsonNode? node) => node switch
    {
        JsonObject all => all.SelectMany(m => m is { Key: "links", Value: JsonObject links } ? links.Select(l => (string)l.Value!) : LinksIn(m.Value)),
        JsonArray all => all.SelectMany(LinksIn),
        _ => [],
    };
}

/// <summary>An account with one of everything, for tests that only read.</summary>
public sealed class LinkedAccount(TestKit.Product product) : IAsyncLifetime
{
    public TestAccount Account { get; private set; } = null!;

    public IReadOnlyDictionary<string, string> Ids { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Account = await product.NewAccountAsync();
        Ids = await Seed.OneOfEverythingAsync(Account, "Shape");
    }

    /// <summary>The path with the ids in place of their names.</summary>
    public string Fill(string path) => Ids.Aggregate(path, (p, id) => p.Replace($"{{{id.Key}}}", id.Value, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
