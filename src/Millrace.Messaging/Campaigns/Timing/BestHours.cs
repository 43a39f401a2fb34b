using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Kernel.Time;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Messaging.Campaigns.Timing;

/// <summary>
/// Works out, each week, at which hour of its day each contact opens mail, and at which hours of the week all of them together do. A thousand contacts at a time;
/// begun by the account's first campaign. Opens through privacy proxies count: more cannot be known of those readers.
/// </summary>
internal sealed class BestHours(NpgsqlDataSource database, IOptions<CampaignOptions> options, TimeProvider clock) : IWorkerPass
{
    private const int Batch = 1_000;
    private const int MaxOpens = 200;

    /// <summary>From now on the account's best hours are worked out.</summary>
    public static Task<int> WantAsync(NpgsqlTransaction transaction, long accountId, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        insert into messaging.best_hour_run (account_id, next_at) values ({accountId}, {now}) on conflict (account_id) do nothing
        """).ExecuteAsync(transaction, cancellationToken);

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        long? account;
        await using (var look = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken))
        {
            account = await Sql.Of($"select account_id from messaging.best_hour_run where next_at <= {now} order by next_at limit 1").FirstAsync<long?>(look, cancellationToken);
        }

        if (account is not { } accountId)
        {
            return 0;
        }

        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var run = await Sql.Of($"""
            select r.cursor, r.counting, a.time_zone from messaging.best_hour_run r join accounts.account a on a.id = r.account_id
            where r.account_id = {accountId} and r.next_at <= {now} for update of r skip locked
            """).FirstAsync<Run>(work, cancellationToken);
        if (run is null)
        {
            return 0;
        }

        var contacts = await Sql.Of($"""
            select id, time_zone from contacts.contact where account_id = {accountId} and id > {run.Cursor} order by id limit {Batch}
            """).ListAsync<Person>(work, cancellationToken);
        if (contacts.Count > 0)
        {
            await LearnAsync(work, accountId, run, contacts, now, cancellationToken);
        }

        if (contacts.Count < Batch)
        {
            await Sql.Of($"""
                update messaging.best_hour_run
                set cursor = 0, hours = {run.Counting}, counting = array_fill(0, array[168]), finished_at = {now}, next_at = {now.AddDays(options.Value.LearnEveryDays)}
                where account_id = {accountId}
                """).ExecuteAsync(work, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        return contacts.Count + 1;
    }

    /// <summary>The hour around which most opens lie: its own count in full, its neighbours' by half. Of equals the earliest.</summary>
    /// <param name="hours">Opens by hour of the day, 24 of them.</param>
    public static short Best(IReadOnlyList<int> hours)
    {
        short best = 0;
        var most = -1;
        for (short hour = 0; hour < 24; hour++)
        {
            var weight = (2 * hours[hour]) + hours[(hour + 23) % 24] + hours[(hour + 1) % 24];
            if (weight > most || (weight == most && hours[hour] > hours[best]))
            {
                (best, most) = (hour, weight);
            }
        }

        return best;
    }

    private async Task LearnAsync(AccountTransaction work, long accountId, Run run, List<Person> contacts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now.AddDays(-options.Value.OpensOfDays);
        var opens = await Sql.Of($"""
            select o.contact_id, o.opened_at from unnest({contacts.Select(c => c.Id).ToArray()}) as w (id)
            cross join lateral (
                select s.contact_id, s.opened_at from messaging.send s
                where s.account_id = {accountId} and s.contact_id = w.id and s.opened_at >= {since} and s.source_kind in ('automation', 'campaign') and s.to_address is null
                order by s.id desc limit {MaxOpens}) o
            """).ListAsync<Opened>(work, cancellationToken);
        var common = WallClock.Zone(run.TimeZone);
        var zones = contacts.ToDictionary(c => c.Id, c => c.TimeZone is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : common);
        var learned = new List<(long ContactId, short Hour, int Opens)>();
        foreach (var contact in opens.GroupBy(o => o.ContactId))
        {
            var hours = new int[24];
            foreach (var (_, at) in contact)
            {
                var local = WallClock.Local(zones[contact.Key], at);
                hours[local.Hour]++;
                run.Counting[((((int)local.DayOfWeek + 6) % 7) * 24) + local.Hour]++;
            }

            if (contact.Count() >= options.Value.LeastOpens)
            {
                learned.Add((contact.Key, Best(hours), contact.Count()));
            }
        }

        await Sql.Of($"""
            delete from messaging.best_hour
            where account_id = {accountId} and contact_id = any ({contacts.Select(c => c.Id).Except(learned.Select(l => l.ContactId)).ToArray()})
            """).ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            insert into messaging.best_hour as b (account_id, contact_id, hour, opens, learned_at)
            select {accountId}, l.contact_id, l.hour, l.opens, {now}
            from unnest({learned.Select(l => l.ContactId).ToArray()}, {learned.Select(l => l.Hour).ToArray()}, {learned.Select(l => l.Opens).ToArray()}) as l (contact_id, hour, opens)
            on conflict (account_id, contact_id) do update set hour = excluded.hour, opens = excluded.opens, learned_at = excluded.learned_at
            """).ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            update messaging.best_hour_run set cursor = {contacts[^1].Id}, counting = {run.Counting} where account_id = {accountId}
            """).ExecuteAsync(work, cancellationToken);
    }

    private sealed record Run(long Cursor, int[] Counting, string TimeZone);

    private sealed record Person(long Id, string? TimeZone);

    private sealed record Opened(long ContactId, DateTimeOffset OpenedAt);
}
