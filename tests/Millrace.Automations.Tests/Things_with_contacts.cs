using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Automations.Definitions;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.TestKit;
using Npgsql;

namespace Millrace.Automations.Tests;

/// <summary>A thing with several contacts, which no module has yet: only this server knows it.</summary>
[ActivityKind("thing.changed", Title = "Thing changed")]
public sealed record ThingChanged(long ContactId, [property: Subject("thing")] long ThingId, long[] People) : IActivity;

[AutomationTrigger("thing.changed", Title = "Thing changes", Group = "Tests")]
internal sealed class ThingChangedTrigger : AutomationTrigger<ThingChanged, ThingChangedTrigger.Settings>, IObjectTrigger
{
    internal sealed record Settings
    {
        public long? Thing { get; init; }
    }

    public override bool Matches(ThingChanged activity, Settings settings) => settings.Thing is null || settings.Thing == activity.ThingId;

    public Task<IReadOnlyList<TriggeringObject?>> ObjectsAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<IActivity> activities, object settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TriggeringObject?>>(
            [.. activities.Cast<ThingChanged>().Select(a => a.People.Length == 0 ? null : new TriggeringObject(new RunSubject("thing", a.ThingId), a.People))]);
}

/// <summary>Notes for each run what it is about, to see what steps get to know.</summary>
[AutomationAction("thing.note", Title = "Note the thing", Group = "Tests", Description = "For tests.")]
internal sealed class NoteThingAction : AutomationAction<NoteThingAction.Settings>
{
    internal sealed record Settings;

    public override Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken) => Task.FromResult<StepOutcome[]>(
        [.. batch.Runs.Select(r => StepOutcome.Skip("noted", FormattableString.Invariant($"{r.Subject?.Kind}:{r.Subject?.Id}")))]);
}

public sealed class ThingModule : IModule
{
    public static string Name => "things";

    public static void AddServices(IHostApplicationBuilder builder)
    {
    }
}

public sealed class ThingProduct : Product
{
    protected override void Configure(IHostApplicationBuilder builder) => builder.AddModule<ThingModule>();
}

/// <summary>A trigger about a thing lets in each of its contacts, one entry each, and the entry remembers the thing.</summary>
public sealed class Things_with_contacts(ThingProduct product) : IClassFixture<ThingProduct>
{
    [Fact]
    public async Task Each_contact_of_the_thing_enters_once_and_steps_know_the_thing()
    {
        var scenario = await Scenario.NewAsync(product);
        var people = await scenario.ContactsAsync(3);
        var other = await scenario.ImportAsync("""{ "name": "Other", "steps": [ { "id": "m", "type": "thing.note" }, { "id": "w", "type": "wait.for", "duration": "P9D" } ] }""");
        var automation = await scenario.ImportAsync("""
            { "name": "Things", "triggers": [ { "id": "t", "type": "thing.changed", "runs": "multiple", "where": { "all": [ { "field": "first_name", "op": "is_not", "value": "Ben" } ] } } ],
              "steps": [ { "id": "n", "type": "thing.note" }, { "id": "s", "type": "flow.start_automation", "automation": "Other" }, { "id": "w", "type": "wait.for", "duration": "P9D" } ] }
            """);
        await scenario.ExecuteAsync(Sql.Of($"update contacts.contact set first_name = 'Ben' where account_id = {scenario.Account.Id} and id = {people[2]}"));

        await scenario.HappenAsync(new ThingChanged(0, 77, [people[0], people[1], people[1], people[2], 999_999_999]), new ThingChanged(0, 78, []));
        await scenario.BecomesAsync(automation, people[0], "waiting:w");
        await scenario.BecomesAsync(automation, people[1], "waiting:w");
        await scenario.BecomesAsync(other, people[0], "waiting:w");

        (await scenario.RunsAsync(automation, people[0]), await scenario.RunsAsync(automation, people[1]), await scenario.RunsAsync(automation, people[2])).ShouldBe((1, 1, 0));
        foreach (var (which, step) in new[] { (automation, "n"), (other, "m") })
        {
            (await scenario.QueryAsync<string>(Sql.Of($"""
                select string_agg(v.detail, ',') from automations.run r join automations.step_visit v on v.account_id = r.account_id and v.run_id = r.id
                where r.account_id = {scenario.Account.Id} and r.automation_id = {which} and v.step_key = {step}
                """))).ShouldBe("thing:77,thing:77");
        }

        // Another thing, the same contact: another entry.
        await scenario.HappenAsync(new ThingChanged(0, 79, [people[0]]));
        await Product.EventuallyAsync(async () => await scenario.RunsAsync(automation, people[0]) == 2, "a second entry");
        (await scenario.QueryAsync<string>(Sql.Of($"""
            select string_agg(subject_kind || subject_id, ',' order by id) from automations.run
            where account_id = {scenario.Account.Id} and automation_id = {automation} and contact_id = {people[0]}
            """))).ShouldBe("thing77,thing79");
    }
}

