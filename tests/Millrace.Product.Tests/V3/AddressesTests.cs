using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Product.Tests.V3;

/// <summary>Postal addresses, and that mails bear them.</summary>
[Collection<OneProduct>]
public sealed class AddressesTests(TestKit.Product product)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Addresses_are_made_in_both_spellings_the_first_is_the_default_and_mails_follow_it()
    {
        var account = await product.NewAccountAsync();
        var first = (await account.V3PostAsync("addresses", new { address = new { company_name = "Engines Ltd", address_1 = "1 Mill Rd", country = "GB" } }))["address"]!;
        ((string?)first["companyName"], (string?)first["address1"], (string?)first["country"], (int)first["isDefault"]!).ShouldBe(("Engines Ltd", "1 Mill Rd", "GB", 1));
        first["links"]!.AsObject().Select(l => l.Key).ShouldBe(["addressGroup", "addressList", "forms"]);
        var second = (await account.V3PostAsync("addresses", new { address = new { companyName = "Engines GmbH", address1 = "Mühlweg 2", city = "Ulm", zip = 89073, country = "de", groupid = 3 } }))["address"]!;
        ((string?)second["zip"], (string?)second["country"], (int)second["isDefault"]!).ShouldBe(("89073", "DE", 0));
        ((string?)(await account.GetAsync("account"))["sender_address"]).ShouldBe("Engines Ltd\n1 Mill Rd\nUnited Kingdom");

        var list = await account.V3GetAsync("addresses");
        list["addresses"]!.AsArray().Select(a => $"{a!["companyName"]} {a["isDefault"]} {a["allgroup"]}").ShouldBe(["Engines Ltd 1 0", "Engines GmbH 0 0"]);
        ((string?)list["meta"]!["total"]).ShouldBe("2");
        var item = (await account.V3GetAsync($"addresses/{second["id"]}"))["address"]!.AsObject().Select(m => m.Key);
        item.ShouldBe(["companyName", "address1", "address2", "city", "state", "district", "zip", "country", "allgroup", "isDefault", "created_timestamp", "updated_timestamp",
            "created_by", "updated_by", "links", "id"]);

        var changed = (await account.V3PutAsync($"addresses/{second["id"]}", new { address = new { address_2 = "Hinterhaus", is_default = true } }))["address"]!;
        ((string?)changed["address2"], (string?)changed["companyName"], (int)changed["isDefault"]!).ShouldBe(("Hinterhaus", "Engines GmbH", 1));
        ((string?)(await account.GetAsync("account"))["sender_address"]).ShouldBe("Engines GmbH\nMühlweg 2\nHinterhaus\n89073 Ulm\nGermany");

        var group = (await account.V3GetAsync($"addresses/{second["id"]}/addressGroup"))["addressGroups"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)group["groupid"], (string?)group["address"]).ShouldBe(("3", (string?)second["id"]));
        (await DeleteAsync(account, $"addressGroups/{group["id"]}")).ShouldBe((HttpStatusCode.OK, "{}"));
        (await DeleteAsync(account, $"addressGroups/{group["id"]}")).ShouldBe((HttpStatusCode.NotFound, $$"""{"message":"No Result found for AddressGroup with id {{group["id"]}}"}"""));
        (await account.V3GetAsync($"addresses/{second["id"]}/forms"))["forms"]!.AsArray().ShouldBeEmpty();

        (await DeleteAsync(account, $"addresses/{second["id"]}")).ShouldBe((HttpStatusCode.OK, "{}"));
        (await DeleteAsync(account, $"addresses/{second["id"]}")).ShouldBe((HttpStatusCode.NotFound, $$"""{"message":"No Result found for Address with id {{second["id"]}}"}"""));
        ((string?)(await account.V3GetAsync($"addresses/{first["id"]}"))["address"]!["isDefault"]).ShouldBe("1", "the one that is left");
        ((string?)(await account.GetAsync("account"))["sender_address"]).ShouldBe("Engines Ltd\n1 Mill Rd\nUnited Kingdom");
    }

    [Fact]
    public async Task What_is_missing_or_wrong_is_told_by_member_and_changes_nothing()
    {
        var account = await product.NewAccountAsync();
        using var empty = await account.V3.PostAsJsonAsync("addresses", new { address = new { city = "Ulm" } }, Token);
        empty.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        JsonNode.Parse(await empty.Content.ReadAsStringAsync(Token))!["errors"]!.AsArray().Select(e => $"{e!["code"]} {e["source"]!["pointer"]} {e["title"]}").ShouldBe([
            "field_missing /data/attributes/company_name This field is required.", "field_missing /data/attributes/address_1 This field is required.",
            "field_missing /data/attributes/country This field is required.",
        ]);
        using var unknown = await account.V3.PostAsJsonAsync("addresses", new { address = new { company_name = "A", address_1 = "B", country = "Great Britain" } }, Token);
        unknown.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var none = await account.V3.PutAsJsonAsync("addresses/77", new { address = new { city = "Ulm" } }, Token);
        (none.StatusCode, await none.Content.ReadAsStringAsync(Token)).ShouldBe((HttpStatusCode.NotFound, """{"message":"No Result found for Address with id 77"}"""));
        (await account.V3GetAsync("addresses"))["addresses"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_campaign_bears_its_own_address_or_that_of_its_list_or_the_default()
    {
        var account = await product.NewAccountAsync();
        foreach (var name in new[] { "Default", "Lists", "Own" })
        {
            await account.PostAsync("addresses", new { company_name = name, address1 = "1 Mill Rd", country = "GB" });
        }

        var ids = (await account.GetAsync("addresses"))["items"]!.AsArray().ToDictionary(a => (string)a!["company_name"]!, a => (long)a!["id"]!);
        var list = (long)(await account.PostAsync("lists", new { name = "News" }))["id"]!;
        using (var saved = await account.App.PutAsJsonAsync($"addresses/{ids["Lists"]}", new { company_name = "Lists", address1 = "1 Mill Rd", country = "GB", list_ids = new[] { list } }, Token))
        {
            saved.EnsureSuccessStatusCode();
        }

        var onList = (await account.V3GetAsync($"lists/{list}/addressLists"))["addressLists"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)onList["list"], (string?)onList["address"]).ShouldBe(($"{list}", $"{ids["Lists"]}"));
        var campaign = (long)(await account.V3PostAsync("campaign", new { name = "March", type = "single" }))["id"]!;
        (await SenderAsync(account, campaign)).ShouldBe("Default");
        await account.V3PutAsync($"campaigns/{campaign}/edit", new { listIds = new[] { list } });
        (await SenderAsync(account, campaign)).ShouldBe("Lists");
        var edited = (await account.V3PutAsync($"campaigns/{campaign}/edit", new { addressId = ids["Own"] }))["campaign"]!;
        ((string?)edited["addressid"]).ShouldBe($"{ids["Own"]}");
        (await SenderAsync(account, campaign)).ShouldBe("Own");
        using var wrong = await account.V3.PutAsJsonAsync($"campaigns/{campaign}/edit", new { addressId = 999_999 }, Token);
        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        await DeleteAsync(account, $"addresses/{ids["Own"]}");
        (await DeleteAsync(account, $"addressLists/{onList["id"]}")).ShouldBe((HttpStatusCode.OK, "{}"));
        (await SenderAsync(account, campaign)).ShouldBe("Default");
    }

    /// <summary>First line of what the campaign's mail bears at its foot.</summary>
    private static async Task<string> SenderAsync(TestAccount account, long campaign)
    {
        await using var work = await account.BeginAsync();
        var message = await Kernel.Data.Sql.Of($"select message_id from messaging.campaign_variant where account_id = {account.Id} and campaign_id = {campaign}").FirstAsync<long>(work, Token);
        return (await Messaging.Sending.CompiledMessages.SenderAsync(work.Transaction, account.Id, Token, message)).Address.Split('\n')[0];
    }

    private static async Task<(HttpStatusCode, string)> DeleteAsync(TestAccount account, string path)
    {
        using var answer = await account.V3.DeleteAsync(new Uri(path, UriKind.Relative), Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }
}
