using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Segments.Tests;

public sealed class EndpointTests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task The_catalogue_offers_what_the_account_has()
    {
        var account = await product.NewAccountAsync();
        var list = await ListAsync(account);
        var entries = (await account.GetAsync("conditions"))["conditions"]!.AsArray();
        var entry = entries.Single(e => (string)e!["key"]! == $"list:{list}")!;
        ((string)entry["title"]!).ShouldBe("News");
        ((string)entry["kind"]!).ShouldBe("field");
        entry["ops"]!.AsArray().Select(o => (string)o!).ShouldBe(["is", "is_not", "blank", "not_blank"]);
        ((string)entry["value"]!["type"]!).ShouldBe("choice");
        var activity = entries.Single(e => (string)e!["key"]! == "tag.added")!;
        ((string)activity["kind"]!).ShouldBe("activity");
        activity["options"]!.AsArray().Select(o => (string)o!["key"]!).ShouldBe(["tag", "automation", "step"]);
    }

    [Fact]
    public async Task Without_a_database_of_places_conditions_on_them_say_so_and_those_on_devices_work()
    {
        var account = await product.NewAccountAsync();
        var entries = (await account.GetAsync("conditions"))["conditions"]!.AsArray();
        JsonNode Entry(string key) => entries.Single(e => (string)e!["key"]! == key)!;
        ((string?)Entry("place.country")["unavailable"]).ShouldNotBeNull().ShouldContain("Millrace:Geography:Database");
        ((string?)Entry("place.distance")["unavailable"]).ShouldNotBeNull();
        Entry("device.kind")["unavailable"].ShouldBeNull();
        Entry("place.distance")["options"]!.AsArray().Select(o => (string)o!["key"]!).ShouldBe(["from", "unit"]);
        Entry("email.opened")["options"]!.AsArray().Select(o => (string)o!["key"]!).ShouldContain("device");
        var url = Entry("email.clicked")["options"]!.AsArray().Single(o => (string)o!["key"]! == "url")!;
        url["ops"]!.AsArray().Select(o => (string)o!).ShouldBe(["is", "is_not", "contains", "not_contains", "starts_with", "ends_with"]);

        foreach (var body in new[] { """{"any":[{"field":"place.city","op":"is","value":"Berlin"}]}""", """{"any":[{"field":"place.country","op":"blank"}]}""" })
        {
            using var refused = await account.App.PostAsJsonAsync("conditions/preview", new { conditions = JsonNode.Parse(body) });
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            var error = JsonNode.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["errors"]![0]!;
            ((string?)error["code"], (string?)error["path"]).ShouldBe(("not_available", "/conditions/any/0/field"));
        }

        var preview = await account.PostAsync("conditions/preview", new { conditions = JsonNode.Parse("""{"field":"device.kind","op":"is_not","value":["mobile","tablet"]}""") });
        ((string)preview["words"]!).ShouldBe("Device is not Mobile or Tablet");
    }

    [Fact]
    public async Task A_preview_counts_and_an_explanation_says_which_rows_hold()
    {
        var account = await product.NewAccountAsync();
        var other = await product.NewAccountAsync();
        var list = await ListAsync(account);
        var ann = await ContactAsync(account, "ann@example.com");
        await ContactAsync(account, "bo@example.com");
        var foreign = await ContactAsync(other, "ann@example.com");
        var tree = JsonNode.Parse($$$"""
            {"all":[{"field":"email","op":"starts_with","value":"ANN"},{"field":"list:{{{list}}}","op":"is_not","value":"active"}]}
            """)!;
        var preview = await account.PostAsync("conditions/preview", new { conditions = tree });
        ((long)preview["count"]!).ShouldBe(1);
        ((long)preview["sample"]![0]!["id"]!).ShouldBe(ann);
        ((string)preview["words"]!).ShouldBe("E-mail address starts with “ANN” and List News is not Active");

        var answer = await account.PostAsync("conditions/explain", new { conditions = tree, contact_id = ann });
        ((bool)answer["matches"]!).ShouldBeTrue();
        answer["leaves"]!.AsArray().Select(l => (bool)l!["holds"]!).ShouldBe([true, true]);
        using var hidden = await account.App.PostAsJsonAsync("conditions/explain", new { conditions = tree, contact_id = foreign });
        hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var empty = await account.App.PostAsJsonAsync("conditions/explain", new { conditions = new JsonObject(), contact_id = ann });
        empty.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_mistake_and_a_foreign_list_are_told_with_their_place()
    {
        var account = await product.NewAccountAsync();
        var foreign = await ListAsync(await product.NewAccountAsync());
        await RefusedAsync("""{"all":[{"field":"email","op":"OR 1=1","value":"x"}]}""", "/conditions/all/0/op", "filter_invalid");
        await RefusedAsync($$$"""{"all":[{"field":"list:{{{foreign}}}","op":"is","value":"active"}]}""", "/conditions/all/0/field", "reference_missing");
        await RefusedAsync("""{"activity":"tag.added","step":"hello"}""", "/conditions/step", "filter_invalid");

        async Task RefusedAsync(string tree, string path, string code)
        {
            using var response = await account.App.PostAsJsonAsync("conditions/preview", new { conditions = JsonNode.Parse(tree) });
            response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["errors"]![0]!;
            ((string)error["path"]!, (string)error["code"]!).ShouldBe((path, code));
        }
    }

    private static async Task<long> ListAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        var id = await Sql.Of($"""
            insert into contacts.list (account_id, name, string_id, created_at, updated_at) values ({account.Id}, 'News', 'news', '2026-01-01Z', '2026-01-01Z') returning id
            """).FirstAsync<long>(work, default);
        await work.CommitAsync(default);
        return id;
    }

    private static async Task<long> ContactAsync(TestAccount account, string email)
    {
        await using var work = await account.BeginAsync();
        var id = await Sql.Of($"""
            insert into contacts.contact (account_id, email, created_at, updated_at) values ({account.Id}, {email}, '2026-01-01Z', '2026-01-01Z') returning id
            """).FirstAsync<long>(work, default);
        await work.CommitAsync(default);
        return id;
    }
}