/// <summary>Which lists the unsubscribe link of an automation's mails takes a contact off.</summary>
public sealed class Lists_of_an_automation(Product product)
{
    [Theory]
    [InlineData("""{ "triggers": [] }""", "", "all")]
    [InlineData("""{ "triggers": [ { "id": "a", "type": "list.subscribed", "list": 5 }, { "id": "b", "type": "tag.added" } ] }""", "", "5")]
    [InlineData("""{ "triggers": [ { "id": "a", "type": "list.subscribed", "list": 5 }, { "id": "b", "type": "list.unsubscribed", "list": 3 } ] }""", "", "3,5")]
    [InlineData("""{ "triggers": [ { "id": "a", "type": "list.subscribed" } ] }""", "9", "9")]
    [InlineData("""{ "triggers": [ { "id": "a", "type": "list.subscribed", "list": 5 }, { "id": "b", "type": "list.subscribed" } ] }""", "9", "5,9")]
    [InlineData("""{ "unsubscribe_lists": [ 2 ], "triggers": [ { "id": "a", "type": "list.subscribed", "list": 5 } ] }""", "9", "2")]
    [InlineData("""{ "unsubscribe_lists": [], "triggers": [ { "id": "a", "type": "list.subscribed", "list": 5 } ] }""", "", "5")]
    public void Are_those_of_the_settings_else_of_the_triggers_and_the_one_that_fired(string document, string fired, string expected)
    {
        var (flow, _) = product.Services.GetRequiredService<FlowReader>().Read(System.Text.Json.JsonElement.Parse(document));
        long[] entry = fired.Length == 0 ? [] : [long.Parse(fired, System.Globalization.CultureInfo.InvariantCulture)];
        var lists = flow.ListsOf(entry);
        (lists is null ? "all" : string.Join(',', lists)).ShouldBe(expected);
    }

    [Fact]
    public async Task A_mail_that_is_opened_brings_its_own_lists_along()
    {
        var scenario = await Scenario.NewAsync(product);
        var contact = await scenario.ContactAsync();
        var automation = await scenario.ImportAsync("""
            { "name": "Opened", "triggers": [ { "id": "t", "type": "email.opened", "runs": "multiple" } ], "steps": [ { "id": "w", "type": "wait.for", "duration": "P9D" } ] }
            """);
        await scenario.ExecuteAsync(Sql.Of($"""
            with m as (insert into messaging.message (account_id, name, created_at, updated_at) values ({scenario.Account.Id}, 'M', {product.Now}, {product.Now}) returning id),
                 v as (insert into messaging.message_version (account_id, message_id, hash, kind, subject, preheader, from_name, from_address, reply_to, html, text, created_at)
                       select {scenario.Account.Id}, id, sha256('x'), 'marketing', '', '', '', '', '', '', '', {product.Now} from m returning id, message_id)
            insert into messaging.send (account_id, bucket, lane, contact_id, message_id, message_version_id, source_kind, source_id, list_ids, state, queued_at, finished_at)
            select {scenario.Account.Id}, 0, 3, {contact}, message_id, id, 'campaign', 1, {new long[] { 4, 6 }}, 'sent', {product.Now}, {product.Now} from v
            """));
        var send = await scenario.QueryAsync<long>(Sql.Of($"select max(id) from messaging.send where account_id = {scenario.Account.Id}"));

        await scenario.HappenAsync(new Messaging.Contracts.EmailOpened(contact, 1, send));
        await scenario.BecomesAsync(automation, contact, "waiting:w");

        (await scenario.QueryAsync<long[]>(Sql.Of($"select list_ids from automations.run where account_id = {scenario.Account.Id} and contact_id = {contact}")))
            .ShouldBe([4, 6]);
    }
}
