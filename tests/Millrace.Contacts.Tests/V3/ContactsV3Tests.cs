using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Contacts.Tests.V3;

public sealed class ContactsV3Tests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task The_usual_calls_of_an_integration_work()
    {
        var account = await product.NewAccountAsync();
        var field = (string)(await account.V3PostAsync("fields", new { field = new { title = "Another Test Title", type = "text" } }))["field"]!["id"]!;
        var tag = (string)(await account.V3PostAsync("tags", new { tag = new { tag = "vip", tagType = "contact" } }))["tag"]!["id"]!;
        var list = (string)(await account.V3PostAsync("lists", new { list = new { name = "News" } }))["list"]!["id"]!;
        using var first = await account.V3.PostAsJsonAsync("contact/sync", new
        {
            contact = new { email = "Ada@example.org", firstName = "Ada", fieldValues = new[] { new { field, value = "Blue" } } },
        });
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var second = await account.V3.PostAsJsonAsync("contact/sync", new { contact = new { email = "ada@example.org", lastName = "Byron" } });
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        var contact = JsonNode.Parse(await second.Content.ReadAsStringAsync())!["contact"]!;
        ((string)contact["firstName"]!).ShouldBe("Ada");
        var id = (string)contact["id"]!;

        var tagged = await account.V3PostAsync("contactTags", new { contactTag = new { contact = id, tag } });
        var listed = await account.V3PostAsync("contactLists", new { contactList = new { contact = long.Parse(id), list = long.Parse(list), status = 1 } });
        ((string)listed["contactList"]!["status"]!).ShouldBe("1");
        var read = await account.V3GetAsync($"contacts/{id}");
        ((string)read["fieldValues"]![0]!["value"]!).ShouldBe("Blue");
        ((string)read["contact"]!["contactLists"]![0]!).ShouldBe((string)listed["contactList"]!["id"]!);
        var found = await account.V3GetAsync($"contacts?listid={list}&tagid={tag}&status=1&search=ada&orders[email]=ASC&include=contactTags.tag");
        ((string)found["meta"]!["total"]!).ShouldBe("1");
        ((string)found["tags"]![0]!["tag"]!).ShouldBe("vip");
        (await account.V3GetAsync("contacts?filters[email][starts_with]=zz"))["contacts"]!.AsArray().ShouldBeEmpty();
        (await account.V3GetAsync($"contactLists?filters[list]={list}&filters[status]=1"))["contactLists"]!.AsArray().Count.ShouldBe(1);
        var note = await account.V3PostAsync("notes", new { note = new { note = "Hi", relid = id, reltype = "Subscriber" } });
        ((string)note["note"]!["owner"]!["id"]!).ShouldBe(id);
        ((string)(await account.V3GetAsync("fields"))["fields"]![0]!["perstag"]!).ShouldBe("ANOTHER_TEST_TITLE");

        (await account.V3.DeleteAsync(new Uri($"contactTags/{tagged["contactTag"]!["id"]}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await account.V3GetAsync($"contacts/{id}/contactTags"))["contactTags"]!.AsArray().ShouldBeEmpty();
        (await account.V3.DeleteAsync(new Uri($"contacts/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var again = await account.V3.DeleteAsync(new Uri($"contacts/{id}", UriKind.Relative));
        again.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_taken_and_a_malformed_address_answer_with_the_texts_clients_compare()
    {
        var account = await product.NewAccountAsync();
        await account.V3PostAsync("contacts", new { contact = new { email = "a@b.com" } });

        using var taken = await account.V3.PostAsJsonAsync("contacts", new { contact = new { email = "A@B.com" } });
        using var malformed = await account.V3.PostAsJsonAsync("contacts", new { contact = new { email = "nonsense" } });

        taken.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var error = JsonNode.Parse(await taken.Content.ReadAsStringAsync())!["errors"]![0]!;
        ((string)error["code"]!).ShouldBe("duplicate");
        ((string)error["title"]!).ShouldBe("Email address already exists in the system");
        ((string)error["source"]!["pointer"]!).ShouldBe("/data/attributes/email");
        ((string)JsonNode.Parse(await malformed.Content.ReadAsStringAsync())!["errors"]![0]!["title"]!).ShouldBe("Contact Email Address is not valid.");
    }
}
