using System.Text.Json;
using Millrace.Kernel.Data;

namespace Millrace.Segments.Tests;

internal sealed record Happening(string Kind, DateTimeOffset At, long? Subject, long? Automation, string? Source);

internal sealed record Person(
    long Id, string? Email, string First, string Last, string? Zone, long? Owner, DateTimeOffset Created, HashSet<long> Tags,
    Dictionary<long, string> Lists, Dictionary<long, object> Fields, List<Happening> Happenings, Seen? Seen);

internal sealed record Seen(string? Country, string? Region, string? City, double? Latitude, double? Longitude, string? Device, string? Browser);

/// <summary>Random people with little variety, so that conditions hit.</summary>
internal sealed record World(List<Person> People, long[] Tags, long[] Lists, long Text, long Number, long Date, long Datetime, long Many)
{
    public static readonly string[] Names = ["", "Ann", "ann", "Bo%b", "Bo_b", "Zoë", "ZOË", "Ann\\e", "Émile"];
    public static readonly string[] Words = ["red", "Red", "blue", "gr%en", "2026-03-08"];
    public static readonly string[] Statuses = ["active", "unconfirmed", "unsubscribed", "bounced"];
    public static readonly string[] Countries = ["DE", "US", "FR"];
    public static readonly string[] Cities = ["Berlin", "berlin", "San José", "Bo%b"];
    public static readonly string[] Devices = ["desktop", "mobile", "tablet"];
    public static readonly string[] Browsers = ["Chrome", "Safari"];
    public static readonly string[] Sources = ["api", "form", "import"];

    public static async Task<World> MakeAsync(AccountTransaction work, long account, Random random, int count, DateTimeOffset now)
    {
        T Pick<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];
        bool Chance(int percent) => random.Next(100) < percent;
        var tags = new long[3];
        var lists = new long[2];
        for (var i = 0; i < tags.Length; i++)
        {
            tags[i] = await Sql.Of($"insert into contacts.tag (account_id, name, created_at) values ({account}, {"tag" + i}, {now}) returning id").FirstAsync<long>(work, default);
        }

        for (var i = 0; i < lists.Length; i++)
        {
            lists[i] = await Sql.Of($"""
                insert into contacts.list (account_id, name, string_id, created_at, updated_at) values ({account}, {"list" + i}, {"list" + i}, {now}, {now}) returning id
                """).FirstAsync<long>(work, default);
        }

        var fields = new List<long>();
        foreach (var type in new[] { "text", "number", "date", "datetime", "listbox" })
        {
            fields.Add(await Sql.Of($"""
                insert into contacts.field (account_id, name, key, type, created_at, updated_at) values ({account}, {type}, {type.ToUpperInvariant()}, {type}, {now}, {now}) returning id
                """).FirstAsync<long>(work, default));
        }

