namespace Millrace.Automations.Tests.Conformance;

/// <summary>2.3: triggers about a thing with contacts, told with the made-up thing of the tests.</summary>
internal sealed class Things : RuleTable
{
    public Things()
        : base("2.3")
    {
        Add("Every contact of the thing enters, one entry each", async c =>
        {
            var (automation, people) = await ThingAsync(c);
            await c.HappenAsync(new ThingChanged(0, 500_000 + people[0], [people[0], people[1], people[1]]));
            await InAsync(c, automation, people[0], people[1]);
            (await c.EntriesAsync(automation, people[0]), await c.EntriesAsync(automation, people[1]), await c.EntriesAsync(automation, people[2])).ShouldBe((1, 1, 0));
        });
        Add("The filter decides about each contact of the thing", async c =>
        {
            var (automation, people) = await ThingAsync(c, """, "where": { "all": [ { "field": "tag", "op": "has", "value": "vip ~" } ] }""");
            await c.TagAsync("vip", people[1]);
            await c.HappenAsync(new ThingChanged(0, 500_000 + people[0], people));
            await InAsync(c, automation, people[1]);
            (await c.EntriesAsync(automation, people[0]), await c.EntriesAsync(automation, people[2])).ShouldBe((0, 0));
        });
        Add("A thing without contacts starts nothing", async c =>
        {
            var (automation, people) = await ThingAsync(c);
            await c.HappenAsync(new ThingChanged(0, 500_000 + people[0], []), new ThingChanged(0, 500_000 + people[1], [people[2]]));
            await InAsync(c, automation, people[2]);
            (await c.EntriesAsync(automation, people[0]), await c.EntriesAsync(automation, people[1])).ShouldBe((0, 0));
        });
        Add("The entry remembers the thing for its steps", async c =>
        {
            var (automation, people) = await ThingAsync(c);
            await c.HappenAsync(new ThingChanged(0, 500_000 + people[0], [people[0]]));
            await InAsync(c, automation, people[0]);
            (await c.Scenario.QueryAsync<string>(Kernel.Data.Sql.Of($"""
                select subject_kind || ':' || subject_id from automations.run where account_id = {c.AccountId} and automation_id = {automation} and contact_id = {people[0]}
                """))).ShouldBe(FormattableString.Invariant($"thing:{500_000 + people[0]}"));
        });
    }

    private static async Task<(long Automation, long[] People)> ThingAsync(Case c, string more = "")
    {
        var people = await c.ContactsAsync(3);
        // Its own thing: other rules have theirs.
        return (await c.AutomationAsync($$"""
            { "triggers": [ { "type": "thing.changed", "runs": "multiple", "thing": {{500_000 + people[0]}}{{more}} }, { "type": "thing.changed", "runs": "multiple", "thing": {{500_000 + people[1]}} } ],
              "steps": [ { "id": "w", "type": "wait.for", "duration": "P3000D" } ] }
            """), people);
    }

    private static async Task InAsync(Case c, long automation, params long[] people)
    {
        foreach (var one in people)
        {
            await c.BecomesAsync(automation, one, "waiting:w");
        }
    }
}
