using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.TestKit;
using static Millrace.Segments.Tests.V3DefinitionTests;

namespace Millrace.Segments.Tests;

/// <summary><c>/api/3/segmentMatchAll</c> and <c>segmentMatchSome</c>: runs, their pages and their end.</summary>
public sealed class V3MatchTests(Product product, Impatient impatient) : IClassFixture<Product>, IClassFixture<Impatient>
{
    [Fact]
    public async Task A_given_segment_is_matched_at_once_in_the_shape_clients_read_and_its_run_stays_what_it_was()
    {
        var account = await product.NewAccountAsync();
        var (tag, ids) = await PeopleAsync(account, "ann", "bo", "cy");
        var made = await SendAsync(account, HttpMethod.Post, "segmentMatchAll", Body(Tag(tag)), 200);
        made["data"]!.AsArray().Count.ShouldBe(1);
        var (data, run) = (made["data"]![0]!, made["data"]![0]!["attributes"]!);
        ((string)data["type"]!, (string)data["id"]!).ShouldBe(("matchAll", (string)run["run_id"]!));
        run.AsObject().Select(m => m.Key).ShouldBe(
            ["run_id", "run_id_start", "run_id_end", "is_ready", "problem", "matches", "segment_id", "segment_timestamp", "page"], ignoreOrder: true);
        ((bool)run["is_ready"]!).ShouldBeTrue();
        run["run_id_end"].ShouldNotBeNull();
        Matches(made).ShouldBe(ids);
        run["page"]!.ToJsonString().ShouldBe("""{"current_page":1,"last_page":1,"per_page":10000,"total":3}""");

        var (segment, id) = ((string)run["segment_id"]!, (string)run["run_id"]!);
        await account.V3.DeleteAsync(new Uri($"contacts/{ids[1]}", UriKind.Relative));
        Matches(await account.V3GetAsync($"segmentMatchAll/{segment}/{id}")).ShouldBe(ids);
        Matches(await account.V3GetAsync($"segmentMatchAll/{segment}")).ShouldBe([ids[0], ids[2]]);
        ((bool)(await account.V3GetAsync($"segmentMatch/{segment}/{ids[0]}"))["data"]![0]!["attributes"]!["match"]!).ShouldBeTrue();

        var history = (await account.V3GetAsync($"segmentsV2/{segment}/count-history"))["data"]!.AsArray();
        history.Select(h => (int)h!["attributes"]!["result_count"]!).ShouldBe([2, 3]);
        (await account.V3GetAsync($"segmentsV2/count-history?segmentIds=x,999999,{segment}"))["data"]!.AsArray().Count.ShouldBe(2);
        (await account.V3GetAsync($"segmentsV2/{segment}/count-history?page=2"))["data"]!.AsArray().ShouldBeEmpty();
        await SendAsync(account, HttpMethod.Get, "segmentsV2/count-history", null, 422);

        // A day later the segment is gone, its run is not; 90 days later that is, too.
        await product.AdvanceAsync(TimeSpan.FromHours(25));
        await SendAsync(account, HttpMethod.Get, $"segmentMatchAll/{segment}", null, 404);
        await SendAsync(account, HttpMethod.Get, $"segmentMatchAll/{segment}/{id}", null, 200);
        await Product.EventuallyAsync(async () => await RowsAsync(account, definitions: true) == 0, "the segment is removed");
        await product.AdvanceAsync(TimeSpan.FromDays(90));
        await SendAsync(account, HttpMethod.Get, $"segmentMatchAll/{segment}/{id}", null, 404);
        await Product.EventuallyAsync(async () => await RowsAsync(account, definitions: false) == 0, "the runs are removed");
    }

    [Fact]
    public async Task Only_so_many_runs_and_so_many_of_their_contacts_are_kept()
    {
        var account = await product.NewAccountAsync();
        var (tag, _) = await PeopleAsync(account, "ann", "bo", "cy");
        var segment = (string)(await SendAsync(account, HttpMethod.Post, "segmentsV2", Body(Tag(tag), "Tagged"), 200))["data"]![0]!["id"]!;
        var runs = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            runs.Add((string)(await account.V3GetAsync($"segmentMatchAll/{segment}"))["data"]![0]!["id"]!);
        }

