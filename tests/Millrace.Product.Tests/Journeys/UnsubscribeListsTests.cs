using System.Net;
using System.Text.Json.Nodes;

namespace Millrace.Product.Tests.Journeys;

/// <summary>An automation says which lists the unsubscribe link in its mails takes people off.</summary>
public sealed class UnsubscribeListsTests(MailProduct product) : IClassFixture<MailProduct>
{
    private const string Document = """
        { "name": "Tips", "create": true, "unsubscribe_lists": ["Tips"], "triggers": [ { "type": "tag.added", "tag": "go" } ],
          "steps": [
            { "id": "one", "type": "email.send", "subject": "One", "from": { "address": "ann@sender.example" }, "html": "<p>One</p>" },
            { "id": "stay", "type": "wait.until", "conditions": { "all": [ { "field": "list:Tips", "op": "is", "value": "unsubscribed" } ] } },
            { "id": "two", "type": "email.send", "subject": "Two", "from": { "address": "ann@sender.example" }, "html": "<p>Two</p>" } ] }
        """;

    [Fact]
    public async Task The_link_takes_the_contact_off_these_lists_and_off_no_other()
    {
        var account = await product.NewAccountAsync();
        await account.PostAsync("automations/import?activate=true", JsonNode.Parse(Document)!);
        var lists = (await account.V3GetAsync("lists"))["lists"]!.AsArray();
        var tips = (string)lists.Single(l => (string?)l!["name"] == "Tips")!["id"]!;
        var news = (string)(await account.V3PostAsync("lists", new { list = new { name = "News", stringid = "news" } }))["list"]!["id"]!;
        var contact = (string)(await account.V3PostAsync("contacts", new { contact = new { email = "cyd@tips.example" } }))["contact"]!["id"]!;
        foreach (var list in new[] { tips, news })
        {
            await account.V3PostAsync("contactLists", new { contactList = new { contact, list, status = 1 } });
        }

        var tag = (string)(await account.V3GetAsync("tags?search=go"))["tags"]![0]!["id"]!;
        await account.V3PostAsync("contactTags", new { contactTag = new { contact, tag } });
        var mail = (await product.MailsAsync("cyd@tips.example", 1))[0];

        var address = mail.Root.Header("List-Unsubscribe")!.Split(',').Select(p => p.Trim(' ', '<', '>')).Single(p => p.StartsWith("https://", StringComparison.Ordinal));
        using var reader = new HttpClient { BaseAddress = product.Address };
        using var form = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var answer = await reader.PostAsync(new Uri(address[MailProduct.PublicUrl.Length..], UriKind.Relative), form, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await account.BecomesAsync(long.Parse(contact, System.Globalization.CultureInfo.InvariantCulture), "completed: one=done stay=met two=skipped_unsubscribed");
        var statuses = (await account.V3GetAsync($"contacts/{contact}/contactLists"))["contactLists"]!.AsArray()
            .ToDictionary(l => (string)l!["list"]!, l => (string)l!["status"]!);
        (statuses[tips], statuses[news]).ShouldBe(("2", "1"));
        product.Received("cyd@tips.example").Count.ShouldBe(1);
    }
}