        var world = new World([], tags, lists, fields[0], fields[1], fields[2], fields[3], fields[4]);
        for (var i = 0; i < count; i++)
        {
            var created = now.AddHours(-random.Next(24 * 12));
            var person = new Person(
                0, Chance(20) ? null : $"p{i}@{Pick(["example.com", "example.org"])}", Pick(Names), Pick(Names),
                Chance(50) ? null : Pick(["Asia/Tokyo", "America/Los_Angeles", "Europe/Berlin"]), Chance(50) ? null : random.Next(1, 4), created, [], [], [], [],
                Chance(30) ? null : new Seen(
                    Chance(30) ? null : Pick(Countries), Chance(50) ? null : Pick(Cities), Chance(30) ? null : Pick(Cities), Chance(50) ? null : random.Next(-90, 91),
                    null, Chance(20) ? null : Pick(Devices), Chance(50) ? null : Pick(Browsers)));
            if (person.Seen is { Latitude: not null } at)
            {
                person = person with { Seen = at with { Longitude = random.Next(-180, 181) } };
            }

            var id = await Sql.Of($"""
                insert into contacts.contact (account_id, email, first_name, last_name, time_zone, owner_id, created_at, updated_at)
                values ({account}, {person.Email}, {person.First}, {person.Last}, {person.Zone}, {person.Owner}, {created}, {created}) returning id
                """).FirstAsync<long>(work, default);
            person = person with { Id = id };
            if (person.Seen is { } seen)
            {
                await Sql.Of($"""
                    insert into contacts.last_seen (account_id, contact_id, seen_at, country, region, city, latitude, longitude, device, browser)
                    values ({account}, {id}, {now}, {seen.Country}, {seen.Region}, {seen.City}, {seen.Latitude}, {seen.Longitude}, {seen.Device}, {seen.Browser})
                    """).ExecuteAsync(work, default);
            }

            world.People.Add(person);
            foreach (var tag in tags.Where(_ => Chance(40)))
            {
                person.Tags.Add(tag);
                await Sql.Of($"insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at) values ({account}, {id}, {tag}, {now})").ExecuteAsync(work, default);
            }

            foreach (var list in lists.Where(_ => Chance(60)))
            {
                person.Lists[list] = Pick(Statuses);
                await Sql.Of($"""
                    insert into contacts.subscription (account_id, contact_id, list_id, status, created_at, updated_at) values ({account}, {id}, {list}, {person.Lists[list]}, {now}, {now})
                    """).ExecuteAsync(work, default);
            }

            await ValueAsync(world.Text, Pick(Words), null, null, null);
            decimal number = random.Next(-2, 4);
            await ValueAsync(world.Number, number, number, null, null);
            var day = DateOnly.FromDateTime(now.UtcDateTime).AddDays(random.Next(-8, 9)).AddYears(Chance(30) ? -20 : 0);
            await ValueAsync(world.Date, day, null, new DateTimeOffset(day.ToDateTime(default), TimeSpan.Zero), null);
            var time = now.AddHours(random.Next(-200, 200));
            await ValueAsync(world.Datetime, time, null, time, null);
            string[] choices = [.. Words.Take(4).Where(_ => Chance(40))];
            if (choices.Length > 0)
            {
                await ValueAsync(world.Many, choices, null, null, choices);
            }

            for (var n = random.Next(6); n > 0; n--)
            {
                var happening = Chance(50)
                    ? new Happening("tag.added", now.AddMinutes(-random.Next(60 * 24 * 10)), Pick(tags), Chance(50) ? random.Next(1, 3) : null, null)
                    : new Happening("list.subscribed", now.AddMinutes(-random.Next(60 * 24 * 10)), Pick(lists), null, Pick(Sources));
                person.Happenings.Add(happening);
                await Sql.Of($"""
                    insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id, automation_id, data)
                    values ({account}, {id}, {happening.At}, {happening.Kind}, {happening.Subject}, {happening.Automation},
                            {new JsonText(JsonSerializer.Serialize(new { source = happening.Source }))})
                    """).ExecuteAsync(work, default);
            }

            async Task ValueAsync(long field, object value, decimal? amount, DateTimeOffset? instant, string[]? many)
            {
                if (Chance(30))
                {
                    return;
                }

                person.Fields[field] = value;
                var text = many is null ? FormattableString.Invariant($"{value}") : $"||{string.Join("||", many)}||";
                await Sql.Of($"""
                    insert into contacts.field_value (account_id, contact_id, field_id, value, number, instant, choices, updated_at)
                    values ({account}, {id}, {field}, {text}, {amount}, {instant}, {many}, {now})
                    """).ExecuteAsync(work, default);
            }
        }

        // Somebody who is gone: what they did stays in the log and counts nowhere.
        var gone = await Sql.Of($"""
            insert into contacts.deleted_contact (account_id, contact_id)
            select {account}, max(id) + 1000000 from contacts.contact where account_id = {account} returning contact_id
            """).FirstAsync<long>(work, default);
        await Sql.Of($"""
            insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id)
            select {account}, c, {now.AddDays(-1)}, k, s from unnest({new[] { gone, 0 }}) c, unnest(array['tag.added', 'list.subscribed']) k, unnest({(long[])[.. tags, .. lists]}) s
            """).ExecuteAsync(work, default);
        return world;
    }
}
