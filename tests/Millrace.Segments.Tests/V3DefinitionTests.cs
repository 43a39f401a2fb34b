using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Millrace.TestKit;

namespace Millrace.Segments.Tests;

/// <summary><c>/api/3/segmentsV2</c>: conditions in groups, there and back.</summary>
public sealed class V3DefinitionTests(Product product) : IClassFixture<Product>
{
    [Fact]
    public async Task A_named_segment_is_the_one_of_the_builder_and_is_read_as_it_came()
    {
        var account = await product.NewAccountAsync();
        var tag = await TagAsync(account);
        var made = await SendAsync(account, HttpMethod.Post, "segmentsV2", Body(Tag(tag), name: "Tagged"), 200);
        var (id, attributes) = ((string)made["data"]![0]!["id"]!, made["data"]![0]!["attributes"]!);
        ((string)made["data"]![0]!["type"]!).ShouldBe("Segment.v2");
        ((string)attributes["segment_id"]!, (string)attributes["category"]!, (string)attributes["name"]!, (string)attributes["user_id"]!)
            .ShouldBe((id, "AUDIENCE", "Tagged", $"{account.UserId}"));
        ((string)attributes["segment_conditions"]![0]!["fields"]![0]!["name"]!).ShouldBe("tagid");
        ((string)attributes["segment_conditions"]![0]!["hash"]!).Length.ShouldBe(40);
        ((string)attributes["segment_hash"]!).Length.ShouldBe(40);

        var listed = (await account.GetAsync("segments"))["items"]![0]!;
        ((string)listed["words"]!).ShouldBe("Tag is any of VIP");
        // By its number it is the same, and what the builder makes of it counts.
        ((string)(await SendAsync(account, HttpMethod.Get, $"segmentsV2/{listed["id"]}", null, 200))["data"]![0]!["id"]!).ShouldBe(id);
        using (var change = new HttpRequestMessage(HttpMethod.Put, new Uri($"segments/{listed["id"]}", UriKind.Relative)))
        {
            change.Content = JsonContent.Create(new { name = "Renamed", conditions = JsonNode.Parse("""{"any":[{"field":"email","op":"is","value":"a@b.c"},{"field":"tag","op":"has","value":1}]}""".Replace("1}", tag + "}", StringComparison.Ordinal)) });
            change.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
            (await account.App.SendAsync(change)).EnsureSuccessStatusCode();
        }

        var changed = (await SendAsync(account, HttpMethod.Get, $"segmentsV2/{id}", null, 200))["data"]![0]!["attributes"]!;
        ((string)changed["name"]!, (string)changed["segment_condition_group_operator"]!, changed["segment_conditions"]!.AsArray().Count).ShouldBe(("Renamed", "or", 2));
        ((string)changed["segment_conditions"]![0]!["tree"]!["value"]!).ShouldBe("a@b.c");

        // What was read can be sent back and means the same.
        var again = await SendAsync(account, HttpMethod.Put, $"segmentsV2/{id}", new JsonObject { ["data"] = new JsonObject { ["type"] = "Segment.v2", ["attributes"] = changed.DeepClone() } }, 200);
        ((string)again["data"]![0]!["attributes"]!["segment_hash"]!).ShouldBe((string)changed["segment_hash"]!);

        var gone = await SendAsync(account, HttpMethod.Delete, $"segmentsV2/{id}", null, 200);
        ((string)gone["data"]![0]!["id"]!).ShouldBe(id);
        await SendAsync(account, HttpMethod.Get, $"segmentsV2/{id}", null, 404);
        (await account.GetAsync("segments"))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_segment_without_a_name_stays_under_its_id_and_not_in_the_list()
    {
        var account = await product.NewAccountAsync();
        var body = Body(Tag(await TagAsync(account)));
        var id = Guid.NewGuid().ToString();
        body["data"]![0]!["id"] = id;
        ((string)(await SendAsync(account, HttpMethod.Post, "segmentsV2", body, 200))["data"]![0]!["id"]!).ShouldBe(id);
        var twice = await SendAsync(account, HttpMethod.Post, "segmentsV2", body, 422);
        ((string)twice["errors"]![0]!["code"]!, (string)twice["errors"]![0]!["source"]!["pointer"]!).ShouldBe(("id_exists", "/data/0/id"));
        (await account.GetAsync("segments"))["items"]!.AsArray().ShouldBeEmpty();
        await product.AdvanceAsync(TimeSpan.FromDays(2));
        await SendAsync(account, HttpMethod.Get, $"segmentsV2/{id}", null, 200);

        var other = await product.NewAccountAsync();
        await SendAsync(other, HttpMethod.Get, $"segmentsV2/{id}", null, 404);
        await SendAsync(other, HttpMethod.Put, $"segmentsV2/{id}", Body(Tag(await TagAsync(other))), 404);
        await SendAsync(other, HttpMethod.Delete, $"segmentsV2/{id}", null, 404);
        await SendAsync(account, HttpMethod.Delete, $"segmentsV2/{id}", null, 200);
        await SendAsync(account, HttpMethod.Get, $"segmentsV2/{id}", null, 404);
    }

    [Fact]
    public async Task What_a_segment_was_can_be_read_and_made_again()
    {
        var account = await product.NewAccountAsync();
        var tag = await TagAsync(account);
        var made = await SendAsync(account, HttpMethod.Post, "segmentsV2", Body(Tag(tag), name: "Tagged"), 200);
        var id = (string)made["data"]![0]!["id"]!;
        var first = Moment(made);
        await product.AdvanceAsync(TimeSpan.FromMinutes(1));
        var second = await SendAsync(account, HttpMethod.Put, $"segmentsV2/{id}", Body(Tag(tag, "!=")), 200);
        await product.AdvanceAsync(TimeSpan.FromMinutes(1));
        // The builder's change is a version, too.
        var number = (long)(await account.GetAsync("segments"))["items"]![0]!["id"]!;
        using (var change = new HttpRequestMessage(HttpMethod.Put, new Uri($"segments/{number}", UriKind.Relative)))
        {
            change.Content = JsonContent.Create(new { name = "Renamed", conditions = JsonNode.Parse("""{"field":"email","op":"is","value":"a@b.c"}""") });
            change.Headers.TryAddWithoutValidation("If-Match", "\"2\"");
            (await account.App.SendAsync(change)).EnsureSuccessStatusCode();
        }

        var third = await SendAsync(account, HttpMethod.Get, $"segmentsV2/{id}", null, 200);
        foreach (var (version, at) in new[] { (made, first), (made, first + 30_000), (second, Moment(second)), (third, Moment(third)), (third, Moment(third) + 86_400_000) })
        {
            var read = (await SendAsync(account, HttpMethod.Get, $"segmentsV2/{id}/createdDate/{at}", null, 200))["data"]![0]!["attributes"]!;
            JsonNode.DeepEquals(read, version["data"]![0]!["attributes"]).ShouldBeTrue(read.ToJsonString());
        }

        await product.AdvanceAsync(TimeSpan.FromMinutes(1));
        var again = await SendAsync(account, HttpMethod.Put, $"segmentsV2/{id}/createdDate/{first}", null, 200);
        ((string)again["data"]![0]!["attributes"]!["segment_hash"]!).ShouldBe((string)made["data"]![0]!["attributes"]!["segment_hash"]!);
        ((string)again["data"]![0]!["attributes"]!["name"]!).ShouldBe("Renamed");
        ((string)(await account.GetAsync("segments"))["items"]![0]!["words"]!).ShouldBe("Tag is any of VIP");
        // That was a change like any other: the builder's version can be had back.
        await SendAsync(account, HttpMethod.Put, $"segmentsV2/{id}/createdDate/{Moment(third)}", null, 200);
        ((string)(await account.GetAsync("segments"))["items"]![0]!["words"]!).ShouldBe("E-mail address is “a@b.c”");

        foreach (var missing in new[] { $"{id}/createdDate/{first - 1}", $"{id}/createdDate/x", $"{id}/createdDate/99999999999999999999", $"{number + 999}/createdDate/{first}" })
        {
            await SendAsync(account, HttpMethod.Get, $"segmentsV2/{missing}", null, 404);
            await SendAsync(account, HttpMethod.Put, $"segmentsV2/{missing}", null, 404);
        }

        await SendAsync(await product.NewAccountAsync(), HttpMethod.Get, $"segmentsV2/{id}/createdDate/{first}", null, 404);
    }

    private static long Moment(JsonNode segment) => DateTimeOffset.Parse(
        (string)segment["data"]![0]!["attributes"]!["created_date"]!, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static readonly (string Condition, string Place)[] Wrong =
    [
        ("""{"id":"1","source_system":"x","object_type":"tag","fields":[]}""", "/segment_conditions/0/source_system"),
        ("""{"id":"1","object_type":"tag","fields":[]}""", "/segment_conditions/0/source_system"),
        ("""{"id":"a","source_system":"millrace","tree":{}}""", "/segment_conditions/0/id"),
        ("""{"id":"7","source_system":"millrace","tree":{}}""", "/segment_conditions"),
        ("""{"id":"1","source_system":"millrace","tree":[]}""", "/segment_conditions/0/tree"),
        ("""{"id":"1","source_system":"millrace","tree":{"all":[{"field":"email","op":"near","value":"x"}]}}""", "/segment_conditions/0/tree/all/0/op"),
        ("""{"id":"1","source_system":"millrace","tree":{"field":"tag","op":"has","value":999999}}""", "/segment_conditions/0/tree/value"),
        ("""{"id":"1","source_system":"activecampaign","object_type":"deal","fields":[]}""", "/segment_conditions/0/object_type"),
        ("""{"id":"1","source_system":"activecampaign","object_type":"tag","fields":[]}""", "/segment_conditions/0/fields"),
        ("""{"id":"1","source_system":"activecampaign","object_type":"tag","fields":[{"name":"tag","operator":"=","value":"1"}]}""", "/segment_conditions/0/fields/0/name"),
        ("""{"id":"1","source_system":"activecampaign","object_type":"tag","fields":[{"name":"tagid","operator":"near","value":"1"}]}""", "/segment_conditions/0/fields/0/operator"),
        ("""{"id":"1","source_system":"activecampaign","object_type":"tag","fields":[{"name":"tagid","operator":"=","value":"x"}]}""", "/segment_conditions/0/fields/0/value"),
        ("""{"id":"1","source_system":"activecampaign","object_type":"contact","fields":[{"name":"shoe","operator":"=","value":"x"}]}""", "/segment_conditions/0/fields/0/name"),
        ("""{"id":"1","source_system":"activecampaign","object_type":"contact","fields":[{"name":"email","operator":"=","value":"x"},{"name":"id","operator":"not between","data_type":"number","value":["1"]}]}""", "/segment_conditions/0/fields/1/value"),
        ("""{"id":"1","source_system":"activecampaign","object_type":"tag","field_aggregate":{"aggregate_field_operator":">"},"fields":[]}""", "/segment_conditions/0/field_aggregate"),
    ];

    [Fact]
    public async Task What_is_wrong_is_told_at_its_place_in_the_body()
    {
        var account = await product.NewAccountAsync();
        foreach (var (condition, place) in Wrong)
        {
            foreach (var path in new[] { "segmentsV2", "segmentMatchAll" })
            {
                var errors = (await SendAsync(account, HttpMethod.Post, path, Body(JsonNode.Parse(condition)!, name: "N"), 422))["errors"]!.AsArray();
                errors.Select(e => (string)e!["source"]!["pointer"]!).ShouldContain("/data/0/attributes" + place, condition);
                errors.ShouldAllBe(e => (string)e!["code"]! == "filter_invalid" || (string)e["code"]! == "reference_missing");
            }
        }

        (await account.GetAsync("segments"))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[{"attributes":7}]}""")]
    [InlineData("""{"data":{"attributes":{"segment_conditions":{},"segment_condition_groups":[7,{"values":[null]}],"segment_condition_group_operator":1}}}""")]
    [InlineData("""{"data":{"id":"7","attributes":{}}}""")]
    public async Task A_body_of_another_shape_is_refused(string body)
    {
        var account = await product.NewAccountAsync();
        (await SendAsync(account, HttpMethod.Post, "segmentsV2", JsonNode.Parse(body), 422))["errors"]!.AsArray().ShouldNotBeEmpty();
    }

    internal static JsonObject Body(JsonNode condition, string? name = null) => new()
    {
        ["data"] = new JsonArray(new JsonObject
        {
            ["type"] = "Segment.v2",
            ["attributes"] = new JsonObject
            {
                ["name"] = name,
                ["segment_conditions"] = new JsonArray(condition),
                ["segment_condition_groups"] = JsonNode.Parse("""[{"id":"1","operator":"and","values":[{"id":"1","type":"condition"}]}]"""),
                ["segment_condition_group_operator"] = "and",
            },
        }),
    };

    internal static JsonNode Tag(string tag, string op = "=") => JsonNode.Parse($$"""
        {"id":"1","source_system":"activecampaign","object_type":"tag","fields":[{"name":"tagid","operator":"{{op}}","value":"{{tag}}","data_type":"string"}]}
        """)!;

    internal static async Task<string> TagAsync(TestAccount account) =>
        (string)(await account.V3PostAsync("tags", new { tag = new { tag = "VIP", tagType = "contact" } }))["tag"]!["id"]!;

    internal static async Task<JsonNode> SendAsync(TestAccount account, HttpMethod method, string path, JsonNode? body, int status)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await account.V3.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, $"{method} {path}: {text}");
        return JsonNode.Parse(text)!;
    }
}
