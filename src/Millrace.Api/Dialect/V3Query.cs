using System.Globalization;
using Microsoft.AspNetCore.Http;
using Millrace.Kernel.Errors;

namespace Millrace.Api.Dialect;

/// <summary>One filter: <c>filters[name][op]=value</c>; no op means equality (or containment where the endpoint documents it).</summary>
/// <param name="Op"><c>eq neq lt lte gt gte contains starts_with</c>, or null.</param>
/// <param name="Values">More than one for <c>filters[name][]=a&amp;filters[name][]=b</c>.</param>
public sealed record V3Filter(string Name, string? Op, IReadOnlyList<string> Values);

/// <summary>One order. <c>weight</c> is a third direction of some searches: exact matches first, then prefixes.</summary>
public sealed record V3Order(string Name, bool Descending, bool Weight);

/// <summary>Paging, filters, ordering and includes of a v3 collection request. Names are looked up by the endpoint; unknown ones are ignored.</summary>
public sealed class V3Query
{
    private const int MaxFilters = 200;

    private V3Query()
    {
    }

    /// <summary>1 to 100; default 20.</summary>
    public int Limit { get; private init; }

    public int Offset { get; private init; }

    public IReadOnlyList<V3Filter> Filters { get; private init; } = [];

    public IReadOnlyList<V3Order> Orders { get; private init; } = [];

    /// <summary>Paths as sent, for example <c>contactTags.tag</c>.</summary>
    public IReadOnlySet<string> Includes { get; private init; } = new HashSet<string>();

    /// <param name="defaultLimit">20 for most collections, 100 for fields.</param>
    /// <param name="maxLimit">100 but for collections below a record, which have no pages.</param>
    /// <exception cref="InvalidInputException"><c>filter_invalid</c>: more than 200 filters.</exception>
    public static V3Query Of(HttpRequest request, int defaultLimit = 20, int maxLimit = 100)
    {
        var filters = new List<V3Filter>();
        var orders = new List<V3Order>();
        foreach (var (key, values) in request.Query)
        {
            var parts = Brackets(key);
            if (parts is ["filters" or "filter", { Length: > 0 } name, ..])
            {
                filters.Add(new V3Filter(name, parts.Length > 2 && parts[2].Length > 0 ? parts[2] : null, [.. values.Select(v => v ?? string.Empty)]));
            }
            else if (parts is ["orders", { Length: > 0 } field])
            {
                var direction = values.ToString();
                orders.Add(new V3Order(
                    field, direction.Equals("DESC", StringComparison.OrdinalIgnoreCase), direction.Equals("weight", StringComparison.OrdinalIgnoreCase)));
            }
        }

        if (filters.Count > MaxFilters)
        {
            throw new InvalidInputException("filters", "filter_invalid", "At most 200 filters.");
        }

        return new V3Query
        {
            Limit = Math.Clamp(Number(request, "limit", defaultLimit), 1, maxLimit),
            Offset = Math.Max(0, Number(request, "offset", 0)),
            Filters = filters,
            Orders = orders,
            Includes = request.Query["include"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <summary>The first filter of this name with equality, or the plain query parameter of this name.</summary>
    public string? Equal(HttpRequest request, string name) =>
        Filters.FirstOrDefault(f => f.Name == name && f.Op is null or "eq")?.Values[0] ?? (request.Query.TryGetValue(name, out var plain) ? plain.ToString() : null);

    private static int Number(HttpRequest request, string name, int otherwise) =>
        int.TryParse(request.Query[name].ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    // "filters[created][gt]" -> filters, created, gt
    private static string[] Brackets(string key)
    {
        var open = key.IndexOf('[', StringComparison.Ordinal);
        return open < 0 ? [key] : [key[..open], .. key[(open + 1)..].TrimEnd(']').Split("][")];
    }
}
