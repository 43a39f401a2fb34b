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
        // Soft bounces of a day cannot be told to the campaigns they are counted by now; whoever had some begins anew.
        before.Where(t => t.Key != "messaging.soft_bounce" && after.GetValueOrDefault(t.Key, -1) != t.Value).Select(t => t.Key).ShouldBeEmpty();
        (await database.ListAsync<string>(Sql.Of($"select state from messaging.sender_domain where next_check_at <= now()"))).ShouldBe(["pending"]);
        (await database.ListAsync<string>(Sql.Of($"select value_key from contacts.field_value"))).ShouldBe(["blue"]);
        // It lagged behind the log before; the migration counts.
        (await database.ListAsync<long>(Sql.Of($"select total from contacts.counter where kind = 'contacts'"))).ShouldBe([1]);
        (await database.ListAsync<string>(Sql.Of($"select method from integrations.webhook_delivery"))).ShouldBe(["POST"]);
        (await database.ListAsync<bool>(Sql.Of($"select is_test from messaging.message"))).ShouldBe([false]);
    }

    [Fact]
    public async Task Reports_and_entries_know_what_has_been_before_they_were_kept()
    {
        await using var database = await OldDatabase.BeforeAsync("20261124_0510_reports.sql");
        await AccountAsync(database);
        await database.ExecuteAsync(Sql.Of($"insert into automations.automation (account_id, name, draft, created_at, updated_at) values (1, 'Welcome', {new JsonText("{}")}, {Then}, {Then})"));
        foreach (var row in Runs().Concat(Mails()))
        {
            await database.ExecuteAsync(row);
        }

        await database.MigrateOnAsync();

        (await database.ListAsync<string>(Sql.Of($"""
            select to_char(quarter at time zone 'UTC', 'HH24:MI') || ' ' || step_key || ' ' || what || ' ' || total from automations.period_tally order by quarter, step_key, what
            """))).ShouldBe([
                "12:00  entered 4", "12:00 w arrived 4", "12:15 g arrived 2", "12:15 w went 2", "13:00  completed 1", "13:00  ended 2", "13:00  ended:by_hand 1",
                "13:00  ended:goal_missed 1", "13:00 g left 1", "13:00 g reached 1", "13:00 g skipped 1", "13:00 g went 1", "13:00 w left 1",
            ]);
        (await database.ListAsync<string>(Sql.Of($"select run_id || ' ' || step_key || ' ' || seconds from automations.goal_time"))).ShouldBe(["1 g 3600"]);
        (await database.ListAsync<string>(Sql.Of($"select id || ' ' || list_ids::text from automations.run where list_ids is not null"))).ShouldBe(["2 {4}"]);
        (await database.ListAsync<string>(Sql.Of($"""
            select automation_id || ' ' || message_id || ' ' || to_char(quarter at time zone 'UTC', 'HH24:MI') || ' ' || what || ' ' || total
            from messaging.mail_tally order by automation_id, quarter, what
            """))).ShouldBe([
                "0 0 12:00 bounced 1", "0 0 12:00 sent 1", "0 0 12:30 clicked 1", "0 0 12:30 opened 1", "0 0 12:30 sent 1", "0 0 12:30 unsubscribed 1",
                "1 1 12:00 bounced 1", "1 1 12:00 sent 1", "1 1 12:30 clicked 1", "1 1 12:30 opened 1", "1 1 12:30 sent 1", "1 1 12:30 unsubscribed 1",
            ]);
        // Each on its own day by the account's clock; the machine's clicks under its way, and what counts for one mail counts for all.
        string[] events = ["21 bounced 0 1", "21 clicked 1 1", "21 clicked 2 1", "21 clicks 1 2", "21 clicks 2 1", "21 refused 0 1", "21 sent 0 2"];
        foreach (var message in new[] { 0, 1 })
        {
            (await database.ListAsync<string>(Sql.Of($"""
                select to_char(day, 'DD') || ' ' || what || ' ' || ways || ' ' || total from messaging.event_tally where message_id = {message} and source = 'automation' order by day, what, ways
                """))).ShouldBe(events);
        }
    }

    [Fact]
    public async Task Mails_of_steps_are_campaigns_their_readers_are_counted_and_steps_have_numbers()
    {
        await using var database = await OldDatabase.BeforeAsync("20261125_0120_blocks.sql");
        await AccountAsync(database);
        await database.ExecuteAsync(Sql.Of($"""
            insert into automations.automation (account_id, name, draft, published_version, created_at, updated_at) values (1, 'Welcome', {new JsonText("{}")}, 1, {Then}, {Then})
            """));
        const string published = """{"steps":[{"id":"a","type":"email.send","message":1},{"id":"i","type":"if","yes":[{"id":"b","type":"tag.add","tag":5}]}]}""";
        await database.ExecuteAsync(Sql.Of($"insert into automations.version (account_id, automation_id, number, document, published_at) values (1, 1, 1, {new JsonText(published)}, {Then})"));
        foreach (var row in OneOfEach().Where(s => s.ToString() is var text && (text.Contains("into messaging.message", StringComparison.Ordinal)
            || text.Contains("into messaging.link ", StringComparison.Ordinal) || text.Contains("into messaging.sender_domain", StringComparison.Ordinal))))
        {
            await database.ExecuteAsync(row);
        }

        await database.ExecuteAsync(Sql.Of($"update messaging.message set automation_id = 1, step_key = 'a', track_clicks = false"));
        await database.ExecuteAsync(Sql.Of($"""
            insert into messaging.send (account_id, bucket, lane, contact_id, message_id, message_version_id, source_kind, source_id, automation_id, step_key, state, queued_at, finished_at, sent_to)
            select 1, 0, 2, n, 1, 1, 'automation', 1, 1, 'a', case n when 3 then 'failed' else 'sent' end, {Then}, {Then}, 'b@acme.example' from generate_series(1, 4) n
            """));
        await database.ExecuteAsync(Sql.Of($"""
            insert into activities.activity (account_id, contact_id, occurred_at, kind, data)
            select 1, n, {Then.AddHours(1)}, kind, jsonb_strip_nulls(jsonb_build_object('send_id', n, 'machine', machine, 'link', link, 'hard', hard, 'class', class, 'country', country))
            from (values (1, 'email.opened', null, null, null, null, 'DE'), (1, 'email.opened', null, null, null, null, 'FR'), (1, 'email.clicked', null, 1, null, null, null),
                         (2, 'email.opened', 'proxy', null, null, null, null), (3, 'email.bounced', null, null, true, 'no_user', null), (4, 'email.clicked', 'scanner', 1, null, null, null))
                 e (n, kind, machine, link, hard, class, country)
            """));

        await database.MigrateOnAsync();

        (await database.ListAsync<string>(Sql.Of($"select step_key || ' ' || type || ' ' || place || ' ' || options::text from automations.block order by place"))).ShouldBe(
            ["""a email.send 1 {"message": 1}""", """i if 2 {"yes": [{"id": "b", "tag": 5, "type": "tag.add"}]}""", """b tag.add 3 {"tag": 5}"""]);
        (await database.ListAsync<string>(Sql.Of($"""
            select k.name || ' ' || k.type || ' ' || k.status || ' ' || k.step_key || ' ' || k.track_opens || ' ' || k.track_clicks || ' ' || v.message_id
            from messaging.campaign k join messaging.campaign_variant v on v.account_id = k.account_id and v.campaign_id = k.id
            """))).ShouldBe(["Letter automated sending a true false 1"]);
        (await database.ListAsync<string>(Sql.Of($"""
            select send_id || ' ' || what || ' ' || ways || ' ' || by_person || ' ' || by_privacy || ' ' || by_machine || ' ' || coalesce(detail ->> 'country', detail ->> 'class', '')
            from messaging.mail_fact order by send_id, what
            """))).ShouldBe(["1 clicked 1 1 0 0 ", "1 opened 1 2 0 0 DE", "2 opened 2 0 1 0 ", "3 bounced 1 1 0 0 no_user", "4 clicked 8 0 0 1 "]);
        (await database.ListAsync<string>(Sql.Of($"select send_id || ' ' || link || ' ' || ways from messaging.link_fact order by send_id"))).ShouldBe(["1 1 1", "4 1 8"]);
        (await database.ListAsync<string>(Sql.Of($"""
            select what || ' ' || part || ' ' || total from messaging.message_tally where what in ('sent', 'refused', 'opened', 'opens', 'clicked', 'bounced', 'country', 'link') order by 1
            """))).ShouldBe([
                "bounced hard/no_user 1", "clicked 1 1", "clicked 8 1", "country DE 1", "link 1/1/1 1", "link 1/1/8 1", "opened 1 1", "opened 2 1", "opens 1 2", "opens 2 1", "refused  1", "sent  3"]);
        (await database.ListAsync<string>(Sql.Of($"select automation_id || ' ' || total from messaging.mail_tally where what = 'opened_privately' order by 1"))).ShouldBe(["0 1", "1 1"]);
        (await database.ListAsync<bool>(Sql.Of($"select key_made_at = created_at from messaging.sender_domain"))).ShouldBe([true]);
    }

    [Fact]
    public async Task Whoever_was_deleted_before_is_erased_now_and_rows_know_whose_they_are()
    {
        await using var database = await OldDatabase.BeforeAsync("20261127_0200_erasure.sql");
        await AccountAsync(database);
        foreach (var row in OneOfEach().Where(s => s.ToString().Contains("into messaging.message", StringComparison.Ordinal) || s.ToString().Contains("into messaging.send (", StringComparison.Ordinal)))
        {
            await database.ExecuteAsync(row);
        }

        await database.ExecuteAsync(Sql.Of($"update messaging.send set sent_to = 'Bob@acme.example'"));
        await database.ExecuteAsync(Sql.Of($"insert into contacts.deleted_contact (account_id, contact_id) values (1, 1), (1, 2)"));
        await database.ExecuteAsync(Sql.Of($"insert into activities.activity (account_id, contact_id, occurred_at, kind) values (1, 1, {Then}, 'contact.deleted')"));
        await database.ExecuteAsync(Sql.Of($"insert into contacts.import (account_id, name, state, created_at, finished_at) values (1, 'x', 'finished', {Then}, {Then})"));
        await database.ExecuteAsync(Sql.Of($"""
            insert into contacts.import_reject (account_id, import_id, line, code, message, content) values (1, 1, 2, 'x', 'x', 'Ann;"Ann <Ann@Acme.example>";x@y.example'), (1, 1, 3, 'x', 'x', 'none')
            """));
        await database.ExecuteAsync(Sql.Of($$"""
            insert into integrations.webhook_delivery (account_id, bucket, url, body, state, created_at)
            values (1, 0, 'https://a.example/', '{"RecordType":"Delivery","Recipient":"Ann@acme.example"}', 'delivered', {{Then}}), (1, 0, 'https://a.example/', 'a=b', 'delivered', {{Then}})
            """));

        await database.MigrateOnAsync();

        (await database.ListAsync<string>(Sql.Of($"select contact_id || ' ' || address || ' ' || (deleted_at = {Then}) from contacts.erasure order by 1"))).ShouldBe(["1 bob@acme.example true", "2  false"]);
        (await database.ListAsync<string?>(Sql.Of($"select address from contacts.import_reject order by line"))).ShouldBe(["ann@acme.example", null]);
        (await database.ListAsync<string?>(Sql.Of($"select person from integrations.webhook_delivery order by id"))).ShouldBe(["ann@acme.example", null]);
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

    /// <summary>One that reached its goal, one ended by hand, one that missed the goal, one that waits.</summary>
    private static IEnumerable<Sql> Runs() =>
    [
        Sql.Of($"""
            insert into automations.run (account_id, automation_id, contact_id, bucket, status, step_key, arrived_at, entered_at, finished_at, entry_key, list_id)
            select 1, 1, n, 0, status, case when status = 'waiting' then 'w' end, {Then}, {Then}, case when status <> 'waiting' then {Then.AddHours(1)} end, 'x', list_id
            from (values (1, 'completed', null), (2, 'ended', 4), (3, 'ended', null), (4, 'waiting', null)) r (n, status, list_id)
            """),
        Sql.Of($"""
            insert into automations.step_visit (account_id, run_id, visit_no, step_key, arrived_at, left_at, result)
            values (1, 1, 1, 'w', {Then}, {Then.AddMinutes(20)}, 'done'), (1, 1, 2, 'g', {Then.AddMinutes(20)}, {Then.AddHours(1)}, 'reached'),
                   (1, 2, 1, 'w', {Then}, {Then.AddHours(1)}, 'ended_by_hand'),
                   (1, 3, 1, 'w', {Then}, {Then.AddMinutes(20)}, 'waited'), (1, 3, 2, 'g', {Then.AddMinutes(20)}, {Then.AddHours(1)}, 'skipped')
            """),
    ];

    /// <summary>Of an automation: one sent, one refused, one opened, clicked and unsubscribed from; and what is not counted: a test, and a click by a machine.</summary>
    private static IEnumerable<Sql> Mails() =>
    [
        .. OneOfEach().Where(s => s.ToString().Contains("into messaging.message", StringComparison.Ordinal)),
        Sql.Of($"""
            insert into messaging.send (account_id, bucket, lane, contact_id, message_id, message_version_id, source_kind, source_id, automation_id, state, queued_at, finished_at,
                                        sent_to, to_address, read_at, unsubscribed_at)
            select 1, 0, 2, n, 1, 1, 'automation', 1, 1, state, {Then}, case when n = 3 then {Then.AddMinutes(40)} else {Then} end, 'b@acme.example',
                   case when n = 4 then 'me@acme.example' end, case when n = 3 then {Then.AddHours(9)} end, case when n = 3 then {Then.AddHours(9)} end
            from (values (1, 'sent'), (2, 'failed'), (3, 'sent'), (4, 'sent')) s (n, state)
            """),
        Sql.Of($"""
            insert into activities.activity (account_id, contact_id, occurred_at, kind, data)
            select 1, n, {Then.AddHours(9)}, 'email.clicked', case when n = 1 then jsonb_build_object('send_id', n, 'machine', 'proxy') else jsonb_build_object('send_id', n) end
            from (values (1), (3), (3)) c (n)
            """),
    ];

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
