using System.Diagnostics;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.TestKit;
using Npgsql;

namespace Millrace.Segments.Tests;

/// <summary>A server that only answers: nothing else talks to its database.</summary>
public sealed class WebOnly : Product
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Millrace:Roles", "web")];
}

/// <summary>The number of statements does not grow with what there is to answer.</summary>
public sealed class QueryCountTests(WebOnly product) : IClassFixture<WebOnly>
{
    private const int MostStatements = 25;

    [Theory]
    [InlineData("segments/preview")]
    [InlineData("conditions/preview")]
    [InlineData("conditions/explain")]
    public async Task Thirty_conditions_ask_as_often_as_three(string route)
    {
        var account = await product.NewAccountAsync();
        var contact = await ContactAsync(account, "ann@example.com");
        var (few, many) = (await TreeAsync(account, 1), await TreeAsync(account, 10));
        await CountAsync(() => account.PostAsync(route, Body(few)));
        var small = await CountAsync(() => account.PostAsync(route, Body(few)));
        var large = await CountAsync(() => account.PostAsync(route, Body(many)));
        large.ShouldBe(small);
        small.ShouldBeInRange(3, MostStatements);

        object Body(JsonNode conditions) => route.EndsWith("explain", StringComparison.Ordinal) ? new { conditions, contact_id = contact } : new { conditions };
    }

    [Fact]
    public async Task A_list_of_thirty_segments_asks_as_often_as_one_of_two()
    {
        var account = await product.NewAccountAsync();
        await SegmentsAsync(account, 0, 2);
        await CountAsync(() => account.GetAsync("segments"));
        var small = await CountAsync(() => account.GetAsync("segments"));
        await SegmentsAsync(account, 2, 28);
        await account.GetAsync("segments");
        var large = await CountAsync(() => account.GetAsync("segments"));
        large.ShouldBe(small);
        small.ShouldBeInRange(3, MostStatements);
    }

    [Fact]
    public async Task The_members_of_a_segment_are_read_with_the_same_number_of_statements_whatever_their_number()
    {
        var account = await product.NewAccountAsync();
        var segment = (long)(await account.PostAsync("segments", new
        {
            name = "All",
            conditions = JsonNode.Parse("""{"field":"email","op":"ends_with","value":"example.com"}"""),
        }))["id"]!;
        await ContactAsync(account, "a0@example.com");
        await CountAsync(() => account.V3GetAsync($"contacts?segmentid={segment}"));
        var small = await CountAsync(() => account.V3GetAsync($"contacts?segmentid={segment}"));
        for (var i = 1; i < 20; i++)
        {
            await ContactAsync(account, $"a{i}@example.com");
        }

        var large = await CountAsync(async () => (await account.V3GetAsync($"contacts?segmentid={segment}"))["contacts"]!.AsArray().Count.ShouldBe(20));
        large.ShouldBe(small);
        small.ShouldBeInRange(3, MostStatements);
    }

    /// <summary>Commands sent to this server's database while the call runs; the fewest of three times, for the server's own look at its clock may fall into one.</summary>
    private async Task<int> CountAsync(Func<Task> call)
    {
        var counts = new[] { await CountOnceAsync(call), await CountOnceAsync(call), await CountOnceAsync(call) };
        return counts.Min();
    }

    private async Task<int> CountOnceAsync(Func<Task> call)
    {
        var (count, database) = (0, new NpgsqlConnectionStringBuilder(product.RuntimeConnectionString).Database);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem("db.namespace") ?? activity.GetTagItem("db.name"), database)
                    && (activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is not null)
                {
                    Interlocked.Increment(ref count);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await call();
        return count;
    }

    private static async Task SegmentsAsync(TestAccount account, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            await account.PostAsync("segments", new { name = $"Segment {i}", conditions = await TreeAsync(account, 1) });
        }
    }

    /// <summary>So many tags, lists and fields, each its own.</summary>
    private static async Task<JsonNode> TreeAsync(TestAccount account, int each)
    {
        var now = account.Product.Now;
        await using var work = await account.BeginAsync();
        var all = new JsonArray();
        for (var i = 0; i < each; i++)
        {
            var name = Kernel.Security.RandomToken.New(10).ToUpperInvariant().Replace('-', 'A').Replace('_', 'B');
            var tag = await Sql.Of($"insert into contacts.tag (account_id, name, created_at) values ({account.Id}, {name}, {now}) returning id").FirstAsync<long>(work, default);
            var list = await Sql.Of($"""
                insert into contacts.list (account_id, name, string_id, created_at, updated_at) values ({account.Id}, {name}, {name}, {now}, {now}) returning id
                """).FirstAsync<long>(work, default);
            var field = await Sql.Of($"""
                insert into contacts.field (account_id, name, key, type, created_at, updated_at) values ({account.Id}, {name}, {name}, 'text', {now}, {now}) returning id
                """).FirstAsync<long>(work, default);
            all.Add(JsonNode.Parse($$"""{"field":"tag","op":"has","value":{{tag}}}"""));
            all.Add(JsonNode.Parse($$"""{"field":"list:{{list}}","op":"is","value":"active"}"""));
            all.Add(JsonNode.Parse($$"""{"field":"field:{{field}}","op":"is","value":"x"}"""));
        }

        await work.CommitAsync(default);
        return new JsonObject { ["any"] = all };
    }

    private static async Task<long> ContactAsync(TestAccount account, string email) => long.Parse(
        (string)(await account.V3PostAsync("contacts", new { contact = new { email } }))["contact"]!["id"]!, System.Globalization.CultureInfo.InvariantCulture);
}
