using Microsoft.Extensions.DependencyInjection;
using Millrace.Activities.Contracts;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>A server without workers: the test is the worker.</summary>
public sealed class IdleProduct : Product
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Millrace:Roles", "web")];
}

/// <summary>After a worker died its buckets are worked on one run at a time, until that is behind us.</summary>
public sealed class Careful_mode(IdleProduct product) : IClassFixture<IdleProduct>
{
    private readonly RunEngine _engine = product.Services.GetRequiredService<RunEngine>();

    [Fact]
    public async Task A_run_that_was_there_at_five_deaths_is_parked_and_the_others_go_on()
    {
        var (scenario, contacts) = await InsideAsync(3);
        await scenario.ExecuteAsync(Sql.Of($"update automations.run set crashes = 5 where account_id = {scenario.Account.Id} and contact_id = {contacts[1]}"));

        (await _engine.RunOnceAsync(await SliceAsync(scenario, contacts, careful: true), CancellationToken.None)).ShouldBe(3);

        (await StatesAsync(scenario)).ShouldBe("completed 0, parked 6, completed 0");
        (await scenario.QueryAsync<string>(Sql.Of($"select error from automations.run where account_id = {scenario.Account.Id} and contact_id = {contacts[1]}")))!.ShouldStartWith("crashed:");
    }

    [Fact]
    public async Task What_fails_alone_is_charged_alone_and_twenty_at_a_time_are_enough_proof()
    {
        var (scenario, contacts) = await InsideAsync(25);
        await scenario.ExecuteAsync(Sql.Of($"""
            update automations.run set guard = {new JsonText("""{"w":"not a number"}""")} where account_id = {scenario.Account.Id} and contact_id = {contacts[0]}
            """));
        var slice = await SliceAsync(scenario, contacts, careful: true);

        (await _engine.RunOnceAsync(slice, CancellationToken.None)).ShouldBe(20);
        (await CountAsync(scenario, "completed")).ShouldBeInRange(19, 20);

        // Proven: what is left goes as one batch.
        (await _engine.RunOnceAsync(slice, CancellationToken.None)).ShouldBeGreaterThanOrEqualTo(5);
        (await CountAsync(scenario, "completed")).ShouldBe(24);
        (await scenario.QueryAsync<short>(Sql.Of($"select attempts from automations.run where account_id = {scenario.Account.Id} and contact_id = {contacts[0]}")))
            .ShouldBe((short)1);
    }

    private async Task<(Scenario Scenario, long[] Contacts)> InsideAsync(int count)
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""{ "name": "Short", "create": true, "steps": [ { "id": "t", "type": "tag.add", "tag": "through" } ] }""");
        var contacts = await scenario.ContactsAsync(count);
        await scenario.AddAsync(automation, contacts);
        return (scenario, contacts);
    }

    private static async Task<BucketSlice> SliceAsync(Scenario scenario, long[] contacts, bool careful)
    {
        var buckets = contacts.Select(c => Bucket.Of(scenario.Account.Id, c)).Distinct().Order().ToArray();
        await using var work = await scenario.Account.BeginAsync();
        var epochs = await Sql.Of($"select epoch from activities.bucket_lease where bucket = any ({buckets}) order by bucket").ListAsync<long>(work, CancellationToken.None);
        return new BucketSlice(buckets, [.. epochs], careful);
    }

    private static async Task<string?> StatesAsync(Scenario scenario) => await scenario.QueryAsync<string>(
        Sql.Of($"select string_agg(status || ' ' || crashes, ', ' order by contact_id) from automations.run where account_id = {scenario.Account.Id}"));

    private static Task<long> CountAsync(Scenario scenario, string status) =>
        scenario.QueryAsync<long>(Sql.Of($"select count(*) from automations.run where account_id = {scenario.Account.Id} and status = {status}"));
}
