using System.Globalization;
using Microsoft.AspNetCore.Http;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Api.Dialect;

/// <summary>How a filter's text becomes a value.</summary>
public enum V3Kind
{
    Text,

    /// <summary>A column that holds lower case only, so that its index answers equality whatever case is asked in.</summary>
    LowerText,
    Id,
    Time,
}

/// <summary>An attribute a collection can be filtered and ordered by.</summary>
public sealed record V3Attribute(Sql Column, V3Kind Kind);

/// <summary>Filters and orders of a v3 collection, through the collection's own registry of attributes and nothing else.</summary>
public sealed class V3Filters(IReadOnlyDictionary<string, V3Attribute> attributes)
{
    private const int MaxValues = 1_000;

    public IEnumerable<string> Names => attributes.Keys;

    public V3Attribute? Find(string name) => attributes.GetValueOrDefault(name);

    /// <summary>Conditions of <c>filters[...]</c>; unknown attributes are passed over, as the original does.</summary>
    /// <param name="timeZone">In which dates without an offset are read.</param>
    public IEnumerable<Sql> Where(V3Query query, string timeZone)
    {
        foreach (var filter in query.Filters)
        {
            if (attributes.TryGetValue(filter.Name, out var attribute))
            {
                yield return Condition(filter, attribute, timeZone);
            }
        }
    }

    /// <summary>One condition, also for a plain query parameter.</summary>
    public static Sql Condition(V3Filter filter, V3Attribute attribute, string timeZone)
    {
        if (filter.Values.Count > MaxValues || filter.Values.Any(v => v.Length > 500))
        {
            throw new InvalidInputException(filter.Name, "filter_invalid", "At most 1,000 values of 500 characters.");
        }

        var column = attribute.Column;
        if (attribute.Kind == V3Kind.LowerText && filter.Op is (null or "eq"))
        {
            return Sql.Of($"{column} = any({filter.Values.Select(v => v.ToLowerInvariant()).ToArray()})");
        }

        if (attribute.Kind is V3Kind.Text or V3Kind.LowerText)
        {
            var text = filter.Values[0];
            return filter.Op switch
            {
                null or "eq" => Sql.Of($"lower({column}) = any(select lower(v) from unnest({filter.Values}) v)"),
                "neq" => Sql.Of($"lower({column}) <> lower({text})"),
                "contains" => Sql.Of($"{column} ilike {$"%{LikePattern.Escape(text)}%"}"),
                "starts_with" => Sql.Of($"{column} ilike {LikePattern.Escape(text) + "%"}"),
                _ => Compare(column, filter, Sql.Of($"{text}")),
            };
        }

        if (attribute.Kind == V3Kind.Id)
        {
            return filter.Op is null or "eq"
                ? Sql.Of($"{column} = any({filter.Values.Select(V3Id.Parse).ToArray()})")
                : Compare(column, filter, Sql.Of($"{V3Id.Parse(filter.Values[0])}"));
        }

        var time = V3Time.Parse(filter.Values[0], timeZone) ?? throw new InvalidInputException(filter.Name, "filter_invalid", "This is not a date.");
        return Compare(column, filter, Sql.Of($"{time}"));
    }

    /// <summary>The orders asked for that the collection knows, and the id last, so that pages are stable.</summary>
    public Sql OrderBy(V3Query query, Sql id, bool idDescending = false)
    {
        List<Sql> orders = [.. query.Orders.Where(o => attributes.ContainsKey(o.Name)).Take(5)
            .Select(o => o.Descending ? Sql.Of($"{attributes[o.Name].Column} desc") : Sql.Of($"{attributes[o.Name].Column}"))];
        orders.Add(idDescending ? Sql.Of($"{id} desc") : id);
        return Sql.Join(", ", orders);
    }

    /// <summary>A number of the query string; null when it is absent, empty or 0.</summary>
    public static long? Number(HttpRequest request, string name) =>
        long.TryParse(request.Query[name].ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number != 0 ? number : null;

    private static Sql Compare(Sql column, V3Filter filter, Sql value) => filter.Op switch
    {
        null or "eq" => Sql.Of($"{column} = {value}"),
        "neq" => Sql.Of($"{column} <> {value}"),
        "lt" => Sql.Of($"{column} < {value}"),
        "lte" => Sql.Of($"{column} <= {value}"),
        "gt" => Sql.Of($"{column} > {value}"),
        "gte" => Sql.Of($"{column} >= {value}"),
        _ => throw new InvalidInputException(filter.Name, "filter_invalid", "The operators are eq, neq, lt, lte, gt, gte, contains and starts_with."),
    };
}
