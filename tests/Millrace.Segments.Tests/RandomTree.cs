using System.Text.Json.Nodes;
using Millrace.Kernel.Extensibility;

namespace Millrace.Segments.Tests;

/// <summary>Makes a random tree and, beside it, the same rule as plain C# over the people in memory.</summary>
internal sealed class RandomTree(Random random, World world, SegmentContext context)
{
    public (JsonObject Json, Func<Person, bool> Holds) Make(int depth)
    {
        switch (depth == 0 ? 9 : random.Next(10))
        {
            case < 4:
                var children = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Make(depth - 1)).ToList();
                var all = random.Next(2) == 0;
                return (
                    new JsonObject { [all ? "all" : "any"] = new JsonArray([.. children.Select(c => c.Json)]) },
                    p => all ? children.TrueForAll(c => c.Holds(p)) : children.Exists(c => c.Holds(p)));
            case 4:
                var (json, holds) = Make(depth - 1);
                return (new JsonObject { ["not"] = json }, p => !holds(p));
            default:
                return Leaf();
        }
    }

    private (JsonObject Json, Func<Person, bool> Holds) Leaf() => random.Next(17) switch
    {
        0 => Text("email", p => p.Email ?? ""),
        1 => Text("first_name", p => p.First),
        2 => Text("full_name", p => $"{p.First} {p.Last}".Trim(' ')),
        3 => Tag(),
        4 => List(),
        5 => Number(),
        6 => Time("created", p => p.Created),
        7 => Time($"field:{world.Datetime}", p => p.Fields.TryGetValue(world.Datetime, out var v) ? (DateTimeOffset)v : null),
        8 => Day(),
        9 => Many(),
        10 => Owner(),
        11 => Subscriptions(),
        12 => Standing(),
        13 => Choice(),
        14 => Pick(0, 1) == 0 ? Text("place.city", p => p.Seen?.City ?? "") : Text("place.region", p => p.Seen?.Region ?? ""),
        15 => Distance(),
        _ => Activity(),
    };

    private T Pick<T>(params IReadOnlyList<T> values) => values[random.Next(values.Count)];

    private static JsonObject State(string field, string op, JsonNode? value)
    {
        var leaf = new JsonObject { ["field"] = field, ["op"] = op };
        if (value is not null)
        {
            leaf["value"] = value;
        }

        return leaf;
    }

    private (JsonObject, Func<Person, bool>) Text(string field, Func<Person, string> of)
    {
        var op = Pick("is", "is_not", "contains", "not_contains", "starts_with", "ends_with", "blank", "not_blank");
        var word = Pick("ann", "Ann", "%", "_", "\\", "ZOË", "b", "@example.org", "p1@EXAMPLE.com", "Ann Bo_b", "é");
        Func<string, bool> test = op switch
        {
            "is" => t => t.Equals(word, StringComparison.OrdinalIgnoreCase),
            "is_not" => t => !t.Equals(word, StringComparison.OrdinalIgnoreCase),
            "contains" => t => t.Contains(word, StringComparison.OrdinalIgnoreCase),
            "not_contains" => t => !t.Contains(word, StringComparison.OrdinalIgnoreCase),
            "starts_with" => t => t.StartsWith(word, StringComparison.OrdinalIgnoreCase),
            "ends_with" => t => t.EndsWith(word, StringComparison.OrdinalIgnoreCase),
            "blank" => t => t.Length == 0,
            _ => t => t.Length > 0,
        };
        return (State(field, op, op.EndsWith("blank", StringComparison.Ordinal) ? null : word), p => test(of(p)));
    }

    private (JsonObject, Func<Person, bool>) Tag()
    {
        var op = Pick("has", "has_not", "has_any", "has_all", "has_none");
        long[] ids = [.. world.Tags.Where(_ => random.Next(2) == 0).DefaultIfEmpty(world.Tags[0])];
        return (State("tag", op, new JsonArray([.. ids.Select(i => JsonValue.Create(i))])), p => op switch
        {
            "has" or "has_any" => ids.Any(p.Tags.Contains),
            "has_all" => ids.All(p.Tags.Contains),
            _ => !ids.Any(p.Tags.Contains),
        });
    }

    private (JsonObject, Func<Person, bool>) List()
    {
        var (op, list, status) = (Pick("is", "is_not", "blank"), Pick(world.Lists), Pick(World.Statuses));
        return (State($"list:{list}", op, op == "blank" ? null : status), p => op switch
        {
            "is" => p.Lists.GetValueOrDefault(list) == status,
            "is_not" => p.Lists.GetValueOrDefault(list) != status,
            _ => !p.Lists.ContainsKey(list),
        });
    }

    /// <summary>Records for which all or any of it holds, counted.</summary>
    private (JsonObject, Func<Person, bool>) Subscriptions()
    {
        var (list, status, all, not) = (Pick(world.Lists), Pick(World.Statuses), random.Next(2) == 0, random.Next(2) == 0);
        var leaf = new JsonObject
        {
            ["same"] = "subscription",
            [all ? "all" : "any"] = new JsonArray(State("subscription.list", "is", list), State("subscription.status", not ? "is_not" : "is", status)),
        };
        Func<int, bool> often = n => n > 0;
        switch (random.Next(4))
        {
            case 0: (leaf["never"], often) = (true, n => n == 0); break;
            case 1: (leaf["times"], often) = (new JsonObject { ["at_least"] = 2 }, n => n >= 2); break;
            case 2: (leaf["times"], often) = (new JsonObject { ["exactly"] = 1 }, n => n == 1); break;
        }

        return (leaf, p => often(p.Lists.Count(l => all ? l.Key == list && l.Value == status != not : l.Key == list || l.Value == status != not)));
    }

    /// <summary>Any record, or none.</summary>
    private (JsonObject, Func<Person, bool>) Standing()
    {
        var (op, status) = (Pick("is", "is_not"), Pick(World.Statuses));
        return (State("subscription.status", op, status), p => p.Lists.ContainsValue(status) == (op == "is"));
    }

    /// <summary>Where somebody was last, and with what, by words of a table.</summary>
    private (JsonObject, Func<Person, bool>) Choice()
    {
        var (field, words, of) = Pick<(string, string[], Func<Seen?, string?>)>(
            ("place.country", World.Countries, s => s?.Country), ("device.kind", World.Devices, s => s?.Device), ("device.browser", World.Browsers, s => s?.Browser));
        var op = Pick("is", "is_not", "blank", "not_blank");
        string[] wanted = [.. words.Where(_ => random.Next(2) == 0).DefaultIfEmpty(words[0])];
        JsonNode value = wanted is [var only] ? only : new JsonArray([.. wanted.Select(w => JsonValue.Create(w))]);
        return (State(field, op, op.EndsWith("blank", StringComparison.Ordinal) ? null : value), p => op switch
        {
            "is" => wanted.Contains(of(p.Seen)),
            "is_not" => !wanted.Contains(of(p.Seen)),
            "blank" => of(p.Seen) is null,
            _ => of(p.Seen) is not null,
        });
    }

    /// <summary>By the law of cosines; the product goes by haversines. No limit lies within a millimetre of a whole degree's distance.</summary>
    private (JsonObject, Func<Person, bool>) Distance()
    {
        var (op, unit, limit) = (Pick("lte", "gt"), Pick("km", "mi"), Pick(10, 500, 5_000, 19_000));
        var (latitude, longitude) = (random.Next(-90, 91), random.Next(-180, 181));
        var leaf = State("place.distance", op, limit);
        (leaf["from"], leaf["unit"]) = (FormattableString.Invariant($"{latitude}, {longitude}"), unit);
        return (leaf, p =>
        {
            if (p.Seen is not { Latitude: { } north, Longitude: { } east })
            {
                return false;
            }

            static double Radians(double degrees) => degrees * Math.PI / 180;
            var cosine = (Math.Sin(Radians(latitude)) * Math.Sin(Radians(north)))
                + (Math.Cos(Radians(latitude)) * Math.Cos(Radians(north)) * Math.Cos(Radians(east - longitude)));
            var distance = 6371.0088 * Math.Acos(Math.Clamp(cosine, -1, 1)) / (unit == "mi" ? 1.609344 : 1);
            return op == "lte" ? distance <= limit : distance > limit;
        }
        );
    }

    private (JsonObject, Func<Person, bool>) Number()
    {
        var op = Pick("is", "is_not", "gt", "gte", "lt", "lte", "between");
        decimal a = random.Next(-2, 4), b = a + random.Next(3);
        return (State($"field:{world.Number}", op, op == "between" ? new JsonArray(a, b) : JsonValue.Create(a)), p =>
        {
            var n = p.Fields.TryGetValue(world.Number, out var v) ? (decimal?)v : null;
            return op switch
            {
                "is" => n == a,
                "is_not" => n != a,
                "gt" => n > a,
                "gte" => n >= a,
                "lt" => n < a,
                "lte" => n <= a,
                _ => n >= a && n <= b,
            };
        }
        );
    }

    /// <summary>Days of the account's zone, by comparing local dates; the product compares instants.</summary>
    private (JsonObject, Func<Person, bool>) Time(string field, Func<Person, DateTimeOffset?> of)
    {
        var op = Pick("is", "is_not", "gt", "gte", "lt", "lte", "between", "in_last", "in_next");
        var days = random.Next(1, 9);
        var (a, b) = (context.Today.AddDays(-days), context.Today.AddDays(random.Next(5)));
        var value = op switch { "between" => new JsonArray(Iso(a), Iso(b)), "in_last" or "in_next" => $"P{days}D", _ => (JsonNode)Iso(a) };
        return (State(field, op, value), p =>
        {
            if (of(p) is not { } at)
            {
                return op == "is_not";
            }

            var local = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, context.Zone).DateTime);
            return op switch
            {
                "in_last" => at > context.Shift(new CalendarSpan(0, -days, default)) && at <= context.Now,
                "in_next" => at >= context.Now && at < context.Shift(new CalendarSpan(0, days, default)),
                _ => Compare(op, local, a, b),
            };
        }
        );
    }

    private (JsonObject, Func<Person, bool>) Day()
    {
        var op = Pick("is", "is_not", "gt", "gte", "lt", "lte", "between", "in_last", "in_next", "anniversary", "blank", "not_blank");
        var days = random.Next(1, 6);
        var (a, b) = (context.Today.AddDays(-days), context.Today.AddDays(random.Next(5)));
        JsonNode? value = op switch
        {
            "between" => new JsonArray(Iso(a), Iso(b)),
            "in_last" or "in_next" or "anniversary" => $"P{days}D",
            "blank" or "not_blank" => null,
            _ => Iso(a),
        };
        return (State($"field:{world.Date}", op, value), p =>
        {
            if (!p.Fields.TryGetValue(world.Date, out var v))
            {
                return op is "is_not" or "blank";
            }

            var day = (DateOnly)v;
            return op switch
            {
                "in_last" => day > context.Today.AddDays(-days) && day <= context.Today,
                "in_next" => day >= context.Today && day < context.Today.AddDays(days),
                "anniversary" => (day.Month, day.Day) == (context.Today.AddDays(days).Month, context.Today.AddDays(days).Day),
                "blank" => false,
                "not_blank" => true,
                _ => Compare(op, day, a, b),
            };
        }
        );
    }

    private (JsonObject, Func<Person, bool>) Many()
    {
        var op = Pick("has_any", "has_all", "has_none");
        string[] words = [Pick(World.Words), Pick(World.Words)];
        return (State($"field:{world.Many}", op, new JsonArray(words[0], words[1])), p =>
        {
            var chosen = (p.Fields.GetValueOrDefault(world.Many) as string[] ?? []).Select(w => w.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
            var hits = words.Select(w => chosen.Contains(w.ToLowerInvariant())).ToList();
            return op switch { "has_any" => hits.Contains(true), "has_all" => !hits.Contains(false), _ => !hits.Contains(true) };
        }
        );
    }

    private (JsonObject, Func<Person, bool>) Owner()
    {
        var (op, id) = (Pick("is", "is_not", "blank", "not_blank"), (long)random.Next(1, 4));
        return (State("owner", op, op.EndsWith("blank", StringComparison.Ordinal) ? null : id), p => op switch
        {
            "is" => p.Owner == id,
            "is_not" => p.Owner != id,
            "blank" => p.Owner is null,
            _ => p.Owner is not null,
        });
    }

    private (JsonObject, Func<Person, bool>) Activity()
    {
        var kind = Pick("tag.added", "list.subscribed");
        var leaf = new JsonObject { ["activity"] = kind };
        var tests = new List<Func<Happening, bool>> { h => h.Kind == kind };
        if (random.Next(2) == 0)
        {
            var subject = kind == "tag.added" ? Pick(world.Tags) : Pick(world.Lists);
            leaf[kind == "tag.added" ? "tag" : "list"] = subject;
            tests.Add(h => h.Subject == subject);
        }

        if (kind == "tag.added" && random.Next(3) == 0)
        {
            leaf["automation"] = 1;
            tests.Add(h => h.Automation == 1);
        }

        if (kind == "list.subscribed" && random.Next(2) == 0)
        {
            var (source, not) = (Pick(World.Sources), random.Next(2) == 0);
            leaf["source"] = not ? new JsonObject { ["op"] = "is_not", ["value"] = source } : source.ToUpperInvariant();
            tests.Add(h => h.Source == source != not);
        }

        if (random.Next(2) == 0)
        {
            var days = random.Next(1, 9);
            leaf["within"] = $"P{days}D";
            var from = context.Shift(new CalendarSpan(0, -days, default));
            tests.Add(h => h.At > from && h.At <= context.Now);
        }

        Func<int, bool> often = n => n > 0;
        var times = random.Next(0, 4);
        switch (random.Next(5))
        {
            case 0: (leaf["never"], often) = (true, n => n == 0); break;
            case 1: (leaf["times"], often) = (new JsonObject { ["at_least"] = times }, n => n >= times); break;
            case 2: (leaf["times"], often) = (new JsonObject { ["at_most"] = times }, n => n <= times); break;
            case 3: (leaf["times"], often) = (new JsonObject { ["exactly"] = times }, n => n == times); break;
        }

        return (leaf, p => often(p.Happenings.Count(h => tests.TrueForAll(t => t(h)))));
    }

    private static bool Compare(string op, DateOnly day, DateOnly a, DateOnly b) => op switch
    {
        "is" => day == a,
        "is_not" => day != a,
        "gt" => day > a,
        "gte" => day >= a,
        "lt" => day < a,
        "lte" => day <= a,
        _ => day >= a && day <= b,
    };

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
