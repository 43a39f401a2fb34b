using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Millrace.Product.Tests.Rules;

/// <summary>Bad inputs, by the numbers of the list in the reliability rules: what API v3 and the API of the UI do with them.</summary>
[Collection<OneProduct>]
public sealed class AbuseInputsTests(TestKit.Product product)
{
    [Theory]
    [InlineData("<svg onload=alert(1)>")] // 17
    [InlineData("\"><img src=x onerror=alert(1)>")] // 18
    [InlineData("{{constructor}}")] // 19
    [InlineData("${7*7}")] // 20
    [InlineData("{{ env \"PATH\" }}")] // 21
    [InlineData("javascript:alert(1)")] // 22
    [InlineData("\u202Eevil\u200B")] // 28
    public async Task Text_stays_text_in_every_place_that_takes_one(string text)
    {
        var account = await product.NewAccountAsync();
        var field = (string)(await account.V3PostAsync("fields", new { field = new { title = text, type = "text" } }))["field"]!["id"]!;
        var made = await account.V3PostAsync("contacts", new { contact = new { email = "a@b.cd", firstName = text, lastName = text, fieldValues = new[] { new { field, value = text } } } });
        var id = (string)made["contact"]!["id"]!;
        var tag = await account.V3PostAsync("tags", new { tag = new { tag = text, tagType = "contact" } });
        var list = await account.V3PostAsync("lists", new { list = new { name = text } });
        var note = await account.V3PostAsync("notes", new { note = new { note = text, relid = id, reltype = "Subscriber" } });
        await account.V3PostAsync("import/bulk_import", new { contacts = new[] { new { email = "e@f.gh", first_name = text, tags = new[] { text } } } });

        var read = await account.V3GetAsync($"contacts/{id}");
        ((string)read["contact"]!["firstName"]!, (string)read["contact"]!["lastName"]!, (string)read["fieldValues"]![0]!["value"]!).ShouldBe((text, text, text));
        ((string)tag["tag"]!["tag"]!, (string)list["list"]!["name"]!, (string)note["note"]!["note"]!).ShouldBe((text, text, text));
        ((string)(await account.GetAsync($"contacts/{id}"))["first_name"]!).ShouldBe(text);
        await TestKit.Product.EventuallyAsync(async () => (await account.V3GetAsync("contacts?email=e@f.gh&include=contactTags.tag"))["contacts"]!.AsArray().Count == 1, "the import is through");
        ((string)(await account.V3GetAsync("contacts?email=e@f.gh"))["contacts"]![0]!["firstName"]!).ShouldBe(text);
        using var raw = await account.V3.GetAsync(new Uri($"contacts/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
        (await raw.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("<");
        raw.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
    }

    [Theory]
    [InlineData("{\"contact\":{\"email\":\"a@b.cd\",\"firstName\":\"\\ud800\"}}")] // 23
    [InlineData("{\"contact\":{\"email\":\"a@b.cd\",\"firstName\":\"a\\u0000b\"}}")] // 24
    [InlineData("{\"contact\":{\"email\":\"a@b.cd\",\"firstName\":\"\u00FF\"}}")] // 25
    public async Task Text_that_cannot_be_stored_is_a_malformed_request(string body)
    {
        var account = await product.NewAccountAsync();
        foreach (var path in new[] { "contacts", "contact/sync", "import/bulk_import" })
        {
            var sent = path == "import/bulk_import" ? body.Replace("{\"contact\":", "{\"contacts\":[", StringComparison.Ordinal).Replace("}}", "}]}", StringComparison.Ordinal).Replace("firstName", "first_name", StringComparison.Ordinal) : body;
            // Latin-1, so that the last one is not valid UTF-8.
            using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(sent)) { Headers = { ContentType = new("application/json") } };
            using var answer = await account.V3.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);

            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
        }

        ((string)(await account.V3GetAsync("contacts"))["meta"]!["total"]!).ShouldBe("0");
    }

    [Fact]
    public async Task A_name_of_201_characters_is_422_and_of_ten_megabytes_413()
    {
        var account = await product.NewAccountAsync();
        using var longer = await account.V3.PostAsJsonAsync("contacts", new { contact = new { email = "a@b.cd", firstName = new string('x', 201) } }, TestContext.Current.CancellationToken); // 27
        using var huge = new HttpRequestMessage(HttpMethod.Post, new Uri("contacts", UriKind.Relative)) // 26
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{\"contact\":{\"email\":\"a@b.cd\",\"firstName\":\"" + new string('x', 10_000_000) + "\"}}")),
        };
        huge.Headers.ExpectContinue = true;
        using var refused = await account.V3.SendAsync(huge, TestContext.Current.CancellationToken);

