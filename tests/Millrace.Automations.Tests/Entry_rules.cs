using Millrace.Contacts.Contracts;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

[Collection(nameof(Time_moves))]
public sealed class Entry_rules(Product product)
{
    private static string Document(string entry, string runs, string steps = """{ "id": "w", "type": "wait.for", "duration": "P1D" }""") => $$"""
        { "name": "On tag", "create": true, "entry": "{{entry}}",
          "triggers": [ { "id": "t", "type": "tag.added", "tag": "start", "runs": "{{runs}}" } ], "steps": [ {{steps}} ] }
        """;

    [Fact]
    public async Task Fifty_identical_triggers_at_once_make_exactly_one_run()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync(Document("any", "once"));
        var (contact, tag) = (await scenario.ContactAsync(), await scenario.TagAsync("start"));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => scenario.HappenAsync(new TagAdded(contact, tag))));
        await scenario.Account.SettledAsync();
        (await scenario.RunsAsync(automation, contact)).ShouldBe(1);
    }

    [Fact]
    public async Task A_trigger_that_runs_multiple_times_takes_ten_entries_in_24_hours_and_more_on_the_next_day()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync(Document("any", "multiple"));
        var (contact, tag) = (await scenario.ContactAsync(), await scenario.TagAsync("start"));
        await scenario.HappenAsync([.. Enumerable.Range(0, 12).Select(_ => new TagAdded(contact, tag))]);
        await scenario.Account.SettledAsync();
        (await scenario.RunsAsync(automation, contact)).ShouldBe(10);

        await product.AdvanceAsync(TimeSpan.FromHours(25));
        await scenario.HappenAsync(new TagAdded(contact, tag));
        await scenario.Account.SettledAsync();
        (await scenario.RunsAsync(automation, contact)).ShouldBe(11);
    }

    [Fact]
    public async Task Only_once_counts_over_triggers_and_additions_by_hand()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync(Document("once", "multiple"));
        var (contact, tag) = (await scenario.ContactAsync(), await scenario.TagAsync("start"));
        await scenario.HappenAsync(new TagAdded(contact, tag), new TagAdded(contact, tag));
        await scenario.Account.SettledAsync();
        await scenario.AddAsync(automation, contact);
        (await scenario.RunsAsync(automation, contact)).ShouldBe(1);
    }

    [Fact]
    public async Task After_exit_lets_a_contact_in_again_when_it_has_left()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync(Document("after_exit", "once"));
        var (contact, tag) = (await scenario.ContactAsync(), await scenario.TagAsync("start"));
        await scenario.HappenAsync(new TagAdded(contact, tag), new TagAdded(contact, tag));
        await scenario.Account.SettledAsync();
        (await scenario.RunsAsync(automation, contact)).ShouldBe(1);
        await scenario.BecomesAsync(automation, contact, "waiting:w");

        await product.AdvanceAsync(TimeSpan.FromHours(30));
        await scenario.BecomesAsync(automation, contact, "completed:");
        await scenario.HappenAsync(new TagAdded(contact, tag));
        await scenario.Account.SettledAsync();
        (await scenario.RunsAsync(automation, contact)).ShouldBe(2);
    }

    [Fact]
    public async Task What_happened_before_the_automation_was_switched_on_lets_nobody_in()
    {
        var scenario = await Scenario.NewAsync(product);
        var contact = await scenario.ContactAsync();
        await scenario.TagThemAsync("start", contact);
        var automation = await scenario.ImportAsync(Document("any", "once"));
        await scenario.Account.SettledAsync();
        (await scenario.RunsAsync(automation, contact)).ShouldBe(0);
    }

    [Fact]
    public async Task The_filter_of_a_trigger_lets_in_only_those_it_holds_for()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Filtered", "create": true,
              "triggers": [ { "type": "tag.added", "tag": "start", "where": { "all": [ { "field": "tag", "op": "has", "value": "vip" } ] } } ],
              "steps": [ { "type": "wait.for", "duration": "P1D" } ] }
            """);
        var contacts = await scenario.ContactsAsync(2);
        await scenario.TagThemAsync("vip", contacts[0]);
        await scenario.TagThemAsync("start", contacts);
        await scenario.Account.SettledAsync();
        (await scenario.RunsAsync(automation, contacts[0])).ShouldBe(1);
        (await scenario.RunsAsync(automation, contacts[1])).ShouldBe(0);
    }
}
