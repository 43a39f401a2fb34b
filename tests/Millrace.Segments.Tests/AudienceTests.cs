using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Segments.Tests;

public sealed class AudienceTests(Product product) : IClassFixture<Product>
{
    private static readonly JsonNode Everyone = JsonNode.Parse("""{"all":[{"field":"first_name","op":"is","value":"Reach"}]}""")!;

    [Fact]
    public async Task The_count_is_split_by_who_can_be_mailed_and_why_the_others_cannot()
    {
        var account = await product.NewAccountAsync();
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"""
                with people as (
                    insert into contacts.contact (account_id, email, first_name, bounced_at, created_at, updated_at)
                    select {account.Id}, e, 'Reach', case e when 'bounced@example.com' then timestamptz '2026-01-02Z' end, '2026-01-01Z', '2026-01-01Z'
                    from unnest(array['free@example.com', 'on@example.com', 'off@example.com', 'bounced@example.com', 'angry@example.com', 'shut@example.org', null]) e
                    returning id, email),
                list as (
                    insert into contacts.list (account_id, name, string_id, created_at, updated_at)
                    values ({account.Id}, 'News', 'news', '2026-01-01Z', '2026-01-01Z') returning id),
                suppressed as (
                    insert into messaging.suppression (account_id, address, reason, rank, detail, suppressed_at)
                    values ({account.Id}, 'angry@example.com', 'complaint', 5, '', '2026-01-02Z')),
                excluded as (
                    insert into messaging.exclusion (account_id, mode, pattern, created_at) values ({account.Id}, 'domain', 'example.org', '2026-01-02Z'))
                insert into contacts.subscription (account_id, contact_id, list_id, status, created_at, updated_at)
                select {account.Id}, p.id, l.id, case p.email when 'on@example.com' then 'active' else 'unsubscribed' end, '2026-01-01Z', '2026-01-01Z'
                from people p cross join list l where p.email in ('on@example.com', 'off@example.com')
                """).ExecuteAsync(work, default);
            await work.CommitAsync(default);
        }

        var answer = await account.PostAsync("segments/reach", new { conditions = Everyone });
        var mail = answer["channels"]!.AsArray().Single(c => (string)c!["channel"]! == "email")!;
        ((long)mail["reachable"]!).ShouldBe(2, "On no list, and on a list.");
        mail["unreachable"]!.AsArray().Select(r => ((string)r!["reason"]!, (long)r["count"]!)).Order()
            .ShouldBe([("bounced", 1), ("complaint", 1), ("excluded", 1), ("no_address", 1), ("unsubscribed", 1)]);
        var other = await product.NewAccountAsync();
        ((long)(await other.PostAsync("segments/reach", new { conditions = new JsonObject() }))["channels"]![0]!["reachable"]!).ShouldBe(0);
    }

    [Fact]
    public async Task Two_segments_are_compared_by_whom_they_share()
    {
        var account = await product.NewAccountAsync();
        foreach (var email in new[] { "ann@example.com", "amy@example.org", "bo@example.com", "cy@example.com" })
        {
            await account.V3PostAsync("contacts", new { contact = new { email } });
        }

        var com = (long)(await account.PostAsync("segments", new { name = "Com", conditions = Email("ends_with", ".com") }))["id"]!;
        (await CompareAsync(Email("starts_with", "a"))).ShouldBe((1, 1, 2));
        (await CompareAsync(new JsonObject())).ShouldBe((1, 3, 0));
        (await CompareAsync(Email("is", "nobody"))).ShouldBe((0, 0, 3));
        (await CompareAsync(JsonNode.Parse($$"""{"field":"segment","op":"not_in","value":{{com}}}""")!)).ShouldBe((1, 0, 3));

        using var wrong = await account.App.PostAsJsonAsync("segments/compare", new { conditions = JsonNode.Parse("""{"all":[{"field":"email","op":"?"}]}"""), segment_id = com });
        wrong.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        ((string)JsonNode.Parse(await wrong.Content.ReadAsStringAsync())!["errors"]![0]!["path"]!).ShouldBe("/conditions/all/0/op");
        var stranger = await product.NewAccountAsync();
        using var hidden = await stranger.App.PostAsJsonAsync("segments/compare", new { conditions = new JsonObject(), segment_id = com });
        hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        async Task<(long, long, long)> CompareAsync(JsonNode conditions)
        {
            var answer = await account.PostAsync("segments/compare", new { conditions, segment_id = com });
            return ((long)answer["only_this"]!, (long)answer["both"]!, (long)answer["only_other"]!);
        }
    }

    private static JsonNode Email(string op, string value) => JsonNode.Parse($$"""{"field":"email","op":"{{op}}","value":"{{value}}"}""")!;
}