        longer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        ((string)JsonNode.Parse(await longer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["errors"]![0]!["source"]!["pointer"]!).ShouldBe("/data/attributes/first_name");
        refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Too_many_filters_and_too_many_values_are_refused()
    {
        var account = await product.NewAccountAsync();
        var filters = string.Join('&', Enumerable.Range(0, 201).Select(i => $"filters[a{i}]=1")); // 40
        var values = "ids=" + string.Join(',', Enumerable.Repeat("1", 1_001)); // 42
        foreach (var query in new[] { filters, values })
        {
            using var answer = await account.V3.GetAsync(new Uri($"contacts?{query}", UriKind.Relative), TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("filter_invalid");
        }
    }

    [Fact]
    public async Task A_tree_of_eleven_levels_is_refused_wherever_one_is_taken() // 41
    {
        var account = await product.NewAccountAsync();
        const string leaf = """{"field":"first_name","op":"is","value":"x"}""";
        var tree = JsonNode.Parse(string.Concat(Enumerable.Repeat("{\"all\":[", 10)) + leaf + string.Concat(Enumerable.Repeat("]}", 10)))!;
        foreach (var (path, body) in new (string, object)[]
        {
            ("segments", new { name = "Deep", conditions = tree }),
            ("segments/preview", new { conditions = tree }),
            ("automations/import", new { name = "Deep", steps = new object[] { new { id = "i", type = "flow.if", conditions = tree, yes = Array.Empty<object>(), no = Array.Empty<object>() } } }),
        })
        {
            using var answer = await account.App.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, $"{path}: {text}");
            text.ShouldContain("filter_invalid");
        }

        (await account.GetAsync("segments"))["items"]!.AsArray().ShouldBeEmpty();
        (await account.GetAsync("automations"))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_merge_with_a_row_of_another_account_finds_nothing_and_changes_nothing() // 52
    {
        var (mine, other) = (await product.NewAccountAsync(), await product.NewAccountAsync());
        var theirs = await Seed.OneOfEverythingAsync(other, "Theirs");
        var own = await Seed.OneOfEverythingAsync(mine, "Mine");
        foreach (var (from, into) in new[] { (own["tags"], theirs["tags"]), (theirs["tags"], own["tags"]) })
        {
            using var answer = await mine.App.PostAsJsonAsync(
                $"tags/{from}/merge", new { into = long.Parse(into, System.Globalization.CultureInfo.InvariantCulture) }, TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        (await other.V3GetAsync($"contacts/{theirs["contacts"]}/contactTags"))["contactTags"]!.AsArray().Count.ShouldBe(1);
        (await mine.V3GetAsync($"contacts/{own["contacts"]}/contactTags"))["contactTags"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_of_another_account_is_not_found_by_its_number_nor_by_its_link() // 53
    {
        var (mine, other) = (await product.NewAccountAsync(), await product.NewAccountAsync());
        var theirs = await Seed.OneOfEverythingAsync(other, "Files");
        await TestKit.Product.EventuallyAsync(async () => (string)(await other.GetAsync($"exports/{theirs["exports"]}"))["state"]! == "finished", "the export is made");
        var link = new Uri(other.App.BaseAddress!, (string)(await other.PostAsync($"exports/{theirs["exports"]}/link", new { }))["path"]!);
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, link), (HttpMethod.Post, new Uri(product.Address, $"/api/app/exports/{theirs["exports"]}/link")),
            (HttpMethod.Get, new Uri(product.Address, $"/api/app/imports/{theirs["imports"]}/rejected")), (HttpMethod.Get, new Uri(product.Address, "/api/app/exports/files/..%2F..%2Fpeople.csv")),
        })
        {
            using var request = new HttpRequestMessage(method, path) { Content = method == HttpMethod.Post ? JsonContent.Create(new { }) : null };
            using var answer = await mine.App.SendAsync(request, TestContext.Current.CancellationToken);
            ((int)answer.StatusCode).ShouldBeOneOf([404, 410], path.PathAndQuery);
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("seed.example");
        }

        using var owner = await other.App.GetAsync(link, TestContext.Current.CancellationToken);
        (await owner.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("files@seed.example", Case.Insensitive, "the link still works for its own account");
    }

    [Theory]
    [InlineData("subject", "Hi\r\nBcc: x@y.z")] // 29
    [InlineData("subject", "Hi\nX: 1")] // 30
    [InlineData("reply_to", "a@b.example, c@d.example")] // 31
    [InlineData("reply_to", "a@b.example\r\nBcc: x@y.z")]
    [InlineData("from_address", "a@b.example>\r\nBcc: x")]
    public async Task What_would_make_a_header_of_its_own_is_refused_before_anything_is_sent(string member, string value)
    {
        var account = await product.NewAccountAsync();
        var message = new JsonObject { ["name"] = "x", ["subject"] = "x", ["html"] = "<p>x</p>", ["from_address"] = "ann@sender.example", [member] = value };

        using var answer = await account.App.PostAsJsonAsync("messages/test", new { message, to = new[] { "t@try.example" } }, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await account.GetAsync("sends"))["sends"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")] // 121
    [InlineData("DEEP")] // 122
    [InlineData("BRACKETS")] // 123
    public async Task Json_that_nobody_writes_is_a_malformed_request(string body)
    {
        var account = await product.NewAccountAsync();
        var sent = body switch
        {
            "DEEP" => "{\"name\":\"x\",\"conditions\":" + string.Concat(Enumerable.Repeat("{\"all\":[", 16)) + string.Concat(Enumerable.Repeat("]}", 16)) + "}",
            "BRACKETS" => new string('[', 100_000),
            _ => body,
        };
        foreach (var path in new[] { "segments", "tags" }.Where(p => body != "DEEP" || p == "segments"))
        {
            using var answer = await account.App.PostAsync(new Uri(path, UriKind.Relative), new StringContent(sent, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            (await account.GetAsync(path))["items"]!.AsArray().ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_form_is_no_json_and_a_key_in_the_query_is_no_key()
    {
        var account = await product.NewAccountAsync();
        using var form = await account.App.PostAsync(
            new Uri("tags", UriKind.Relative), new FormUrlEncodedContent([new("name", "x")]), TestContext.Current.CancellationToken); // 124
        using var nobody = new HttpClient { BaseAddress = product.Address };
        using var keyed = await nobody.GetAsync(new Uri($"/api/3/contacts?api_key={account.ApiKey}&api_token={account.ApiKey}&Api-Token={account.ApiKey}", UriKind.Relative), TestContext.Current.CancellationToken); // 135

        form.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        keyed.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5;\n\nhello\r\n0\r\n\r\n")] // 125
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")] // 126
    public async Task A_request_that_two_servers_would_read_differently_is_not_answered_twice(string rest)
    {
        using var client = new System.Net.Sockets.TcpClient(product.Address.Host, product.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /api/app/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + rest), TestContext.Current.CancellationToken);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var answer = await reader.ReadToEndAsync(limit.Token);

        answer.ShouldStartWith("HTTP/1.1 400");
        answer.Split("HTTP/1.1 ").Length.ShouldBe(2, "one answer, then the connection is closed");
    }

    [Fact]
    public async Task Ids_of_others_in_path_body_parent_and_job_change_nothing()
    {
        var (mine, other) = (await product.NewAccountAsync(), await product.NewAccountAsync());
        var theirs = await Seed.OneOfEverythingAsync(other, "Others");
        var own = await Seed.OneOfEverythingAsync(mine, "Own");
        await other.SettledAsync();
        var before = (await other.V3GetAsync($"contacts/{theirs["contacts"]}?include=contactTags,notes")).ToJsonString();
        (HttpMethod Method, string Path, object? Body)[] calls =
        [
            (HttpMethod.Get, $"contacts/{theirs["contacts"]}", null), (HttpMethod.Put, $"contacts/{theirs["contacts"]}", new { contact = new { firstName = "x" } }), // 48
            (HttpMethod.Delete, $"contactTags/{theirs["contactTags"]}", null), (HttpMethod.Get, $"contacts/{theirs["contacts"]}/notes", null),
            (HttpMethod.Post, "contactTags", new { contactTag = new { contact = theirs["contacts"], tag = own["tags"] } }), // 49
            (HttpMethod.Post, "contactLists", new { contactList = new { contact = own["contacts"], list = theirs["lists"], status = 1 } }),
            (HttpMethod.Post, "notes", new { note = new { note = "x", relid = theirs["contacts"], reltype = "Subscriber" } }), // 50
            (HttpMethod.Post, "import/bulk_import", new { contacts = new[] { new { email = "x@y.zz", subscribe = new[] { new { listid = theirs["lists"] } } } } }), // 51
        ];
        foreach (var (method, path, body) in calls)
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
            request.Headers.Add("X-Tenant-Id", other.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)); // 54
            request.Headers.Host = "other.example"; // 55
            using var answer = await mine.V3.SendAsync(request, TestContext.Current.CancellationToken);

            ((int)answer.StatusCode).ShouldBeOneOf([400, 404], $"{method} {path}");
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("Others");
        }

        using var app = await mine.App.PostAsJsonAsync("contacts", new { email = "n@o.pq", lists = new[] { long.Parse(theirs["lists"], System.Globalization.CultureInfo.InvariantCulture) } }, TestContext.Current.CancellationToken);
        app.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await app.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("/lists");
        (await other.V3GetAsync($"contacts/{theirs["contacts"]}?include=contactTags,notes")).ToJsonString().ShouldBe(before);
        (await mine.V3GetAsync("contacts?email=n@o.pq"))["contacts"]!.AsArray().ShouldBeEmpty("nothing half-written");
    }

    [Theory]
    [InlineData("..%2F..%2Fx")] // 56
    [InlineData("00000000")] // 57
    [InlineData("-1")]
    [InlineData("1%00")]
    public async Task An_id_that_is_none_is_not_found(string id)
    {
        var account = await product.NewAccountAsync();
        foreach (var path in new[] { "contacts", "tags", "lists", "fields", "notes", "contactTags", "contactLists", "fieldValues", "automations", "contactAutomations", "users", "groups" })
        {
            using var answer = await account.V3.GetAsync(new Uri($"{path}/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
            ((int)answer.StatusCode).ShouldBeOneOf([400, 404], $"{path}/{id}");
        }
    }

    [Fact]
    public async Task An_id_of_5000_characters_is_not_found()
    {
        var account = await product.NewAccountAsync();
        using var answer = await account.V3.GetAsync(new Uri("contacts/" + new string('9', 5_000), UriKind.Relative), TestContext.Current.CancellationToken); // 58

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_total_is_exact_before_the_reactor_has_counted()
    {
        var account = await product.NewAccountAsync();
        for (var i = 1; i <= 5; i++)
        {
            var id = (string)(await account.V3PostAsync("contacts", new { contact = new { email = $"c{i}@example.org" } }))["contact"]!["id"]!;
            ((string)(await account.V3GetAsync("contacts?limit=1"))["meta"]!["total"]!).ShouldBe("1");
            await account.V3.DeleteAsync(new Uri($"contacts/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
            ((string)(await account.V3GetAsync("contacts?limit=1"))["meta"]!["total"]!).ShouldBe("0");
        }
    }

    [Fact]
    public async Task The_page_of_the_documents_brings_all_it_needs_and_has_a_policy_of_its_own()
    {
        using var client = new HttpClient { BaseAddress = product.Address };
        using var page = await client.GetAsync(new Uri("/api/docs/index.html", UriKind.Relative), TestContext.Current.CancellationToken);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self'; ");
        html.ShouldNotContain("https://");
        foreach (var file in new[] { "index.js", "swagger-ui-bundle.js", "swagger-ui.css", "v3.json", "app.json" })
        {
            using var answer = await client.GetAsync(new Uri($"/api/docs/{file}", UriKind.Relative), TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, file);
        }

        var v3 = JsonNode.Parse(await client.GetStringAsync(new Uri("/api/docs/v3.json", UriKind.Relative), TestContext.Current.CancellationToken))!;
        ((string)v3["components"]!["securitySchemes"]!["Api-Token"]!["name"]!).ShouldBe("Api-Token");
        v3["paths"]!["/api/3/contacts"]!["get"]!["parameters"]!.AsArray().Select(p => (string)p!["name"]!).ShouldContain("filters[email]");
        v3["paths"]!["/api/3/contact/sync"]!["post"]!["requestBody"]!["content"]!["application/json"]!["example"]!["contact"]!["email"].ShouldNotBeNull();
    }
}
