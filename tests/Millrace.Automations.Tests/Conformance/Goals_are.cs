using Millrace.Kernel.Data;

namespace Millrace.Automations.Tests.Conformance;

/// <summary>2.8: goals.</summary>
internal sealed class Goals_are : RuleTable
{
    private const string Rest = """{ "id": "z", "type": "wait.for", "duration": "P3000D" }""";

    public Goals_are()
        : base("2.8 Goal:")
    {
        Add("A contact that meets it leaves its wait and skips all between", async c =>
        {
            var (automation, contact) = await StandAsync(c, $$"""[ {{Wait("w")}}, {{Tag("between")}}, {{Goal("g", "G", "buyer")}}, {{Rest}} ]""");
            await c.TagAsync("buyer", contact);
            await c.BecomesAsync(automation, contact, "waiting:z");
            (await c.PathAsync(automation, contact)).ShouldBe("w=jumped_to_goal g=reached");
            (await c.HasTagAsync(contact, "between")).ShouldBeFalse();
        });
        Add("Conditions that hold on entry jump right after it", async c =>
        {
            var contact = await c.ContactAsync();
            await c.TagAsync("buyer", contact);
            var automation = await c.StepsAsync($$"""[ {{Wait("w")}}, {{Goal("g", "G", "buyer")}}, {{Rest}} ]""");
            await c.AddAsync(automation, contact);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("Below: who is past it does not jump back", async c =>
        {
            var (automation, contact) = await StandAsync(c, $$"""[ {{Goal("g", "G", "buyer")}}, {{Rest}} ]""");
            await c.TagAsync("buyer", contact);
            await c.Scenario.Account.SettledAsync();
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
            (await c.PathAsync(automation, contact)).ShouldBe("g=skipped");
        });
        Add("Below: who stands in another branch does not jump", async c =>
        {
            var (automation, contact) = await StandAsync(c, Branches("below"));
            await c.TagAsync("buyer", contact);
            await c.Scenario.Account.SettledAsync();
            await c.SettledAsync();
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:n");
        });
        Add("Anywhere: who stands in another branch jumps", async c =>
        {
            var (automation, contact) = await StandAsync(c, Branches("anywhere"));
            await c.TagAsync("buyer", contact);
            await c.BecomesAsync(automation, contact, "waiting:z");
        });
        Add("Met on arrival: reached, and on", async c =>
        {
            var (automation, contact) = await StandAsync(c, $$"""[ { "id": "t", "type": "tag.add", "tag": "buyer ~" }, {{Goal("g", "G", "buyer")}}, {{Rest}} ]""");
            (await c.PathAsync(automation, contact)).ShouldBe("t=done g=reached");
        });
        Add("Not met, continue anyway: skipped, and on", async c =>
        {
            var (automation, contact) = await StandAsync(c, $$"""[ {{Goal("g", "G", "buyer", otherwise: "continue")}}, {{Rest}} ]""");
            (await c.PathAsync(automation, contact)).ShouldBe("g=skipped");
        });
        Add("Not met, wait: stays until the conditions hold", async c =>
        {
            var (automation, contact) = await StandAsync(c, $$"""[ {{Goal("g", "G", "buyer", otherwise: "wait")}}, {{Rest}} ]""");
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:g");
            await c.TagAsync("buyer", contact);
            await c.BecomesAsync(automation, contact, "waiting:z");
            (await c.PathAsync(automation, contact)).ShouldBe("g=reached");
        });
        Add("Not met, end: skipped, and over", async c =>
        {
            var (automation, contact) = await StandAsync(c, $$"""[ {{Goal("g", "G", "buyer", otherwise: "end")}}, {{Rest}} ]""");
            (await c.StateAsync(automation, contact)).ShouldBe("ended:");
            (await c.PathAsync(automation, contact)).ShouldBe("g=skipped");
        });
        Add("Once per entry: one that was met is passed the next time", async c =>
        {
            var (automation, contact) = await StandAsync(c, $$"""
                [ { "id": "t", "type": "tag.add", "tag": "buyer ~" }, {{Goal("g", "G", "buyer")}}, { "id": "w", "type": "wait.for", "duration": "P1D" },
                  { "id": "go", "type": "flow.goto", "step": "g" } ]
                """);
            await c.DaysAsync(1.1);
            (await c.PathAsync(automation, contact)).ShouldBe("t=done g=reached w=waited go=went_on g=passed_before");
        });
        Add("Another entry may meet it again", async c =>
        {
            var (automation, contact) = await StandAsync(c, $$"""[ {{Wait("w")}}, {{Goal("g", "G", "buyer")}}, {{Rest}} ]""");
            await c.TagAsync("buyer", contact);
            await c.BecomesAsync(automation, contact, "waiting:z");
            await c.AddAsync(automation, contact);
            (await c.Scenario.Account.ActivitiesAsync(contact)).Count(a => a.Kind == "goal.reached").ShouldBe(2);
        });
        Add("Of several met at once the furthest down wins", async c =>
        {
            var (automation, contact) = await StandAsync(
                c, $$"""[ {{Wait("w")}}, {{Goal("g1", "One", "buyer")}}, {{Wait("w2")}}, {{Goal("g2", "Two", "buyer")}}, {{Rest}} ]""");
            await c.TagAsync("buyer", contact);
            await c.BecomesAsync(automation, contact, "waiting:z");
            (await c.PathAsync(automation, contact)).ShouldBe("w=jumped_to_goal g2=reached");
        });
        Add("Nobody jumps while the automation is off", async c =>
        {
            var (automation, contact) = await StandAsync(c, $$"""[ {{Wait("w")}}, {{Goal("g", "G", "buyer")}}, {{Rest}} ]""");
            await c.PostAsync($"automations/{automation}/deactivate");
            await c.TagAsync("buyer", contact);
            await c.Scenario.Account.SettledAsync();
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
            await c.PostAsync($"automations/{automation}/activate");
            await c.BecomesAsync(automation, contact, "waiting:z");
        });
        Add("A goal that is reached starts automations", async c =>
        {
            await c.StepsAsync($$"""[ {{Wait("w")}} ]""", "Names");
            var follower = await c.AutomationAsync($$"""{ "triggers": [ { "type": "goal.reached", "goal": "Bought ~" } ], "steps": [ {{Rest}} ] }""", "Follower");
            var (_, contact) = await StandAsync(c, $$"""[ {{Wait("w")}}, {{Goal("g", "Bought ~", "buyer")}}, {{Rest}} ]""");
            await c.TagAsync("buyer", contact);
            await c.BecomesAsync(follower, contact, "waiting:z");
        });
        Add("A goal that is skipped starts automations", async c =>
        {
            var follower = await c.AutomationAsync($$"""{ "triggers": [ { "type": "goal.skipped", "goal": "Bought ~" } ], "steps": [ {{Rest}} ] }""", "Follower");
            var (_, contact) = await StandAsync(c, $$"""[ {{Goal("g", "Bought ~", "buyer", otherwise: "end")}}, {{Rest}} ]""");
            await c.BecomesAsync(follower, contact, "waiting:z");
        });
        Add("Another goal's name starts nothing", async c =>
        {
            var follower = await c.AutomationAsync($$"""{ "triggers": [ { "type": "goal.reached", "goal": "Other ~" } ], "steps": [ {{Rest}} ] }""", "Follower");
            var (automation, contact) = await StandAsync(c, $$"""[ {{Wait("w")}}, {{Goal("g", "Bought ~", "buyer")}}, {{Rest}} ]""");
            await c.TagAsync("buyer", contact);
            await c.BecomesAsync(automation, contact, "waiting:z");
            await c.Scenario.Account.SettledAsync();
            (await c.EntriesAsync(follower, contact)).ShouldBe(0);
        });
        Add("Reached and skipped are counted", async c =>
        {
            var (automation, _) = await StandAsync(c, $$"""[ {{Goal("g", "G", "buyer")}}, {{Rest}} ]""");
            (await c.Scenario.QueryAsync<long>(Sql.Of($"""
                select coalesce(sum(total), 0)::bigint from automations.tally where account_id = {c.AccountId} and automation_id = {automation} and step_key = 'g' and what = 'skipped'
                """))).ShouldBe(1);
        });
    }

    private static string Wait(string id) => $$"""{ "id": "{{id}}", "type": "wait.for", "duration": "P2000D" }""";

    private static string Tag(string tag) => $$"""{ "type": "tag.add", "tag": "{{tag}} ~" }""";

    private static string Goal(string id, string name, string tag, string position = "below", string otherwise = "continue") => $$"""
        { "id": "{{id}}", "type": "goal", "name": "{{name}}", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "{{tag}} ~" } ] },
          "position": "{{position}}", "otherwise": "{{otherwise}}" }
        """;

    private static string Branches(string position) => $$"""
        [ { "id": "if", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "nobody ~" } ] },
            "yes": [ {{Goal("g", "G", "buyer", position)}}, {{Rest}} ], "no": [ {{Wait("n")}} ] } ]
        """;

    private static async Task<(long Automation, long Contact)> StandAsync(Case c, string steps)
    {
        var automation = await c.StepsAsync(steps);
        var contact = await c.ContactAsync();
        await c.AddAsync(automation, contact);
        return (automation, contact);
    }
}
