using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Segments.Tests;

public sealed class SavedSegmentsTests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task A_segment_is_saved_read_changed_duplicated_and_deleted()
    {
        var account = await product.NewAccountAsync();
        await ContactAsync(account, "ann@example.com");
        await ContactAsync(account, "bo@example.org");
        var id = await SegmentAsync(account, "Com", Email(".com"), tags: ["weekly", "Weekly", " "]);

        var read = await account.GetAsync($"segments/{id}");
        ((string)read["name"]!).ShouldBe("Com");
        read["tags"]!.AsArray().Select(t => (string)t!).ShouldBe(["weekly"]);
        ((string)read["words"]!).ShouldBe("E-mail address ends with “.com”");
        ((long)read["version"]!).ShouldBe(1);
        (read["count"] is null).ShouldBeTrue();
        ((long)(await account.PostAsync($"segments/{id}/count", new { }))["count"]!).ShouldBe(1);

        (await ChangeAsync(account, id, 1, "Org", Email(".org"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ChangeAsync(account, id, 1, "Late", Email(".net"))).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await account.GetAsync($"segments/{id}"))["count"].ShouldBeNull();

        var copy = (long)(await account.PostAsync($"segments/{id}/duplicate", new { }))["id"]!;
        var list = await account.GetAsync("segments?q=or&sort=-name");
        list["items"]!.AsArray().Select(i => (string)i!["name"]!).ShouldBe(["Org (copy)", "Org"]);
        ((long)list["total"]!).ShouldBe(2);
        using (var taken = await account.App.PostAsJsonAsync("segments", new { name = "org", conditions = Email(".x") }))
        {
            taken.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        }

        (await account.App.DeleteAsync(new Uri($"segments/{copy}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await account.App.GetAsync(new Uri($"segments/{copy}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_segment_of_segments_means_their_trees_as_they_are_now_and_says_why()
    {
        var account = await product.NewAccountAsync();
        var ann = await ContactAsync(account, "ann@example.com");
        var bo = await ContactAsync(account, "bo@example.org");
        var com = await SegmentAsync(account, "Com", Email(".com"));
        var a = await SegmentAsync(account, "Begins with a", JsonNode.Parse("""{"field":"email","op":"starts_with","value":"a"}""")!);
        var both = await SegmentAsync(account, "Both", JsonNode.Parse($$"""{"all":[{"field":"segment","op":"in","value":{{com}}},{"field":"segment","op":"in","value":{{a}}}]}""")!);
        var neither = await SegmentAsync(account, "Neither", JsonNode.Parse($$"""{"field":"segment","op":"not_in","value":[{{both}},{{com}}]}""")!);

        (await MembersAsync(account, both)).ShouldBe([ann]);
        (await MembersAsync(account, neither)).ShouldBe([bo]);
        (await ChangeAsync(account, com, 1, "Com", Email(".org"))).EnsureSuccessStatusCode();
        (await MembersAsync(account, both)).ShouldBeEmpty();
        (await MembersAsync(account, neither)).ShouldBe([ann]);

        var why = await account.PostAsync($"segments/{neither}/explain", new { contact_id = bo });
        ((bool)why["matches"]!).ShouldBeFalse();
        var leaf = why["leaves"]![0]!;
        ((string)leaf["words"]!).ShouldBe("Segment does not contain the contact Both or Com");
        var inner = leaf["segments"]!.AsArray().Single(s => (string)s!["name"]! == "Com")!;
        ((bool)inner["holds"]!).ShouldBeTrue();
        ((string)inner["leaves"]![0]!["found"]!).ShouldBe("bo@example.org");
    }

    [Fact]
    public async Task A_circle_is_refused_with_its_path()
    {
        var account = await product.NewAccountAsync();
        var a = await SegmentAsync(account, "A", Email("a"));
        var b = await SegmentAsync(account, "B", In(a));
        var c = await SegmentAsync(account, "C", In(b));

        var answer = await ChangeAsync(account, a, 1, "A", JsonNode.Parse($$"""{"any":[{"field":"email","op":"is","value":"x"},{"field":"segment","op":"in","value":{{c}}}]}""")!);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]![0]!;
        ((string)error["code"]!).ShouldBe("segment_cycle");
        ((string)error["path"]!).ShouldBe("/conditions/any/1/value");
        ((string)error["message"]!).ShouldContain("A → C → B → A");
        using var preview = await account.App.PostAsJsonAsync("segments/preview", new { conditions = In(c), segment_id = a });
        preview.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Segments_that_multiply_each_other_are_refused_and_none_is_too_deep()
    {
        var account = await product.NewAccountAsync();
        var wide = await SegmentAsync(account, "Wide", new JsonObject { ["any"] = new JsonArray([.. Enumerable.Range(0, 200).Select(i => Email($"{i}").DeepClone())]) });
        using var many = await account.App.PostAsJsonAsync("segments", new
        {
            name = "Wider",
            conditions = new JsonObject { ["any"] = new JsonArray([.. Enumerable.Range(0, 6).Select(_ => (JsonNode)In(wide))]) },
        });
        many.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        var last = await SegmentAsync(account, "1", Email("x"));
        for (var depth = 2; depth <= 10; depth++)
        {
            last = await SegmentAsync(account, $"{depth}", In(last));
        }

        using var eleventh = await account.App.PostAsJsonAsync("segments", new { name = "11", conditions = In(last) });
        eleventh.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_segment_in_use_is_deleted_only_by_force_and_then_contains_nobody()
    {
        var account = await product.NewAccountAsync();
        var ann = await ContactAsync(account, "ann@example.com");
        var com = await SegmentAsync(account, "Com", Email(".com"));
        var user = await SegmentAsync(account, "User", In(com));
        await account.PostAsync("automations/import?activate=true", JsonNode.Parse("""
            { "name": "Greets", "create": true, "triggers": [ { "type": "tag.added", "tag": "go", "where": { "field": "segment", "op": "in", "value": "Com" } } ],
              "steps": [ { "type": "flow.if", "conditions": { "field": "segment", "op": "not_in", "value": "Com" }, "yes": [], "no": [ { "type": "tag.add", "tag": "in" } ] } ] }
            """)!);

        var places = (await account.GetAsync($"segments/{com}/uses"))["places"]!.AsArray();
        var listed = (await account.GetAsync("segments"))["items"]!.AsArray().Single(s => Id(s!) == com)!;
        ((int)listed["uses"]!).ShouldBe(places.Count, "The list says in how many places.");
        places.Select(p => ((string)p!["kind"]!, (string)p["name"]!, (bool)p["live"]!)).Order()
            .ShouldBe([("automation", "Greets", true), ("automation", "Greets", true), ("segment", "User", true)]);
        using (var refused = await account.App.DeleteAsync(new Uri($"segments/{com}", UriKind.Relative)))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            ((string)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["code"]!).ShouldBe("segment_in_use");
        }

        (await MembersAsync(account, user)).ShouldBe([ann]);
        (await account.App.DeleteAsync(new Uri($"segments/{com}?force=true", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await MembersAsync(account, user)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wait_for_a_segment_ends_when_what_the_segment_reads_happens_and_when_the_segment_changes()
    {
        var account = await product.NewAccountAsync();
        var (ann, bo) = (await ContactAsync(account, "ann@example.com"), await ContactAsync(account, "bo@example.com"));
        var vip = Id((await account.V3PostAsync("tags", new { tag = new { tag = "VIP", tagType = "contact" } }))["tag"]!);
        var vips = await SegmentAsync(account, "VIPs", JsonNode.Parse($$"""{"field":"tag","op":"has","value":{{vip}}}""")!);
        var automation = Id(await account.PostAsync("automations/import?activate=true", JsonNode.Parse("""
            { "name": "Waits", "create": true, "steps": [
                { "type": "wait.until", "conditions": { "field": "segment", "op": "in", "value": "VIPs" } }, { "type": "tag.add", "tag": "done" } ] }
            """)!));
        await account.PostAsync($"automations/{automation}/contacts", new { contact_ids = new[] { ann, bo } });
        await EventuallyAsync(account, ann, "waiting");
        await EventuallyAsync(account, bo, "waiting");

        await account.V3PostAsync("contactTags", new { contactTag = new { contact = ann, tag = vip } });
        await EventuallyAsync(account, ann, "completed");
        (await StatusAsync(account, bo)).ShouldBe("waiting");
        (await ChangeAsync(account, vips, 1, "VIPs", Email(".com"))).EnsureSuccessStatusCode();
        await EventuallyAsync(account, bo, "completed");
    }

    [Fact]
    public async Task API_v3_lists_segments_their_members_and_whether_one_matches()
    {
        var account = await product.NewAccountAsync();
        var ann = await ContactAsync(account, "ann@example.com");
        var bo = await ContactAsync(account, "bo@example.org");
        var com = await SegmentAsync(account, "Com", Email(".com"));

        var list = await account.V3GetAsync("segments");
        ((string)list["segments"]![0]!["id"]!, (string)list["segments"]![0]!["logic"]!, (string)list["meta"]!["total"]!).ShouldBe(($"{com}", "and", "1"));
        ((string)(await account.V3GetAsync($"segments/{com}"))["segment"]!["name"]!).ShouldBe("Com");
        var members = await account.V3GetAsync($"contacts?segmentid={com}");
        members["contacts"]!.AsArray().Select(c => (string)c!["id"]!).ShouldBe([$"{ann}"]);
        ((string)members["meta"]!["total"]!).ShouldBe("1");
        ((long)members["meta"]!["page_input"]!["segmentid"]!).ShouldBe(com);
        ((bool)(await account.V3GetAsync($"segmentMatch/{com}/{ann}"))["data"]![0]!["attributes"]!["match"]!).ShouldBeTrue();
        ((bool)(await account.V3GetAsync($"segmentMatch/{com}/{bo}"))["data"]![0]!["attributes"]!["match"]!).ShouldBeFalse();
        ((string)(await account.V3GetAsync("audiences"))["data"]![0]!["name"]!).ShouldBe("Com");
        foreach (var path in new[] { "segments/999999", "contacts?segmentid=999999", $"segmentMatch/{com}/999999", $"segmentMatch/999999/{ann}", "audiences/x" })
        {
            (await account.V3.GetAsync(new Uri(path, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }

        var page = await account.GetAsync("contacts?conditions=" + Uri.EscapeDataString(In(com).ToJsonString()));
        page["items"]!.AsArray().Select(c => (long)c!["id"]!).ShouldBe([ann]);
    }

    [Theory]
    [InlineData("""{"same":"subscription","all":[{"field":"subscription.status","op":"is","value":"active"},{"field":"subscription.list","op":"is","value":1}]}""", "ann")]
    [InlineData("""{"all":[{"field":"subscription.status","op":"is","value":"active"},{"field":"subscription.list","op":"is","value":1}]}""", "ann,bo")]
    [InlineData("""{"field":"subscription.status","op":"is_not","value":"active"}""", "cy")]
    [InlineData("""{"same":"subscription","never":true}""", "cy")]
    [InlineData("""{"same":"subscription","times":{"at_least":2}}""", "bo")]
    [InlineData("""{"same":"subscription","times":{"at_most":1}}""", "ann,cy")]
    [InlineData("""{"same":"subscription","all":[{"field":"subscription.status","op":"is_not","value":"active"}]}""", "bo")]
    public async Task Conditions_in_one_same_block_hold_for_the_same_record(string tree, string expected)
    {
        var account = await product.NewAccountAsync();
        var now = product.Now;
        await using var work = await account.BeginAsync();
        var lists = await Sql.Of($"""
            insert into contacts.list (account_id, name, string_id, created_at, updated_at)
            select {account.Id}, n, n, {now}, {now} from unnest(array['One', 'Two']) n returning id
            """).ListAsync<long>(work, default);
        var (ann, bo) = (await NewAsync(work, account.Id, "ann"), await NewAsync(work, account.Id, "bo"));
        await NewAsync(work, account.Id, "cy");
        foreach (var (contact, list, status) in new[] { (ann, lists[0], "active"), (bo, lists[0], "unsubscribed"), (bo, lists[1], "active") })
        {
            await Sql.Of($"""
                insert into contacts.subscription (account_id, contact_id, list_id, status, created_at, updated_at)
                values ({account.Id}, {contact}, {list}, {status}, {now}, {now})
                """).ExecuteAsync(work, default);
        }

        await work.CommitAsync(default);
        var conditions = JsonNode.Parse(tree.Replace("\"value\":1", $"\"value\":{lists[0]}", StringComparison.Ordinal))!;
        var preview = await account.PostAsync("segments/preview", new { conditions });
        string.Join(',', preview["sample"]!.AsArray().Select(c => ((string)c!["email"]!).Split('@')[0]).Order(StringComparer.Ordinal)).ShouldBe(expected, (string)preview["words"]!);
    }

    private static async Task<long> NewAsync(AccountTransaction work, long account, string name) => await Sql.Of($"""
        insert into contacts.contact (account_id, email, created_at, updated_at) values ({account}, {name + "@example.com"}, '2026-01-01Z', '2026-01-01Z') returning id
        """).FirstAsync<long>(work, default);

    private static JsonObject Email(string end) => new JsonObject { ["field"] = "email", ["op"] = "ends_with", ["value"] = end };

    private static JsonObject In(long segment) => new JsonObject { ["field"] = "segment", ["op"] = "in", ["value"] = segment };

    private static long Id(JsonNode node) => long.Parse(node["id"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<long> SegmentAsync(TestAccount account, string name, JsonNode conditions, string[]? tags = null) =>
        (long)(await account.PostAsync("segments", new { name, conditions, tags }))["id"]!;

    private static Task<HttpResponseMessage> ChangeAsync(TestAccount account, long id, long version, string name, JsonNode conditions)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"segments/{id}", UriKind.Relative)) { Content = JsonContent.Create(new { name, conditions }) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return account.App.SendAsync(request);
    }

    private static async Task<long[]> MembersAsync(TestAccount account, long id) =>
        [.. (await account.V3GetAsync($"contacts?segmentid={id}"))["contacts"]!.AsArray().Select(c => Id(c!))];

    private static async Task<long> ContactAsync(TestAccount account, string email) => Id((await account.V3PostAsync("contacts", new { contact = new { email } }))["contact"]!);

    private static Task EventuallyAsync(TestAccount account, long contact, string status) =>
        Product.EventuallyAsync(async () => await StatusAsync(account, contact) == status, $"the run is {status}");

    private static async Task<string?> StatusAsync(TestAccount account, long contact)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"select status from automations.run where account_id = {account.Id} and contact_id = {contact}").FirstAsync<string>(work, default);
    }
}
