using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.TestKit;
using Npgsql;

namespace Millrace.Segments.Tests;

/// <summary>A server without patience: looks over all contacts may take some hundredths of a second.</summary>
public sealed class Impatient : Product
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
        [new("Millrace:Looks:QuestionSeconds", "0.05"), new("Millrace:Looks:ChoiceSeconds", "0.01")];
}

/// <summary>A server with patience, so that only a caller who hangs up can end a question.</summary>
public sealed class Patient : Product
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Millrace:Looks:QuestionSeconds", "60")];
}

/// <summary>What takes too long is stopped in the database and told as such, on every route that asks all contacts.</summary>
public sealed class TimeLimitTests(Impatient impatient, Patient patient) : IClassFixture<Impatient>, IClassFixture<Patient>
{
    [Fact]
    public async Task What_takes_longer_than_the_limit_is_refused_as_too_slow()
    {
        var account = await impatient.NewAccountAsync();
        await PeopleAsync(account, 3_000);
        var (slow, slowInAddress) = (Slow(20, 1_000), Slow(1, 400));
        var segment = (long)(await account.PostAsync("segments", new { name = "Slow", conditions = slow }))["id"]!;
        (string Path, HttpRequestMessage Request)[] calls =
        [
            ("/conditions", Post("segments/preview", new { conditions = slow })),
            ("/conditions", Post("conditions/preview", new { conditions = slow })),
            ("/conditions", Post($"segments/{segment}/count", new { })),
            ("/conditions", Post("contacts/bulk/count", new { conditions = slow })),
            ("/conditions", Post("contacts/bulk", new { action = "tag.add", settings = new { tag = await TagAsync(account) }, conditions = slow })),
            ("conditions", new(HttpMethod.Get, new Uri("contacts?conditions=" + Uri.EscapeDataString(slowInAddress.ToJsonString()), UriKind.Relative))),
        ];
        foreach (var (path, request) in calls)
        {
            using var answer = await account.App.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, $"{request.RequestUri}: {body}");
            var error = JsonNode.Parse(body)!["errors"]![0]!;
            ((string)error["path"]!, (string)error["code"]!).ShouldBe((path, "too_slow"), request.RequestUri!.ToString());
        }

        using var v3 = await account.V3.GetAsync(new Uri($"contacts?segmentid={segment}", UriKind.Relative));
        v3.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await v3.Content.ReadAsStringAsync()).ShouldContain("too_slow");
    }

    [Fact]
    public void A_question_is_given_five_seconds() => new LookOptions().QuestionSeconds.ShouldBe(5);

    [Theory]
    [InlineData("segments/preview")]
    [InlineData("conditions/preview")]
    public async Task Who_hangs_up_stops_the_statement_in_the_database(string route)
    {
        var account = await patient.NewAccountAsync();
        await PeopleAsync(account, 20_000);
        using var hangUp = new CancellationTokenSource();
        var asking = account.App.PostAsJsonAsync(route, new { conditions = Slow(50, 1_000) }, hangUp.Token);
        await Product.EventuallyAsync(async () => await RunningAsync() > 0 || asking.IsCompleted, "the statement runs", seconds: 60);
        asking.IsCompleted.ShouldBeFalse("It takes minutes, and is stopped after one.");
        await hangUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asking);
        // Left alone it would run until its limit of a minute; on a busy machine the word to stop may take some seconds to arrive.
        await Product.EventuallyAsync(async () => await RunningAsync() == 0, "nothing runs any more", seconds: 30);
    }

    private async Task<long> RunningAsync()
    {
        await using var connection = new NpgsqlConnection(patient.RuntimeConnectionString);
        await connection.OpenAsync();
        return await Sql.Of($"""
            select count(*) from pg_stat_activity
            where datname = current_database() and state = 'active' and pid <> pg_backend_pid() and query like '%like lower(%' and query like '%count(*)%'
            """).FirstAsync<long>(connection, default);
    }

    private static HttpRequestMessage Post(string path, object body) => new(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) };

    /// <summary>Texts that stand nowhere, searched for everywhere.</summary>
    internal static JsonObject Slow(int rows, int texts) => new()
    {
        ["any"] = new JsonArray([.. Enumerable.Range(0, rows).Select(r => (JsonNode)new JsonObject
        {
            ["field"] = "email",
            ["op"] = "contains",
            ["value"] = new JsonArray([.. Enumerable.Range(0, texts).Select(t => (JsonNode)$"{(r * texts) + t:x}".PadLeft(4, 'q'))]),
        })]),
    };

    internal static async Task PeopleAsync(TestAccount account, int count)
    {
        await using var work = await account.BeginAsync();
        await Sql.Of($"""
            insert into contacts.contact (account_id, email, created_at, updated_at)
            select {account.Id}, repeat('somebody.', 5) || n || '@example.com', '2026-01-01Z', '2026-01-01Z' from generate_series(1, {count}) n
            """).ExecuteAsync(work, default);
        await work.CommitAsync(default);
    }

    private static async Task<long> TagAsync(TestAccount account) => long.Parse(
        (string)(await account.V3PostAsync("tags", new { tag = new { tag = "T", tagType = "contact" } }))["tag"]!["id"]!, CultureInfo.InvariantCulture);
}
