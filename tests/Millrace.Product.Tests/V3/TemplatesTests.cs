using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Product.Tests.V3;

/// <summary><c>/api/3/templates</c> as existing clients read it.</summary>
[Collection<OneProduct>]
public sealed class TemplatesTests(TestKit.Product product)
{
    [Fact]
    public async Task Templates_are_listed_filtered_read_and_deleted()
    {
        var account = await product.NewAccountAsync();
        var id = (await account.PostAsync("templates", new { name = "Spring", subject = "Hello", html = "<p>Words</p>" }))["id"]!.ToString();
        await account.PostAsync("templates/duplicate", new { template = "library/poster", name = "Poster" });

        var page = await account.V3GetAsync("templates?limit=1&orders[name]=DESC");
        Text(page["meta"]!["total"]).ShouldBe("2");
        var template = page["templates"]![0]!;
        (Text(template["name"]), Text(template["id"]), Text(template["subject"]), Text(template["content"])).ShouldBe(("Spring", id, "Hello", "<p>Words</p>"));
        foreach (var name in new[] { "userid", "ed_instanceid", "ed_version", "categoryid", "used", "waitpreview", "importnum", "modified", "hidden", "screenshot" })
        {
            Text(template[name]);
        }

        Text(template["mdate"]).ShouldMatch(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$");
        template["links"]!.AsArray().ShouldBeEmpty();
        template.AsObject().ContainsKey("preview_content").ShouldBeTrue();
        var drawn = (await account.V3GetAsync("templates?filters[name]=Poster"))["templates"]!.AsArray().ShouldHaveSingleItem()!;
        Text(drawn["content"]).ShouldContain("LOUD");
        Text((await account.V3GetAsync($"templates/{id}"))["template"]!["name"]).ShouldBe("Spring");

        using var deleted = await account.V3.DeleteAsync(new Uri($"templates/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
        ((int)deleted.StatusCode, await deleted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe((200, "{}"));
        using var gone = await account.V3.GetAsync(new Uri($"templates/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
        ((int)gone.StatusCode).ShouldBe(404);
        (await gone.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"No Result found for Template with id {id}");
    }

    private static string Text(JsonNode? node)
    {
        node.ShouldNotBeNull();
        node.GetValueKind().ShouldBe(JsonValueKind.String, node.GetPath());
        return node.GetValue<string>();
    }
}
