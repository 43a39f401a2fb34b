using Millrace.TestKit;

namespace Millrace.Automations.Tests;

[Collection(nameof(Time_moves))]
public sealed class Goals(Product product)
{
    private static string Document(string position, string otherwise) => $$"""
        { "name": "Goal", "create": true, "steps": [
            { "id": "w", "type": "wait.for", "duration": "P5D" },
            { "id": "skipped", "type": "tag.add", "tag": "not jumped" },
            { "id": "goal", "type": "goal", "name": "Bought", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "bought" } ] },
              "position": "{{position}}", "otherwise": "{{otherwise}}" },
            { "id": "last", "type": "wait.for", "duration": "P300D" } ] }
        """;

    [Fact]
    public async Task Whoever_fulfils_the_conditions_jumps_over_what_lies_between()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync(Document("below", "continue"));
        var contact = await scenario.ContactAsync();
        await scenario.AddAsync(automation, contact);
        await scenario.BecomesAsync(automation, contact, "waiting:w");
        await scenario.TagThemAsync("bought", contact);
        await scenario.BecomesAsync(automation, contact, "waiting:last");
        (await scenario.PathAsync(automation, contact)).ShouldBe("w=jumped_to_goal goal=reached");
        (await scenario.HasTagAsync(contact, "not jumped")).ShouldBeFalse();
        (await scenario.Account.ActivitiesAsync(contact)).Count(a => a.Kind == "goal.reached").ShouldBe(1);
    }

    [Fact]
    public async Task Conditions_that_hold_on_entry_jump_right_away()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync(Document("below", "continue"));
        var contact = await scenario.ContactAsync();
        await scenario.TagThemAsync("bought", contact);
        await scenario.AddAsync(automation, contact);
        await scenario.BecomesAsync(automation, contact, "waiting:last");
        (await scenario.PathAsync(automation, contact)).ShouldBe("w=jumped_to_goal goal=reached");
    }

    [Theory]
    [InlineData("continue", "waiting:last", "w=waited skipped=done goal=skipped")]
    [InlineData("wait", "waiting:goal", "w=waited skipped=done")]
    [InlineData("end", "ended:", "w=waited skipped=done goal=skipped")]
    public async Task Who_comes_along_without_fulfilling_them_does_as_the_goal_says(string otherwise, string state, string path)
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync(Document("below", otherwise));
        var contact = await scenario.ContactAsync();
        await scenario.AddAsync(automation, contact);
        await scenario.BecomesAsync(automation, contact, "waiting:w");
        await product.AdvanceAsync(TimeSpan.FromDays(5) + TimeSpan.FromMinutes(1));
        await scenario.BecomesAsync(automation, contact, state);
        (await scenario.PathAsync(automation, contact)).ShouldBe(path);
    }

    [Fact]
    public async Task Of_several_goals_fulfilled_at_once_the_one_furthest_down_wins()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Several", "create": true, "steps": [
                { "id": "w", "type": "wait.for", "duration": "P5D" },
                { "id": "first", "type": "goal", "name": "First", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "bought" } ] } },
                { "id": "w2", "type": "wait.for", "duration": "P5D" },
                { "id": "second", "type": "goal", "name": "Second", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "bought" } ] } },
                { "id": "w3", "type": "wait.for", "duration": "P5D" },
                { "id": "other", "type": "goal", "name": "Other", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "never" } ] } },
                { "id": "last", "type": "wait.for", "duration": "P300D" } ] }
            """);
        var contact = await scenario.ContactAsync();
        await scenario.AddAsync(automation, contact);
        await scenario.BecomesAsync(automation, contact, "waiting:w");
        await scenario.TagThemAsync("bought", contact);
        await scenario.BecomesAsync(automation, contact, "waiting:w3");
        (await scenario.PathAsync(automation, contact)).ShouldBe("w=jumped_to_goal second=reached");
        (await scenario.Account.ActivitiesAsync(contact)).Where(a => a.Kind == "goal.reached").Select(a => a.Data.GetProperty("name").GetString()).ShouldBe(["Second"]);
    }

    [Theory]
    [InlineData("below", "waiting:far")]
    [InlineData("anywhere", "waiting:far2")]
    public async Task Past_the_goal_only_anywhere_jumps_back_to_it(string position, string state)
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync($$"""
            { "name": "Branches", "create": true, "steps": [
                { "id": "fork", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "vip" } ] },
                  "yes": [ { "id": "goal", "type": "goal", "name": "G", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "bought" } ] }, "position": "{{position}}" },
                           { "id": "far2", "type": "wait.for", "duration": "P300D" } ],
                  "no": [ { "id": "far", "type": "wait.for", "duration": "P300D" } ] } ] }
            """);
        var contact = await scenario.ContactAsync();
        await scenario.AddAsync(automation, contact);
        await scenario.BecomesAsync(automation, contact, "waiting:far");
        await scenario.TagThemAsync("bought", contact);
        await scenario.Account.SettledAsync();
        await scenario.BecomesAsync(automation, contact, state);
    }
}
