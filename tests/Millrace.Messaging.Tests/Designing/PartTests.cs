using System.Net;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Designing;

[Collection(nameof(DesignerTests))]
public sealed class PartTests(DesignerProduct product)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_of_a_shared_part_is_in_every_mail_from_then_on_and_what_was_frozen_stays()
    {
        var account = await product.NewAccountAsync();
        var section = (long)(await account.PostAsync("design-parts", new { name = "Top", is_shared = true, section = Section("Spring") }))["id"]!;
        var block = (long)(await account.PostAsync("design-parts", new { name = "Sign", is_shared = true, is_block = true, section = Section("Yours") }))["id"]!;
        var message = await account.PostAsync("messages", new
        {
            name = "News",
            subject = "S",
            design = new
            {
                sections = new object[]
            {
                new { shared = section, columns = Array.Empty<object>() },
                new { columns = new[] { new { blocks = new[] { new { kind = "shared", options = new { part = block } } } } } },
            },
            }
        });

        (await PreviewAsync(account, message)).ShouldContain("Spring");
        (await PreviewAsync(account, message)).ShouldContain("Yours");
        var detail = await account.GetAsync($"design-parts/{section}");
        detail["places"]!.AsArray().ShouldHaveSingleItem()!.Text("name").ShouldBe("News");
        (await account.GetAsync("design-parts?shared=true"))["parts"]!.AsArray().Select(p => (long)p!["used_in"]!).ShouldBe([1, 1]);
        await account.PutAsync($"design-parts/{section}", new { name = "Top", is_shared = true, section = Section("Summer") });
        (await PreviewAsync(account, message)).ShouldContain("Summer");
        using var refused = await account.App.DeleteAsync(new Uri($"design-parts/{section}", UriKind.Relative), Token);
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);

        await using var work = await account.BeginAsync();
        await Sql.Of($"delete from messaging.design_part where account_id = {account.Id}").ExecuteAsync(work, Token);
        await work.CommitAsync(Token);
        var preview = await account.PostAsync("messages/preview", new { message = new { name = "x", subject = "S", design = message["design"]!.DeepClone() } });
        preview["warnings"]!.AsArray().Count(w => w!.Text("code") == "shared_missing").ShouldBe(2);
    }

    [Fact]
    public async Task A_part_is_checked_like_a_design_and_names_no_other()
    {
        var account = await product.NewAccountAsync();
        foreach (var wrong in new object[]
        {
            new { name = "", section = Section("x") },
            new { name = "x", section = new { columns = Array.Empty<object>() } },
            new { name = "x", section = new { shared = 1, columns = Array.Empty<object>() } },
            new { name = "x", is_block = true, section = new { columns = new[] { new { blocks = Array.Empty<object>() } } } },
            new { name = "x", section = new { columns = new[] { new { blocks = new[] { new { kind = "nosuch" } } } } } },
        })
        {
            using var answer = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(account.App, "design-parts", wrong, Token);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, wrong.ToString());
        }
    }

    private static object Section(string text) => new { columns = new[] { new { blocks = new[] { new { kind = "heading", options = new { text } } } } } };

    private async Task<string> PreviewAsync(TestAccount account, System.Text.Json.Nodes.JsonNode message)
    {
        var preview = await account.PostAsync("messages/preview", new { message = new { name = "x", subject = "S", design = message["design"]!.DeepClone() } });
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(product.Address, preview.Text("url")), Token);
    }
}
