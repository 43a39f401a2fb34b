using System.Diagnostics;
using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

[Collection(nameof(Time_moves))]
public sealed class Speed(Product product, ITestOutputHelper output)
{
    /// <summary>More than one batch of each of two workers.</summary>
    private const int People = 6_000;

    [Fact]
    public async Task Thousands_of_runs_walk_ten_bare_steps_and_every_step_is_in_the_trace_once()
    {
        var scenario = await Scenario.NewAsync(product);
        var steps = string.Join(',', Enumerable.Range(1, 10).Select(i => i % 2 == 0
            ? $$"""{ "id": "s{{i}}", "type": "tag.remove", "tag": "bare" }"""
            : $$"""{ "id": "s{{i}}", "type": "flow.if", "conditions": { "all": [] }, "yes": [] }"""));
        var automation = await scenario.ImportAsync($$"""{ "name": "Bare", "create": true, "steps": [ { "id": "w", "type": "wait.for", "duration": "P1D" }, {{steps}} ] }""");
        foreach (var part in (await scenario.ContactsAsync(People)).Chunk(10_000))
        {
            await scenario.AddAsync(automation, part);
        }

        await Product.EventuallyAsync(async () => await CountAsync(scenario, "waiting") == People, "all wait", 60);
        await scenario.Account.SettledAsync();
        var started = Stopwatch.GetTimestamp();
        await product.AdvanceAsync(TimeSpan.FromHours(25));
        await Product.EventuallyAsync(async () => await CountAsync(scenario, "completed") == People, "all have come to the end", 120);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{People * 11 / seconds:F0} steps/s ({seconds:F1} s)"));
        var visits = await scenario.QueryAsync<long>(Sql.Of($"select count(*) from automations.step_visit where account_id = {scenario.Account.Id}"));
        visits.ShouldBe(People * 11L);
    }

    private static Task<long> CountAsync(Scenario scenario, string status) =>
        scenario.QueryAsync<long>(Sql.Of($"select count(*) from automations.run where account_id = {scenario.Account.Id} and status = {status}"));
}
