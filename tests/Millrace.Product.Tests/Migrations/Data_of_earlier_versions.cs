using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Product.Tests.Migrations;

/// <summary>Migrations over the rows of the version before them.</summary>
public sealed class Data_of_earlier_versions
{
    private static readonly DateTimeOffset Then = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Drafts_are_changed_or_not_as_they_were_and_notes_count_for_nothing()
    {
        await using var database = await OldDatabase.BeforeAsync("20261122_0100_changes_and_versions.sql");
        await AccountAsync(database);
        await DraftAsync(database, "as published", """{"steps":[1]}""", published: """{"steps":[1]}""", changed: false);
        await DraftAsync(database, "changed since", """{"steps":[1,2]}""", published: """{"steps":[1]}""", changed: true);
        await DraftAsync(database, "never published", """{"steps":[]}""", published: null, changed: true);
        await DraftAsync(database, "only noted on", """{"steps":[1],"notes":["why"]}""", published: """{"steps":[1]}""", changed: false);
        // What was published held names that have been frozen since, so the two differ although nobody has touched the draft.
        await DraftAsync(database, "frozen otherwise", """{"steps":[1]}""", published: """{"steps":[1],"frozen":9}""", changed: false);
        await database.ExecuteAsync(Sql.Of($"""
            insert into automations.run (account_id, automation_id, contact_id, bucket, status, arrived_at, entered_at, finished_at, entry_key)
            select 1, id, 5, 0, 'completed', {Then}, {Then}, {Then}, 'x' from automations.automation
            """));
        await database.ExecuteAsync(Sql.Of($"""
            insert into automations.step_visit (account_id, run_id, visit_no, step_key, arrived_at, left_at, result)
            select 1, id, 1, 'a', {Then}, {Then}, 'done' from automations.run
            """));

        await database.MigrateOnAsync();

        (await database.ListAsync<string>(Sql.Of($"select name from automations.automation where changed order by name"))).ShouldBe(["changed since", "never published"]);
        (await database.ListAsync<string>(Sql.Of($"""
            select name from automations.automation where draft - 'notes' is distinct from published_draft and not changed
            """))).ShouldBeEmpty();
        (await database.ListAsync<long>(Sql.Of($"select count(*) from automations.step_visit where version is null"))).ShouldBe([5]);
    }

    [Fact]
    public async Task No_row_of_the_first_version_gets_lost_and_new_columns_have_a_meaning()
    {
        await using var database = await OldDatabase.BeforeAsync("20261122");
        await AccountAsync(database);
        await DraftAsync(database, "Welcome", """{"steps":[]}""", published: """{"steps":[]}""", changed: false);
        foreach (var row in OneOfEach())
        {
            await database.ExecuteAsync(row);
        }

        var before = await database.CountsAsync();
        before.Values.Count(n => n > 0).ShouldBeGreaterThan(20, "the database is filled");

        await database.MigrateOnAsync();

        var after = await database.CountsAsync();
        before.Where(t => after.GetValueOrDefault(t.Key, -1) != t.Value).Select(t => t.Key).ShouldBeEmpty();
        (await database.ListAsync<string>(Sql.Of($"select state from messaging.sender_domain where next_check_at <= now()"))).ShouldBe(["pending"]);
        (await database.ListAsync<string>(Sql.Of($"select value_key from contacts.field_value"))).ShouldBe(["blue"]);
        // It lagged behind the log before; the migration counts.
        (await database.ListAsync<long>(Sql.Of($"select total from contacts.counter where kind = 'contacts'"))).ShouldBe([1]);
        (await database.ListAsync<string>(Sql.Of($"select method from integrations.webhook_delivery"))).ShouldBe(["POST"]);
        (await database.ListAsync<bool>(Sql.Of($"select is_test from messaging.message"))).ShouldBe([false]);
    }

    [Fact]
    public async Task A_database_of_this_version_stays_as_it_is()
    {
        await using var database = await OldDatabase.BeforeAsync("9");
        await AccountAsync(database);
        var before = await database.CountsAsync();

        await database.MigrateOnAsync();

        (await database.CountsAsync()).ShouldBe(before);
    }

    private static Task AccountAsync(OldDatabase database) =>
        database.ExecuteAsync(Sql.Of($"insert into accounts.account (name, event_key, created_at) values ('Acme', 'k', {Then})"));

