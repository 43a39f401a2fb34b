using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Sightings;

/// <summary>
/// Keeps where contacts were last and with what, as their opens and clicks tell. A sighting that tells nothing new costs one look by key and writes nothing.
/// Before the reactions, because conditions on place and device look again after these activities.
/// </summary>
internal sealed class KeepSightings : ITakesAsides
{
    public IReadOnlySet<string> Kinds { get; } = Sighting.Kinds.ToHashSet(StringComparer.Ordinal);

    public async Task TakeAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyList<Aside> asides, CancellationToken cancellationToken)
    {
        var last = new Dictionary<long, Seen>(asides.Count);
        foreach (var aside in asides)
        {
            last[aside.ContactId] = last.TryGetValue(aside.ContactId, out var before) ? before.Then(aside) : new Seen(aside.OccurredAt, aside.OccurredAt, aside.Json);
        }

        await Sql.Of($"""
            with sighted as (
                select {accountId}::bigint as account_id, s.contact_id, s.at, s.placed_at, x.*
                from unnest({last.Keys.ToArray()}, {last.Values.Select(s => s.At).ToArray()}, {last.Values.Select(s => s.PlacedAt).ToArray()},
                            {JsonText.Array([.. last.Values.Select(s => s.Json)])}) s (contact_id, at, placed_at, seen)
                cross join lateral jsonb_to_record(s.seen) as x (
                    ip text, country text, region text, city text, postal_code text, latitude double precision, longitude double precision, time_zone text,
                    device text, os text, mail_client text, browser text)),
            merged as (
                select s.account_id, s.contact_id, s.at, coalesce(s.ip, l.ip) as ip, p.*, d.*,
                       coalesce(s.mail_client, l.mail_client) as mail_client, coalesce(s.browser, l.browser) as browser,
                       l.contact_id is null or l.seen_at < s.at - interval '1 day' or coalesce(s.ip, l.ip) is distinct from l.ip
                       or (p.country, p.region, p.city, p.postal_code, p.latitude, p.longitude, p.place_zone)
                          is distinct from (l.country, l.region, l.city, l.postal_code, l.latitude, l.longitude, l.time_zone)
                       or (d.device, d.os, coalesce(s.mail_client, l.mail_client), coalesce(s.browser, l.browser))
                          is distinct from (l.device, l.os, l.mail_client, l.browser) as is_new,
                       l.time_zone as former_zone
                from sighted s
                left join lateral (select * from contacts.last_seen l where l.account_id = s.account_id and l.contact_id = s.contact_id limit 1) l on true
                -- A place and a device are each taken whole or not at all: half of an old one would be nowhere.
                cross join lateral (
                    select s.country, s.region, s.city, s.postal_code, s.latitude, s.longitude, s.time_zone, s.placed_at where s.country is not null or s.latitude is not null
                    union all
                    select l.country, l.region, l.city, l.postal_code, l.latitude, l.longitude, l.time_zone, l.placed_at where s.country is null and s.latitude is null
                ) p (country, region, city, postal_code, latitude, longitude, place_zone, placed_at)
                cross join lateral (
                    select s.device, s.os where s.device is not null or s.os is not null
                    union all
                    select l.device, l.os where s.device is null and s.os is null) d (device, os)),
            news as (
                select m.* from merged m
                -- A contact that is being deleted is waited for, and then not there.
                cross join lateral (select 1 from contacts.contact c where c.account_id = m.account_id and c.id = m.contact_id limit 1 for key share) c
                where m.is_new),
            kept as (
                insert into contacts.last_seen (account_id, contact_id, seen_at, ip, placed_at, country, region, city, postal_code, latitude, longitude, time_zone,
                                                device, os, mail_client, browser)
                select account_id, contact_id, at, ip, placed_at, country, region, city, postal_code, latitude, longitude, place_zone, device, os, mail_client, browser
                from news order by account_id, contact_id
                on conflict (account_id, contact_id) do update
                set (seen_at, ip, placed_at, country, region, city, postal_code, latitude, longitude, time_zone, device, os, mail_client, browser)
                    = (excluded.seen_at, excluded.ip, excluded.placed_at, excluded.country, excluded.region, excluded.city, excluded.postal_code, excluded.latitude,
                       excluded.longitude, excluded.time_zone, excluded.device, excluded.os, excluded.mail_client, excluded.browser)),
            -- The zone follows the place as long as nobody has said another one.
            zoned as (
                update contacts.contact c set time_zone = n.place_zone
                from news n
                where c.account_id = n.account_id and c.id = n.contact_id and n.place_zone is not null
                  and (c.time_zone is null or (c.time_zone = n.former_zone and n.place_zone <> n.former_zone)))
            select count(*) from news
            """).ExecuteAsync(transaction, cancellationToken);
    }

    /// <param name="PlacedAt">When the place was told; only where there is one.</param>
    private sealed record Seen(DateTimeOffset At, DateTimeOffset PlacedAt, string Json)
    {
        public Seen Then(Aside next)
        {
            var later = Sighting.Read(next.Json);
            return new Seen(next.OccurredAt, later.HasPlace ? next.OccurredAt : PlacedAt, Sighting.Write(Sighting.Read(Json).Then(later)));
        }
    }
}
