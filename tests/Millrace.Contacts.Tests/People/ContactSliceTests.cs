using System.Net;
using System.Net.Http.Json;
using Millrace.TestKit;

namespace Millrace.Contacts.Tests.People;

public sealed class ContactSliceTests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task A_contact_is_created_changed_found_and_deleted()
    {
        var account = await product.NewAccountAsync();
        var field = (await account.PostAsync("fields", new { name = "Colour", type = "dropdown", options = new[] { new { value = "Red" } } }))["id"]!.GetValue<long>();
        var list = (await account.PostAsync("lists", new { name = "Newsletter" }))["id"]!.GetValue<long>();
        var made = await account.PostAsync("contacts", new
        {
            email = "Ada@Example.org",
            first_name = "Ada",
            fields = new Dictionary<string, string> { [$"{field}"] = "red" },
            tags = new[] { "VIP" },
            lists = new[] { list },
        });
        var id = made["id"]!.GetValue<long>();
        made["email"]!.GetValue<string>().ShouldBe("ada@example.org");
        made["groups"]![0]!["fields"]![0]!["value"]!.GetValue<string>().ShouldBe("Red");
        made["lists"]![0]!["status"]!.GetValue<string>().ShouldBe("active");

        await account.PatchAsync($"contacts/{id}", new { last_name = "Byron" });
        await account.SettledAsync();
        var page = await account.GetAsync("contacts?q=ada%20byr");
        page["items"]!.AsArray().Count.ShouldBe(1);
        page["items"]![0]!["tags"]![0]!["name"]!.GetValue<string>().ShouldBe("VIP");
        (await account.GetAsync("contacts"))["total"]!.GetValue<long>().ShouldBe(1);
        (await account.GetAsync("tags"))["items"]![0]!["contacts"]!.GetValue<long>().ShouldBe(1);
        (await account.GetAsync("lists"))["items"]![0]!["active_contacts"]!.GetValue<long>().ShouldBe(1);
        (await account.ActivitiesAsync(id)).Select(a => a.Kind)
            .ShouldBe(["contact.created", "field.changed", "tag.added", "list.subscribed", "field.changed"]);
        var stream = await account.GetAsync($"contacts/{id}/activities?limit=2");
        stream["items"]![0]!["detail"]!.GetValue<string>().ShouldBe("Last name: – → Byron");
        stream["items"]![1]!["detail"]!.GetValue<string>().ShouldBe("Newsletter");
        (await account.GetAsync($"contacts/{id}/activities?limit=2&cursor={stream["next_cursor"]}"))["items"]![0]!["detail"]!.GetValue<string>().ShouldBe("VIP");

        (await account.App.DeleteAsync(new Uri($"contacts/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await account.SettledAsync();
        (await account.GetAsync("contacts"))["total"]!.GetValue<long>().ShouldBe(0);
        (await account.GetAsync("tags"))["items"]![0]!["contacts"]!.GetValue<long>().ShouldBe(0);
        (await account.GetAsync("lists"))["items"]![0]!["active_contacts"]!.GetValue<long>().ShouldBe(0);
    }

    [Theory]
    [InlineData("created")]
    [InlineData("-created")]
    [InlineData("email")]
    [InlineData("-email")]
    [InlineData("first_name")]
    [InlineData("-last_name")]
    public async Task Pages_of_every_order_hold_each_contact_once(string sort)
    {
        var account = await product.NewAccountAsync();
        for (var i = 0; i < 7; i++)
        {
            await account.PostAsync("contacts", new { email = i % 3 == 0 ? "" : $"p{i}@example.org", phone = "+49 30 1234567", first_name = $"N{i % 2}" });
        }

        var (seen, cursor) = (new List<long>(), "");
        do
        {
            var page = await account.GetAsync($"contacts?sort={sort}&limit=2&cursor={cursor}");
            seen.AddRange(page["items"]!.AsArray().Select(c => c!["id"]!.GetValue<long>()));
            cursor = page["next_cursor"]?.GetValue<string>();
        }
        while (cursor is not null);

        seen.Count.ShouldBe(7);
        seen.Distinct().Count().ShouldBe(7);
    }

    [Theory]
    [InlineData("contacts?limit=0", 422)]
    [InlineData("contacts?limit=201", 422)]
    [InlineData("contacts?sort=name;drop%20table%20x", 422)]
    [InlineData("contacts?status=OR%201=1", 422)]
    [InlineData("contacts?cursor=abcdefghijklmnopqrstuvwxyz0123456789", 400)]
    public async Task Hostile_queries_are_refused(string path, int status)
    {
        var account = await product.NewAccountAsync();

        using var response = await account.App.GetAsync(new Uri(path, UriKind.Relative));

        ((int)response.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task A_taken_address_a_stale_version_and_a_foreign_contact_are_refused()
    {
        var (account, other) = (await product.NewAccountAsync(), await product.NewAccountAsync());
        var made = await account.PostAsync("contacts", new { email = "a@b.com" });
        var id = made["id"]!.GetValue<long>();

        (await account.App.PostAsJsonAsync("contacts", new { email = "A@B.Com" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await other.App.GetAsync(new Uri($"contacts/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await account.PatchAsync($"contacts/{id}", new { first_name = "B" });
        await product.AdvanceAsync(TimeSpan.FromSeconds(1));
        await account.PatchAsync($"contacts/{id}", new { first_name = "C" });
        using var stale = new HttpRequestMessage(HttpMethod.Patch, $"contacts/{id}") { Content = JsonContent.Create(new { first_name = "D" }) };
        stale.Headers.TryAddWithoutValidation("If-Match", $"\"{made["version"]}\"");
        (await account.App.SendAsync(stale)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task A_merge_of_tags_leaves_exact_counts()
    {
        var account = await product.NewAccountAsync();
        foreach (var (email, tags) in new[] { ("a@b.cd", new[] { "one" }), ("b@b.cd", ["one", "two"]), ("c@b.cd", ["two"]) })
        {
            await account.PostAsync("contacts", new { email, tags });
        }

        var items = (await account.GetAsync("tags"))["items"]!.AsArray();
        var (one, two) = (items[0]!["id"]!.GetValue<long>(), items[1]!["id"]!.GetValue<long>());
        await account.PostAsync($"tags/{one}/merge", new { into = two });
        await account.SettledAsync();

        var left = (await account.GetAsync("tags"))["items"]!.AsArray();
        left.Count.ShouldBe(1);
        left[0]!["contacts"]!.GetValue<long>().ShouldBe(3);
    }
}