    private static async Task DraftAsync(OldDatabase database, string name, string draft, string? published, bool changed)
    {
        await database.ExecuteAsync(Sql.Of($"""
            insert into automations.automation (account_id, name, draft, published_version, changed, created_at, updated_at)
            values (1, {name}, {new JsonText(draft)}, {(published is null ? (int?)null : 1)}, {changed}, {Then}, {Then})
            """));
        if (published is not null)
        {
            await database.ExecuteAsync(Sql.Of($"""
                insert into automations.version (account_id, automation_id, number, document, published_at)
                select 1, id, 1, {new JsonText(published)}, {Then} from automations.automation where name = {name}
                """));
        }
    }

    private static IEnumerable<Sql> OneOfEach() =>
    [
        Sql.Of($"insert into accounts.app_user (account_id, email, role, created_at, updated_at) values (1, 'ann@acme.example', 'admin', {Then}, {Then})"),
        Sql.Of($"insert into accounts.audit (account_id, action, target_kind, occurred_at) values (1, 'x', 'y', {Then})"),
        Sql.Of($"insert into contacts.contact (account_id, email, created_at, updated_at) values (1, 'bob@acme.example', {Then}, {Then})"),
        Sql.Of($"insert into contacts.counter (account_id, kind, subject_id, total) values (1, 'contacts', 0, 0)"),
        Sql.Of($"insert into contacts.list (account_id, name, string_id, created_at, updated_at) values (1, 'News', 'news', {Then}, {Then})"),
        Sql.Of($"insert into contacts.subscription (account_id, contact_id, list_id, status, created_at, updated_at) values (1, 1, 1, 'active', {Then}, {Then})"),
        Sql.Of($"insert into contacts.tag (account_id, name, created_at) values (1, 'VIP', {Then})"),
        Sql.Of($"insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at) values (1, 1, 1, {Then})"),
        Sql.Of($"insert into contacts.field (account_id, name, key, type, created_at, updated_at) values (1, 'Colour', 'COLOUR', 'text', {Then}, {Then})"),
        Sql.Of($"insert into contacts.field_value (account_id, contact_id, field_id, value, updated_at) values (1, 1, 1, 'Blue', {Then})"),
        Sql.Of($"insert into contacts.note (account_id, contact_id, text, created_at, updated_at) values (1, 1, 'Hello', {Then}, {Then})"),
        Sql.Of($"insert into activities.activity (account_id, contact_id, occurred_at, kind) values (1, 1, {Then}, 'contact.created')"),
        Sql.Of($"insert into messaging.message (account_id, name, created_at, updated_at) values (1, 'Letter', {Then}, {Then})"),
        Sql.Of($"""
            insert into messaging.message_version (account_id, message_id, hash, kind, subject, preheader, from_name, from_address, reply_to, html, text, created_at)
            values (1, 1, decode(repeat('00', 32), 'hex'), 'marketing', 'Hello', '', '', '', '', '<p>Hi</p>', 'Hi', {Then})
            """),
        Sql.Of($"insert into messaging.link (account_id, message_version_id, no, url, label) values (1, 1, 1, 'https://acme.example/', 'Shop')"),
        Sql.Of($"""
            insert into messaging.send (account_id, bucket, lane, contact_id, message_id, message_version_id, source_kind, source_id, state, queued_at, finished_at, sent_to)
            values (1, 0, 2, 1, 1, 1, 'automation', 1, 'sent', {Then}, {Then}, 'bob@acme.example')
            """),
        Sql.Of($"insert into messaging.suppression (account_id, address, reason, rank, suppressed_at) values (1, 'x@y.example', 'hard', 3, {Then})"),
        Sql.Of($"insert into messaging.exclusion (account_id, mode, pattern, created_at) values (1, 'exactly', 'z@y.example', {Then})"),
        Sql.Of($"""
            insert into messaging.sender_domain (account_id, domain, selector, private_key, public_record, created_at)
            values (1, 'acme.example', 's1', decode('00', 'hex'), 'v=DKIM1', {Then})
            """),
        Sql.Of($"""
            insert into automations.run (account_id, automation_id, contact_id, bucket, status, step_key, arrived_at, entered_at, entry_key)
            values (1, 1, 1, 0, 'waiting', 'w', {Then}, {Then}, 'x')
            """),
        Sql.Of($"""
            insert into integrations.webhook_delivery (account_id, bucket, contact_id, automation_id, step_key, run_id, visit_no, url, body, next_at, created_at)
            values (1, 0, 1, 1, 'w', 1, 1, 'https://acme.example/hook', '', {Then}, {Then})
            """),
    ];
}
