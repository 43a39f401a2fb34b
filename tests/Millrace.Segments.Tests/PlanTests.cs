using System.Diagnostics;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Tests;

/// <summary>The common conditions over 200,000 contacts: a batch goes by index, and a count of all takes well under the limit of the preview.</summary>
public sealed class PlanTests(SegmentsFixture segments) : IClassFixture<SegmentsFixture>
{
    [Fact]
    public async Task Common_conditions_stay_fast_on_many_contacts()
    {
        var now = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        var account = await segments.NewAccountAsync();
        await using var work = await segments.BeginAsync(account);
        var tag = await Sql.Of($"insert into contacts.tag (account_id, name, created_at) values ({account}, 'VIP', {now}) returning id").FirstAsync<long>(work, default);
        var list = await Sql.Of($"""
            insert into contacts.list (account_id, name, string_id, created_at, updated_at) values ({account}, 'News', 'news', {now}, {now}) returning id
            """).FirstAsync<long>(work, default);
        var field = await Sql.Of($"""
            insert into contacts.field (account_id, name, key, type, created_at, updated_at) values ({account}, 'Age', 'AGE', 'number', {now}, {now}) returning id
            """).FirstAsync<long>(work, default);
        await Sql.Of($"""
            insert into contacts.contact (account_id, email, first_name, created_at, updated_at)
            select {account}, 'p' || n || '@example.com', 'Name' || n % 1000, {now} - n * interval '1 minute', {now} from generate_series(1, 200000) n
            """).ExecuteAsync(work, default);
        await Sql.Of($"""
            insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at)
            select {account}, id, {tag}, {now} from contacts.contact where account_id = {account} and id % 10 = 0
            """).ExecuteAsync(work, default);
        // A table of nothing but the tag asked for would rightly be read whole.
        await Sql.Of($"""
            with other as (insert into contacts.tag (account_id, name, created_at) values ({account}, 'Reader', {now}) returning id)
            insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at)
            select {account}, c.id, other.id, {now} from contacts.contact c, other where c.account_id = {account}
            """).ExecuteAsync(work, default);
        await Sql.Of($"""
            insert into contacts.subscription (account_id, contact_id, list_id, status, created_at, updated_at)
            select {account}, id, {list}, case when id % 5 = 0 then 'unsubscribed' else 'active' end, {now}, {now} from contacts.contact where account_id = {account}
            """).ExecuteAsync(work, default);
        await Sql.Of($"""
            insert into contacts.field_value (account_id, contact_id, field_id, value, number, updated_at)
            select {account}, id, {field}, (id % 100)::text, id % 100, {now} from contacts.contact where account_id = {account}
            """).ExecuteAsync(work, default);
        await Sql.Of($"""
            insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id)
            select {account}, c.id, {now} - n * interval '9 days', case when c.id % 10 = 0 then 'tag.added' else 'list.subscribed' end, {tag}
            from contacts.contact c, generate_series(1, 3) n where c.account_id = {account} and c.id % 2 = 0
            """).ExecuteAsync(work, default);
        await Sql.Of($"""
            insert into contacts.last_seen (account_id, contact_id, seen_at, country, region, city, latitude, longitude, device, os)
            select {account}, id, {now}, case id % 100 when 0 then 'AT' else 'DE' end, 'Region ' || id % 50, 'City ' || id % 500, id % 90, id % 180,
                   case id % 2 when 0 then 'mobile' else 'desktop' end, 'iOS'
            from contacts.contact where account_id = {account}
            """).ExecuteAsync(work, default);
        await work.CommitAsync(default);
        await using (var owner = await segments.OwnerAsync())
        {
            foreach (var analyze in new[]
            {
                Sql.Of($"vacuum analyze contacts.contact"), Sql.Of($"vacuum analyze contacts.contact_tag"), Sql.Of($"vacuum analyze contacts.subscription"),
                Sql.Of($"vacuum analyze contacts.field_value"), Sql.Of($"vacuum analyze activities.activity"),
                Sql.Of($"vacuum analyze contacts.last_seen"),
            })
            {
                await analyze.ExecuteAsync(owner, default);
            }
        }

        await using var read = await segments.BeginAsync(account);
        var ids = await Sql.Of($"select id from contacts.contact where account_id = {account} order by id limit 200").ListAsync<long>(read, default);
        foreach (var json in new[]
        {
            """{"field":"email","op":"is","value":"P77@example.com"}""",
            """{"field":"first_name","op":"starts_with","value":"name77"}""",
            $$$"""{"field":"tag","op":"has","value":{{{tag}}}}""",
            $$$"""{"field":"tag","op":"has_not","value":{{{tag}}}}""",
            $$"""{"field":"list:{{list}}","op":"is","value":"active"}""",
            $$"""{"field":"field:{{field}}","op":"gte","value":50}""",
            """{"activity":"tag.added","within":"P20D"}""",
            """{"activity":"tag.added","never":true}""",
            """{"activity":"tag.added","times":{"at_least":2}}""",
            """{"field":"place.country","op":"is","value":"DE"}""",
            """{"field":"place.city","op":"contains","value":"y 77"}""",
            """{"field":"place.distance","op":"lte","value":100,"from":"52.52, 13.40"}""",
            """{"field":"device.kind","op":"is_not","value":"mobile"}""",
            $$$"""{"any":[{"field":"tag","op":"has","value":{{{tag}}}},{"activity":"tag.added","times":{"exactly":3}}]}""",
        })
        {
            var tree = segments.Parse(json);
            var context = new SegmentContext(account, now, "UTC");
            var started = Stopwatch.GetTimestamp();
            await segments.Conditions.CountAsync(read.Transaction, context, tree, default);
            var whole = Stopwatch.GetElapsedTime(started);
            started = Stopwatch.GetTimestamp();
            await segments.Conditions.MatchingAsync(read.Transaction, context, tree, [.. ids], default);
            var batch = Stopwatch.GetElapsedTime(started);
            TestContext.Current.SendDiagnosticMessage($"{json}: all {whole.TotalMilliseconds:0} ms, batch of 200 {batch.TotalMilliseconds:0} ms");
            whole.ShouldBeLessThan(TimeSpan.FromSeconds(2), json);

            var batched = context with { ContactIds = [.. ids] };
            var plan = await Sql.Of($"""
                explain select c.id from contacts.contact c
                where c.account_id = {account} and c.id = any ({ids}) and {segments.Conditions.Compile(tree, batched)}
                """).ListAsync<string>(read, default);
            plan.ShouldNotContain(line => line.Contains("Seq Scan on contact", StringComparison.Ordinal) || line.Contains("Seq Scan on subscription", StringComparison.Ordinal)
                || line.Contains("Seq Scan on field_value", StringComparison.Ordinal) || line.Contains("Seq Scan on activity", StringComparison.Ordinal)
                || line.Contains("Seq Scan on last_seen", StringComparison.Ordinal), json + "\n" + string.Join('\n', plan));
        }

        // Counts of all contacts where the condition is selective: the growing tables are reached by index only.
        foreach (var json in new[]
        {
            $$$"""{"field":"tag","op":"has","value":{{{tag}}}}""",
            $$$"""{"all":[{"field":"tag","op":"has","value":{{{tag}}}},{"field":"field:{{{field}}}","op":"is","value":"77"}]}""",
            $$"""{"field":"field:{{field}}","op":"is","value":"77"}""",
            """{"field":"email","op":"is","value":"p77@example.com"}""",
            """{"field":"last_name","op":"starts_with","value":"zz"}""",
            """{"field":"place.country","op":"is","value":"AT"}""",
            """{"field":"place.city","op":"starts_with","value":"city 77"}""",
            $$$"""{"all":[{"field":"place.region","op":"is","value":"REGION 7"},{"field":"tag","op":"has","value":{{{tag}}}}]}""",
            """{"activity":"tag.added","within":"P20D"}""",
            $$$"""{"any":[{"field":"first_name","op":"is","value":"name77"},{"all":[{"field":"tag","op":"has","value":{{{tag}}}},{"activity":"tag.added","never":true}]}]}""",
        })
        {
            var count = await segments.Conditions.CompileCountAsync(read.Transaction, segments.Parse(json), new SegmentContext(account, now, "UTC"), default);
            var plan = await Sql.Of($"explain {count}").ListAsync<string>(read, default);
            plan.ShouldNotContain(line => line.Contains("Seq Scan on contact_tag", StringComparison.Ordinal) || line.Contains("Seq Scan on field_value", StringComparison.Ordinal)
                || line.Contains("Seq Scan on activity", StringComparison.Ordinal) || line.Contains("Seq Scan on last_seen", StringComparison.Ordinal)
                || (line.Contains("Seq Scan on contact", StringComparison.Ordinal) && !json.Contains("activity", StringComparison.Ordinal)), json + "\n" + string.Join('\n', plan));
        }
    }
}
