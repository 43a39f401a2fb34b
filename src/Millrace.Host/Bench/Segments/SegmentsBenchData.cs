using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Host.Bench.Segments;

/// <summary>
/// A million contacts with five tags, three field values and ten activities each, made by set-based SQL. Activities stand in the order of time, as
/// they would have come.
/// </summary>
internal static class SegmentsBenchData
{
    public const int Tags = 200;
    public const int Messages = 100;
    private const int Months = 12;

    /// <summary>Contacts, tags, values, subscriptions.</summary>
    public static async Task<SegmentsBenchIds> PeopleAsync(BenchContext context, int contacts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var account = context.AccountId;
        await using var database = Patient(context);
        await using var work = await AccountTransaction.BeginAsync(database, account, cancellationToken);
        var tags = await Sql.Of($"""
            insert into contacts.tag (account_id, name, created_at) select {account}, 'Tag ' || n, {now} from generate_series(1, {Tags}) n returning id
            """).ListAsync<long>(work, cancellationToken);
        var lists = await Sql.Of($"""
            insert into contacts.list (account_id, name, string_id, created_at, updated_at)
            select {account}, 'List ' || n, 'list-' || n, {now}, {now} from generate_series(1, 3) n returning id
            """).ListAsync<long>(work, cancellationToken);
        var fields = await Sql.Of($"""
            insert into contacts.field (account_id, name, key, type, created_at, updated_at)
            select {account}, n, upper(n), t, {now}, {now} from unnest(array['age', 'birthday', 'plan'], array['number', 'date', 'dropdown']) as f (n, t) returning id
            """).ListAsync<long>(work, cancellationToken);
        await Sql.Of($"""
            insert into contacts.contact (account_id, email, first_name, last_name, created_at, updated_at)
            select {account}, 'person' || n || '@company' || n % 500 || '.example', 'Name' || n % 1000, 'Family' || n % 7919,
                   {now} - (n::bigint * 7919 % 94608000) * interval '1 second', {now}
            from generate_series(1, {contacts}) n
            """).ExecuteAsync(work, cancellationToken);
        var (first, last) = (await Sql.Of($"select min(id), max(id) from contacts.contact where account_id = {account}").FirstAsync<Range>(work, cancellationToken))!;

        // Five tags each, of five disjoint groups, the first of a group the most frequent.
        await Sql.Of($"""
            insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at)
            select {account}, c, {tags.Min()} + k * 40 + floor(40 * power(random(), 2))::bigint, {now}
            from generate_series({first}, {last}) c, generate_series(0, 4) k
            """).ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            insert into contacts.field_value (account_id, contact_id, field_id, value, number, instant, updated_at)
            select {account}, c, f.id, coalesce(f.number::text, f.day::text, f.word), f.number, f.day::timestamp at time zone 'UTC', {now}
            from generate_series({first}, {last}) c
            cross join lateral (values ({fields[0]}::bigint, (c * 31 % 100)::numeric, null::date, null::text),
                                       ({fields[1]}::bigint, null, date '1950-01-01' + (c * 7919 % 20000)::int, null),
                                       ({fields[2]}::bigint, null, null, (array['free', 'basic', 'gold', 'platinum'])[1 + c * 13 % 4])) as f (id, number, day, word)
            """).ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            insert into contacts.subscription (account_id, contact_id, list_id, status, created_at, updated_at)
            select {account}, c, l, (array['active', 'active', 'active', 'active', 'unsubscribed', 'bounced', 'active', 'unconfirmed'])[1 + (c * 17 + l) % 8], {now}, {now}
            from generate_series({first}, {last}) c, unnest({lists.ToArray()}) with ordinality as u (l, k) where (c + k) % 3 > 0
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return new SegmentsBenchIds([.. tags.Order()], [.. lists.Order()], [.. fields.Order()], first, last);
    }

    /// <summary>Ten for each contact over the last twelve months; some people do far more than others, and every seventh open is a machine's.</summary>
    public static async Task ActivitiesAsync(BenchContext context, SegmentsBenchIds ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var account = context.AccountId;
        var contacts = ids.LastContact - ids.FirstContact + 1;
        await using var database = Patient(context);
        for (var month = Months - 1; month >= 0; month--)
        {
            await using var owner = await database.OpenConnectionAsync(cancellationToken);
            await Sql.Of($"select activities.make_partition({DateOnly.FromDateTime(now.AddDays(-30.4 * (month + 1)).UtcDateTime)})").ExecuteAsync(owner, cancellationToken);
            await Sql.Of($"select activities.make_partition({DateOnly.FromDateTime(now.AddDays(-30.4 * month).UtcDateTime)})").ExecuteAsync(owner, cancellationToken);
            await using var work = await AccountTransaction.BeginAsync(database, account, cancellationToken);
            await Sql.Of($"""
                insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id, data)
                select {account}, {ids.FirstContact} + floor(power(random(), 1.3) * {contacts})::bigint,
                       {now} - interval '1 second' * (2626560 * ({month} + 1) - 2626560.0 * n / {contacts * 10 / Months}),
                       k.kind, s.subject, case when k.kind in ('email.opened', 'email.clicked')
                           then jsonb_build_object('message_id', s.subject, 'send_id', n, 'machine', case when n % 7 = 0 then 'proxy' end)
                           else jsonb_build_object('send_id', n) end
                from generate_series(1, {contacts * 10 / Months}) n
                cross join lateral (select (array['email.sent', 'email.sent', 'email.sent', 'email.sent', 'email.opened', 'email.opened', 'email.opened',
                                                  'email.clicked', 'event.recorded', 'tag.added'])[1 + n % 10] as kind) k
                cross join lateral (select 1 + ({Months} - 1 - {month}) * 8 + n / 10 % 8 as subject) s
                """).ExecuteAsync(work, cancellationToken);
            await work.CommitAsync(cancellationToken);
            Console.WriteLine($"  activities of {Months - month} of {Months} months");
        }
    }

    /// <summary>What autovacuum would have done by the time somebody asks.</summary>
    public static async Task SettleAsync(BenchContext context, CancellationToken cancellationToken)
    {
        await using var database = Patient(context);
        await using var owner = await database.OpenConnectionAsync(cancellationToken);
        foreach (var vacuum in new[]
        {
            Sql.Of($"vacuum analyze contacts.contact"), Sql.Of($"vacuum analyze contacts.contact_tag"), Sql.Of($"vacuum analyze contacts.field_value"),
            Sql.Of($"vacuum analyze contacts.subscription"), Sql.Of($"vacuum analyze activities.activity"),
        })
        {
            await vacuum.ExecuteAsync(owner, cancellationToken);
        }
    }

    /// <summary>The role that owns the schema, and waits as long as it takes.</summary>
    private static NpgsqlDataSource Patient(BenchContext context) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(context.OwnerConnectionString) { CommandTimeout = 0, Options = "-c statement_timeout=0" });

    private sealed record Range(long First, long Last);
}

internal sealed record SegmentsBenchIds(long[] Tags, long[] Lists, long[] Fields, long FirstContact, long LastContact);
