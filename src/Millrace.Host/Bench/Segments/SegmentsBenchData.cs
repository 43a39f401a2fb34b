using System.Diagnostics;
using System.Globalization;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Host.Bench.Segments;

/// <summary>
/// A million contacts with five tags, three field values and ten activities each, made by set-based SQL. Activities stand in the order of time, as
/// they would have come. Filled by as many sessions as there are cores, into tables without indexes.
/// </summary>
internal sealed class SegmentsBenchData(BenchContext context, int contacts, DateTimeOffset now) : IAsyncDisposable
{
    public const int Tags = 200;
    private const int Months = 12;
    private const int Parts = 4;

    private static readonly string[] Tables =
        ["contacts.contact_tag", "contacts.field_value", "contacts.subscription", "contacts.contact", "activities.activity"];

    private readonly long _account = context.AccountId;
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>The role that owns the schema, and waits as long as it takes.</summary>
    private readonly NpgsqlDataSource _owner = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(context.OwnerConnectionString)
    {
        CommandTimeout = 0,
        Options = "-c statement_timeout=0 -c synchronous_commit=off -c maintenance_work_mem=512MB -c work_mem=256MB -c max_parallel_maintenance_workers=1",
    });

    public async Task<SegmentsBenchIds> MakeAsync(CancellationToken cancellationToken)
    {
        var ids = await NamesAsync(cancellationToken);
        await PartitionsAsync(cancellationToken);
        await BareTables.StripAsync(_owner, Tables, cancellationToken);
        var parts = Enumerable.Range(0, Parts).Select(p => (First: 1 + ((long)contacts * p / Parts), Last: (long)contacts * (p + 1) / Parts)).ToList();
        await TogetherAsync(
            [
                .. Enumerable.Range(0, Months).Select(month => ActivitiesOf(month)),
                .. parts.Select(p => ContactsOf(p.First, p.Last)),
                .. parts.Select(p => TagsOf(ids.Tags[0], p.First, p.Last)),
                .. parts.Select(p => ValuesOf(ids.Fields, p.First, p.Last)),
                .. parts.Select(p => SubscriptionsOf(ids.Lists, p.First, p.Last)),
            ],
            (sql, cancel) => InAccountAsync(sql, cancel),
            cancellationToken);
        Say("rows");
        // The largest uses both cores by itself.
        await TogetherAsync(Tables[..^1], (table, cancel) => BareTables.RestoreAsync(_owner, table, cancel), cancellationToken);
        await BareTables.RestoreAsync(_owner, Tables[^1], cancellationToken);
        Say("indexes");
        await TogetherAsync(
            [
                Sql.Of($"vacuum analyze activities.activity"), Sql.Of($"vacuum analyze contacts.contact_tag"), Sql.Of($"vacuum analyze contacts.field_value"),
                Sql.Of($"vacuum analyze contacts.contact"), Sql.Of($"vacuum analyze contacts.subscription"),
            ],
            async (sql, cancel) =>
            {
                await using var connection = await _owner.OpenConnectionAsync(cancel);
                await sql.ExecuteAsync(connection, cancel);
            },
            cancellationToken);
        Say("statistics");
        return ids;
    }

    public ValueTask DisposeAsync() => _owner.DisposeAsync();

    private async Task<SegmentsBenchIds> NamesAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(_owner, _account, cancellationToken);
        var tags = await Sql.Of($"""
            insert into contacts.tag (account_id, name, created_at) select {_account}, 'Tag ' || n, {now} from generate_series(1, {Tags}) n returning id
            """).ListAsync<long>(work, cancellationToken);
        var lists = await Sql.Of($"""
            insert into contacts.list (account_id, name, string_id, created_at, updated_at)
            select {_account}, 'List ' || n, 'list-' || n, {now}, {now} from generate_series(1, 3) n returning id
            """).ListAsync<long>(work, cancellationToken);
        var fields = await Sql.Of($"""
            insert into contacts.field (account_id, name, key, type, created_at, updated_at)
            select {_account}, n, upper(n), t, {now}, {now} from unnest(array['age', 'birthday', 'plan'], array['number', 'date', 'dropdown']) as f (n, t) returning id
            """).ListAsync<long>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return new SegmentsBenchIds([.. tags.Order()], [.. lists.Order()], [.. fields.Order()]);
    }

    private async Task PartitionsAsync(CancellationToken cancellationToken)
    {
        await using var owner = await _owner.OpenConnectionAsync(cancellationToken);
        for (var month = Months; month >= 0; month--)
        {
            await Sql.Of($"select activities.make_partition({DateOnly.FromDateTime(now.AddDays(-30.4 * month).UtcDateTime)})").ExecuteAsync(owner, cancellationToken);
        }
    }

    private Sql ContactsOf(long first, long last) => Sql.Of($"""
        insert into contacts.contact (account_id, id, email, first_name, last_name, created_at, updated_at) overriding system value
        select {_account}, n, 'person' || n || '@company' || n % 500 || '.example', 'Name' || n % 1000, 'Family' || n % 7919,
               {now} - (n * 7919 % 94608000) * interval '1 second', {now}
        from generate_series({first}, {last}) n
        """);

    // Five each, of five disjoint groups, the first of a group the most frequent.
    private Sql TagsOf(long firstTag, long first, long last) => Sql.Of($"""
        insert into contacts.contact_tag (account_id, id, contact_id, tag_id, tagged_at) overriding system value
        select {_account}, c * 5 + k, c, {firstTag} + k * 40 + floor(40 * power(random(), 2))::bigint, {now}
        from generate_series({first}, {last}) c, generate_series(0, 4) k
        """);

    private Sql ValuesOf(long[] fields, long first, long last) => Sql.Of($"""
        insert into contacts.field_value (account_id, id, contact_id, field_id, value, number, instant, updated_at) overriding system value
        select {_account}, c * 3 + f.no, c, f.id, coalesce(f.number::text, f.day::text, f.word), f.number, f.day::timestamp at time zone 'UTC', {now}
        from generate_series({first}, {last}) c
        cross join lateral (values (0, {fields[0]}::bigint, (c * 31 % 100)::numeric, null::date, null::text),
                                   (1, {fields[1]}::bigint, null, date '1950-01-01' + (c * 7919 % 20000)::int, null),
                                   (2, {fields[2]}::bigint, null, null, (array['free', 'basic', 'gold', 'platinum'])[1 + c * 13 % 4])) as f (no, id, number, day, word)
        """);

    private Sql SubscriptionsOf(long[] lists, long first, long last) => Sql.Of($"""
        insert into contacts.subscription (account_id, id, contact_id, list_id, status, created_at, updated_at) overriding system value
        select {_account}, c * 3 + k, c, l, (array['active', 'active', 'active', 'active', 'unsubscribed', 'bounced', 'active', 'unconfirmed'])[1 + (c * 17 + l) % 8], {now}, {now}
        from generate_series({first}, {last}) c, unnest({lists}) with ordinality as u (l, k) where (c + k) % 3 > 0
        """);

    /// <summary>Ten for each contact over the last twelve months; some people do far more than others, and every seventh open is a machine's.</summary>
    private Sql ActivitiesOf(int month)
    {
        var rows = (long)contacts * 10 / Months;
        return Sql.Of($"""
            insert into activities.activity (account_id, id, contact_id, occurred_at, kind, subject_id, data)
            select {_account}, ({Months} - {month}) * 100000000::bigint + n, 1 + floor(power(random(), 1.3) * {contacts})::bigint,
                   {now} - interval '1 second' * (2626560 * ({month} + 1) - 2626560.0 * n / {rows}),
                   k.kind, s.subject, case when k.kind in ('email.opened', 'email.clicked')
                       then jsonb_build_object('message_id', s.subject, 'send_id', n, 'machine', case when n % 7 = 0 then 'proxy' end)
                       else jsonb_build_object('send_id', n) end
            from generate_series(1, {rows}) n
            cross join lateral (select (array['email.sent', 'email.sent', 'email.sent', 'email.sent', 'email.opened', 'email.opened', 'email.opened',
                                              'email.clicked', 'event.recorded', 'tag.added'])[1 + n % 10] as kind) k
            cross join lateral (select 1 + ({Months} - 1 - {month}) * 8 + n / 10 % 8 as subject) s
            """);
    }

    private async Task InAccountAsync(Sql sql, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(_owner, _account, cancellationToken);
        await sql.ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    private static Task TogetherAsync<T>(IReadOnlyList<T> jobs, Func<T, CancellationToken, Task> run, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            jobs, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount), CancellationToken = cancellationToken },
            async (job, cancel) => await run(job, cancel));

    private void Say(string what) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what} after {Stopwatch.GetElapsedTime(_started).TotalSeconds:N0} s"));
}

internal sealed record SegmentsBenchIds(long[] Tags, long[] Lists, long[] Fields);