        (await LeftAsync(maxRuns: 5, maxContacts: 1_000)).ShouldBe(5, "runs");
        (await LeftAsync(maxRuns: 5, maxContacts: 9)).ShouldBe(3, "contacts of three runs");
        (await LeftAsync(maxRuns: 5, maxContacts: 1)).ShouldBe(2, "the newest stay, however large");
        await SendAsync(account, HttpMethod.Get, $"segmentMatchAll/{segment}/{runs[0]}", null, 404);
        Matches(await account.V3GetAsync($"segmentMatchAll/{segment}/{runs[5]}")).Length.ShouldBe(3);

        async Task<long> LeftAsync(int maxRuns, long maxContacts)
        {
            await using var work = await account.BeginAsync();
            await Matching.MatchRuns.ForgetOldAsync(work, account.Id, maxRuns, maxContacts, default);
            await work.CommitAsync(default);
            return await RowsAsync(account, definitions: false);
        }
    }

    [Fact]
    public async Task Pages_follow_the_order_that_is_asked_for()
    {
        var account = await product.NewAccountAsync();
        var (tag, ids) = await PeopleAsync(account, "bo", "cy", "ann", "di");
        var number = (string)(await account.V3PostAsync("fields", new { field = new { title = "Shoe", type = "number" } }))["field"]!["id"]!;
        foreach (var (contact, value) in new[] { (ids[0], "9"), (ids[1], "10"), (ids[2], "-1") })
        {
            await account.V3PostAsync("fieldValues", new { fieldValue = new { contact, field = number, value } });
        }

        var saved = await SendAsync(account, HttpMethod.Post, "segmentsV2", Body(Tag(tag), "Tagged"), 200);
        var path = $"segmentMatchAll/{saved["data"]![0]!["id"]}";
        var run = await account.V3GetAsync(path);
        path += $"/{run["data"]![0]!["id"]}";
        foreach (var (sort, expected) in new[]
        {
            ("", "bo,cy,ann,di"), ("id", "bo,cy,ann,di"), ("-id", "di,ann,cy,bo"), ("email", "ann,bo,cy,di"), ("-email", "di,cy,bo,ann"), ("first_name,-id", "ann,bo,cy,di"),
            ("last_name", "bo,cy,ann,di"), ("phone,-full_name", "di,cy,bo,ann"), ($"field{number}", "ann,bo,cy,di"), ($"-field{number}", "cy,bo,ann,di"), ("cdate", "bo,cy,ann,di"), ("-cdate,udate", "di,ann,cy,bo"),
        })
        {
            var found = Matches(await account.V3GetAsync($"{path}?sort={sort}")).Select(i => Array.IndexOf(ids, i) switch { 0 => "bo", 1 => "cy", 2 => "ann", _ => "di" });
            string.Join(',', found).ShouldBe(expected, sort);
        }

        var second = await account.V3GetAsync($"{path}?sort=-email&page=2&page_size=3");
        Matches(second).ShouldBe([ids[2]]);
        second["data"]![0]!["attributes"]!["page"]!.ToJsonString().ShouldBe("""{"current_page":2,"last_page":2,"per_page":3,"total":4}""");
        Matches(await account.V3GetAsync($"{path}?page=2&page_size=3")).ShouldBe([ids[3]]);
        Matches(await account.V3GetAsync($"{path}?page=1000000&page_size=10000")).ShouldBeEmpty();
        foreach (var (query, place) in new[]
        {
            ("sort=score", "sort"), ("sort=account_name", "sort"), ("sort=email,score7", "sort"), ("sort=field999999", "sort"), ("sort=field", "sort"), ("sort=--", "sort"),
            ("page=0", "page"), ("page=x", "page"), ("page_size=10001", "page_size"), ("page_size=-1", "page_size"),
        })
        {
            foreach (var route in new[] { path, $"segmentMatchAll/{saved["data"]![0]!["id"]}" })
            {
                var error = (await SendAsync(account, HttpMethod.Get, $"{route}?{query}", null, 422))["errors"]![0]!;
                ((string)error["source"]!["pointer"]!).ShouldBe(place, query);
            }
        }
    }

    [Fact]
    public async Task Further_criteria_narrow_or_widen_a_segment()
    {
        var account = await product.NewAccountAsync();
        var (tag, ids) = await PeopleAsync(account, "ann", "bo", "cy");
        var other = (await account.V3PostAsync("contacts", new { contact = new { email = "di@example.com" } }))["contact"]!["id"]!.ToString();
        var segment = (long)(await account.PostAsync("segments", new { name = "Tagged", conditions = JsonNode.Parse($$"""{"field":"tag","op":"has","value":{{tag}}}""") }))["id"]!;
        JsonObject Criteria(string names, string? relationship = null, JsonNode? limit = null) => new()
        {
            ["data"] = new JsonObject
            {
                ["type"] = "additionalCriteria",
                ["attributes"] = new JsonObject
                {
                    ["conditions"] = new JsonArray([.. names.Split(',').Select((n, i) => JsonNode.Parse($$"""
                        {"id":"{{i}}","source_system":"activecampaign","object_type":"contact","fields":[{"name":"email","operator":"starts with","value":"{{n}}","data_type":"string"}]}
                        """))]),
                    ["condition_groups"] = new JsonArray(new JsonObject
                    {
                        ["id"] = "1",
                        ["operator"] = "or",
                        ["values"] = new JsonArray([.. names.Split(',').Select((_, i) => new JsonObject { ["id"] = i, ["type"] = "condition" })]),
                    }),
                    ["group_operator"] = "and",
                    ["segment_relationship"] = relationship,
                    ["limit"] = limit,
                },
            },
        };
        var path = $"segmentMatchSome/{segment}";
        var narrowed = await SendAsync(account, HttpMethod.Post, path, Criteria("bo,di,cy"), 200);
        ((string)narrowed["data"]![0]!["type"]!).ShouldBe("matchSome");
        Matches(narrowed).ShouldBe([ids[1], ids[2]]);
        ((string)narrowed["data"]![0]!["attributes"]!["segment_id"]!).ShouldBe($"{segment}");
        Matches(await account.V3GetAsync($"{path}/{narrowed["data"]![0]!["id"]}?sort=-email")).ShouldBe([ids[2], ids[1]]);
        Matches(await SendAsync(account, HttpMethod.Post, path, Criteria("di", "or"), 200)).ShouldBe([.. ids, long.Parse(other, System.Globalization.CultureInfo.InvariantCulture)]);
        Matches(await SendAsync(account, HttpMethod.Post, path, Criteria("bo,cy", limit: 1), 200)).ShouldBe([ids[1]]);
        foreach (var (criteria, place) in new[] { (Criteria("a", "xor"), "segment_relationship"), (Criteria("a", limit: 0), "limit"), (Criteria("a", limit: "x"), "limit") })
        {
            ((string)(await SendAsync(account, HttpMethod.Post, path, criteria, 422))["errors"]![0]!["source"]!["pointer"]!).ShouldBe("/data/attributes/" + place);
        }

        // A run of the one kind is none of the other.
        await SendAsync(account, HttpMethod.Get, $"segmentMatchAll/{segment}/{narrowed["data"]![0]!["id"]}", null, 404);
        await SendAsync(account, HttpMethod.Post, "segmentMatchSome/999999", Criteria("a"), 404);
    }

    [Fact]
    public async Task Ids_of_nobody_and_of_another_account_are_404()
    {
        var (account, other) = (await product.NewAccountAsync(), await product.NewAccountAsync());
        var (tag, _) = await PeopleAsync(account, "ann");
        var run = (await SendAsync(account, HttpMethod.Post, "segmentMatchAll", Body(Tag(tag)), 200))["data"]![0]!["attributes"]!;
        var (segment, id) = ((string)run["segment_id"]!, (string)run["run_id"]!);
        foreach (var path in new[] { $"segmentMatchAll/{segment}", $"segmentMatchAll/{segment}/{id}", $"segmentMatchSome/{segment}/{id}", $"segmentsV2/{segment}" })
        {
            await SendAsync(other, HttpMethod.Get, path, null, 404);
        }

        foreach (var path in new[]
        {
            $"segmentMatchAll/{Guid.NewGuid()}", "segmentMatchAll/7000000", "segmentMatchAll/x", $"segmentMatchAll/{segment}/{Guid.NewGuid()}", $"segmentMatchAll/{segment}/x",
            $"segmentMatchAll/{Guid.NewGuid()}/{id}", $"segmentMatchAll/1/{id}", $"segmentMatchSome/{segment}/{id}",
        })
        {
            (await SendAsync(account, HttpMethod.Get, path, null, 404))["message"].ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Who_does_not_want_to_wait_reads_the_run_when_a_worker_has_finished_it()
    {
        var account = await product.NewAccountAsync();
        var (tag, ids) = await PeopleAsync(account, "ann", "bo");
        var run = (await SendAsync(account, HttpMethod.Post, "segmentMatchAll?instant=true", Body(Tag(tag)), 200))["data"]![0]!["attributes"]!;
        var path = $"segmentMatchAll/{run["segment_id"]}/{run["run_id"]}";
        // Waits by itself.
        Matches(await account.V3GetAsync(path)).ShouldBe(ids);
    }

    [Fact]
    public async Task What_takes_too_long_is_left_to_a_worker_and_fails_with_an_end_and_a_reason()
    {
        var account = await impatient.NewAccountAsync();
        await TimeLimitTests.PeopleAsync(account, 3_000);
        var condition = new JsonObject { ["id"] = 1, ["source_system"] = "millrace", ["tree"] = TimeLimitTests.Slow(20, 1_000) };
        var first = (await SendAsync(account, HttpMethod.Post, "segmentMatchAll", Body(condition), 200))["data"]![0]!["attributes"]!;
        ((bool)first["is_ready"]!).ShouldBeFalse();
        first["matches"]!.AsArray().ShouldBeEmpty();
        JsonNode run = first;
        await Product.EventuallyAsync(
            async () => (run = (await account.V3GetAsync($"segmentMatchAll/{first["segment_id"]}/{first["run_id"]}"))["data"]![0]!["attributes"]!)["run_id_end"] is not null, "it ends");
        ((bool)run["is_ready"]!, (string)run["problem"]!).ShouldBe((false, "too_slow"));
    }

    [Fact]
    public async Task A_run_whose_process_died_is_finished_once_its_lease_is_over()
    {
        var account = await product.NewAccountAsync();
        var (tag, ids) = await PeopleAsync(account, "ann");
        var run = (await SendAsync(account, HttpMethod.Post, "segmentMatchAll", Body(Tag(tag)), 200))["data"]![0]!["attributes"]!;
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"""
                update segments.match_run set contact_ids = null, ended_at = null, worker_until = now() + interval '1 second' where account_id = {account.Id}
                """).ExecuteAsync(work, default);
            await work.CommitAsync(default);
        }

        var path = $"segmentMatchAll/{run["segment_id"]}/{run["run_id"]}";
        ((bool)(await account.V3GetAsync(path + "?instant=1"))["data"]![0]!["attributes"]!["is_ready"]!).ShouldBeFalse();
        await Product.EventuallyAsync(async () => Matches(await account.V3GetAsync(path)).SequenceEqual(ids), "a worker has finished it");
    }

    private static long[] Matches(JsonNode answer) => [.. answer["data"]![0]!["attributes"]!["matches"]!.AsArray().Select(m => (long)m!)];

    private static async Task<(string Tag, long[] Ids)> PeopleAsync(TestAccount account, params string[] names)
    {
        var tag = await TagAsync(account);
        var ids = new List<long>();
        foreach (var name in names)
        {
            var id = (string)(await account.V3PostAsync("contacts", new { contact = new { email = $"{name}@example.com", firstName = name } }))["contact"]!["id"]!;
            await account.V3PostAsync("contactTags", new { contactTag = new { contact = id, tag } });
            ids.Add(long.Parse(id, System.Globalization.CultureInfo.InvariantCulture));
        }

        return (tag, [.. ids]);
    }

    private static async Task<long> RowsAsync(TestAccount account, bool definitions)
    {
        await using var work = await account.BeginAsync();
        return definitions
            ? await Sql.Of($"select count(*) from segments.definition where account_id = {account.Id}").FirstAsync<long>(work, default)
            : await Sql.Of($"select count(*) from segments.match_run where account_id = {account.Id}").FirstAsync<long>(work, default);
    }
}
