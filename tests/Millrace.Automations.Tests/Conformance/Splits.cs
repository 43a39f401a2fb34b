using System.Globalization;
using Millrace.Kernel.Data;

namespace Millrace.Automations.Tests.Conformance;

/// <summary>2.8: which path a contact takes.</summary>
internal sealed class Splits : RuleTable
{
    public Splits()
        : base("2.8 Split:")
    {
        Add("Even paths get the same number", async c =>
        {
            var automation = await SplitAsync(c, """ "mode": "even", "paths": 3 """, 3);
            await c.AddAsync(automation, await c.ContactsAsync(9));
            (await CountsAsync(c, automation)).ShouldBe([3, 3, 3]);
        });
        Add("Ten paths are the most", async c =>
        {
            var automation = await SplitAsync(c, """ "paths": 10 """, 10);
            await c.AddAsync(automation, await c.ContactsAsync(10));
            (await CountsAsync(c, automation)).ShouldBe([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
            (await c.ProblemsAsync("""[ { "type": "flow.split", "paths": 11 } ]""")).ShouldContain("invalid");
        });
        Add("Weighted paths get their shares", async c =>
        {
            var automation = await SplitAsync(c, """ "mode": "weighted", "paths": 3, "shares": [70, 20, 10] """, 3);
            foreach (var part in (await c.ContactsAsync(20)).Chunk(7))
            {
                await c.AddAsync(automation, part);
            }

            (await CountsAsync(c, automation)).ShouldBe([14, 4, 2]);
        });
        Add("Shares that are not 100 together are refused", async c =>
            (await c.ProblemsAsync("""[ { "type": "flow.split", "mode": "weighted", "paths": 2, "shares": [70, 20] } ]""")).ShouldContain("invalid"));
        Add("A contact's path is its only one in this split", async c =>
        {
            var automation = await c.StepsAsync("""[ { "id": "s", "type": "flow.split", "a": [ { "type": "tag.add", "tag": "a ~" } ], "b": [ { "type": "tag.add", "tag": "b ~" } ] } ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            await c.AddAsync(automation, contact);
            await c.AddAsync(automation, contact);
            (await c.EntriesAsync(automation, contact)).ShouldBe(3);
            (await c.HasTagAsync(contact, "b")).ShouldBeFalse();
            (await CountsAsync(c, automation)).ShouldBe([1, 0]);
        });
        Add("The way tells why a split chose the path", async c =>
        {
            var automation = await SplitAsync(c, Test("\"ends\": \"contacts\", \"ends_after\": 2"), 2);
            var contacts = await c.ContactsAsync(3);
            await c.AddAsync(automation, contacts[0]);
            await c.AddAsync(automation, contacts[1]);
            await c.AddAsync(automation, contacts[2]);
            (await WhyAsync(c, automation, contacts[1])).ShouldBe("""{"code":"split_turn","values":{"path":"B","taken":0,"of":1,"share":50}}""");
            (await WhyAsync(c, automation, contacts[2])).ShouldBe("""{"code":"split_won","values":{"path":"A"}}""");
        });
        Add("Branches of a split meet again after it", async c =>
        {
            var automation = await SplitAsync(c, """ "paths": 2 """, 2);
            var contacts = await c.ContactsAsync(2);
            await c.AddAsync(automation, contacts);
            (await c.StateAsync(automation, contacts[0])).ShouldBe("waiting:z");
            (await c.StateAsync(automation, contacts[1])).ShouldBe("waiting:z");
        });
        Add("A test ends after so many contacts, and the rest take the winner", async c =>
        {
            var automation = await SplitAsync(c, Test("\"ends\": \"contacts\", \"ends_after\": 4"), 2);
            var contacts = await c.ContactsAsync(7);
            await c.AddAsync(automation, contacts[..4]);
            (await CountsAsync(c, automation)).ShouldBe([2, 2]);
            await c.TagAsync("win", await OnAsync(c, automation, 1));
            await c.AddAsync(automation, contacts[4..]);
            (await CountsAsync(c, automation)).ShouldBe([2, 5]);
        });
        Add("A test counts to its end within a batch", async c =>
        {
            var automation = await SplitAsync(c, Test("\"ends\": \"contacts\", \"ends_after\": 4"), 2);
            await c.AddAsync(automation, await c.ContactsAsync(10));
            (await CountsAsync(c, automation)).ShouldBe([8, 2]);
        });
        Add("A test ends on a date", async c =>
        {
            var automation = await SplitAsync(c, Test($"\"ends\": \"date\", \"ends_on\": \"{c.Now.AddDays(2):yyyy-MM-ddTHH:mm:ssZ}\""), 2);
            await c.AddAsync(automation, await c.ContactsAsync(2));
            await c.TagAsync("win", await OnAsync(c, automation, 1));
            await c.DaysAsync(2.1);
            await c.AddAsync(automation, await c.ContactsAsync(3));
            (await CountsAsync(c, automation)).ShouldBe([1, 4]);
        });
        Add("A test ends when so many meet the conditions", async c =>
        {
            var automation = await SplitAsync(c, Test("\"ends\": \"successes\", \"ends_after\": 2"), 2);
            await c.AddAsync(automation, await c.ContactsAsync(6));
            (await CountsAsync(c, automation)).ShouldBe([3, 3]);
            await c.TagAsync("win", (await OnAsync(c, automation, 1))[..2]);
            await c.AddAsync(automation, await c.ContactsAsync(2));
            (await CountsAsync(c, automation)).ShouldBe([3, 5]);
        });
        Add("A tie goes to path A", async c =>
        {
            var automation = await SplitAsync(c, Test("\"ends\": \"contacts\", \"ends_after\": 2"), 2);
            await c.AddAsync(automation, await c.ContactsAsync(2));
            await c.TagAsync("win", [.. await OnAsync(c, automation, 0), .. await OnAsync(c, automation, 1)]);
            await c.AddAsync(automation, await c.ContactsAsync(3));
            (await CountsAsync(c, automation)).ShouldBe([4, 1]);
        });
        Add("A winner stays the winner", async c =>
        {
            var automation = await SplitAsync(c, Test("\"ends\": \"contacts\", \"ends_after\": 2"), 2);
            await c.AddAsync(automation, await c.ContactsAsync(2));
            await c.AddAsync(automation, await c.ContactsAsync(1));
            await c.TagAsync("win", await OnAsync(c, automation, 1));
            await c.AddAsync(automation, await c.ContactsAsync(1));
            (await CountsAsync(c, automation)).ShouldBe([3, 1]);
        });
        Add("Until a number of contacts is on A, then everybody takes B", async c =>
        {
            var automation = await SplitAsync(c, """ "mode": "until", "ends": "contacts", "ends_after": 3 """, 2);
            await c.AddAsync(automation, await c.ContactsAsync(5));
            (await CountsAsync(c, automation)).ShouldBe([3, 2]);
        });
        Add("Until a date, then everybody takes B", async c =>
        {
            var automation = await SplitAsync(c, $""" "mode": "until", "ends": "date", "ends_on": "{c.Now.AddDays(1):yyyy-MM-ddTHH:mm:ssZ}" """, 2);
            await c.AddAsync(automation, await c.ContactsAsync(2));
            await c.DaysAsync(1.1);
            await c.AddAsync(automation, await c.ContactsAsync(2));
            (await CountsAsync(c, automation)).ShouldBe([2, 2]);
        });
        Add("Until so many on A meet the conditions, then everybody takes B", async c =>
        {
            var automation = await SplitAsync(c, Test("\"ends\": \"successes\", \"ends_after\": 1").Replace("\"test\"", "\"until\"", StringComparison.Ordinal), 2);
            await c.AddAsync(automation, await c.ContactsAsync(2));
            await c.TagAsync("win", (await OnAsync(c, automation, 0))[..1]);
            await c.AddAsync(automation, await c.ContactsAsync(2));
            (await CountsAsync(c, automation)).ShouldBe([2, 2]);
        });
        Add("A split in progress cannot be edited", async c =>
        {
            var automation = await c.StepsAsync("""[ { "id": "s", "type": "flow.split", "paths": 2 } ]""");
            (await c.RefusedAsync(automation, """[ { "id": "s", "type": "flow.split", "paths": 3 } ]""")).ShouldBeEmpty("nobody has passed it");
            await c.AddAsync(automation, await c.ContactAsync());
            (await c.RefusedAsync(automation, """[ { "id": "s", "type": "flow.split", "paths": 3 } ]""")).ShouldBe(["split_in_progress"]);
            (await c.RefusedAsync(automation, """[ { "id": "s", "type": "flow.split", "mode": "even", "a": [ { "id": "w", "type": "wait.for", "duration": "P1D" } ] } ]"""))
                .ShouldBeEmpty("what stands on its paths may change");
            (await c.RefusedAsync(automation, """[ { "id": "t", "type": "flow.split", "paths": 3 } ]""")).ShouldBeEmpty("another one may take its place");
        });
        Add("Steps on a path that nobody can take are warned of", async c =>
            (await c.ProblemsAsync("""[ { "type": "flow.split", "paths": 2, "c": [ { "type": "wait.for", "duration": "P1D" } ] } ]""")).ShouldContain("unreachable"));
    }

    private static async Task<string?> WhyAsync(Case c, long automation, long contact) =>
        (await c.Scenario.WayAsync(automation, contact))["visits"]![0]!["cause"]?.ToJsonString();

    private static string Test(string end) => $$""" "mode": "test", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "win ~" } ] }, {{end}} """;

    private static Task<long> SplitAsync(Case c, string options, int paths) => c.StepsAsync($$"""
        [ { "id": "s", "type": "flow.split", {{options}}, {{string.Join(", ", Enumerable.Range(0, paths).Select(i => $"\"{(char)('a' + i)}\": []"))}} },
          { "id": "z", "type": "wait.for", "duration": "P3000D" } ]
        """);

    private static async Task<long[]> CountsAsync(Case c, long automation) => (await c.Scenario.QueryAsync<long[]>(
        Sql.Of($"select counts from automations.split where account_id = {c.AccountId} and automation_id = {automation} and step_key = 's'")))!;

    private static async Task<long[]> OnAsync(Case c, long automation, short path) => (await c.Scenario.QueryAsync<string>(Sql.Of($"""
        select string_agg(contact_id::text, ',' order by contact_id) from automations.split_path
        where account_id = {c.AccountId} and automation_id = {automation} and path = {path}
        """)))!.Split(',').Select(id => long.Parse(id, CultureInfo.InvariantCulture)).ToArray();
}
