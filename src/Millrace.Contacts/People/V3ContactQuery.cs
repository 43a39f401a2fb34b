using System.Globalization;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Contacts.People;

/// <summary>The query parameters of <c>GET /api/3/contacts</c> as a condition over the contact row <c>c</c>.</summary>
internal sealed class V3ContactQuery(IEnumerable<IContactQueryFilter> others)
{
    public static readonly V3Filters Filters = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"c.id"), V3Kind.Id),
        ["email"] = new(Sql.Of($"c.email"), V3Kind.LowerText),
        ["firstName"] = new(Sql.Of($"c.first_name_key"), V3Kind.LowerText),
        ["first_name"] = new(Sql.Of($"c.first_name_key"), V3Kind.LowerText),
        ["lastName"] = new(Sql.Of($"c.last_name_key"), V3Kind.LowerText),
        ["last_name"] = new(Sql.Of($"c.last_name_key"), V3Kind.LowerText),
        ["phone"] = new(Sql.Of($"c.phone"), V3Kind.Text),
        ["cdate"] = new(Sql.Of($"c.created_at"), V3Kind.Time),
        ["udate"] = new(Sql.Of($"c.updated_at"), V3Kind.Time),
    });

    /// <summary>The same attributes, by the columns whose indexes give the order.</summary>
    public static readonly V3Filters Orders = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"c.id"), V3Kind.Id),
        ["cdate"] = new(Sql.Of($"c.created_at"), V3Kind.Time),
        ["email"] = new(Sql.Of($"c.email"), V3Kind.Text),
        ["first_name"] = new(Sql.Of($"c.first_name_key"), V3Kind.Text),
        ["last_name"] = new(Sql.Of($"c.last_name_key"), V3Kind.Text),
        ["name"] = new(Sql.Of($"c.first_name_key"), V3Kind.Text),
    });

    private const int MaxIds = 1_000;

    /// <summary>Parameters of the original that only other modules can answer.</summary>
    private static readonly string[] OfOthers = ["formid", "seriesid", "waitid"];

    private readonly Dictionary<string, IContactQueryFilter> _others = others.ToDictionary(o => o.Parameter, StringComparer.Ordinal);

    /// <summary>Beyond the account; none when everybody is asked for.</summary>
    public List<Sql> Conditions(V3Call call, V3Query query)
    {
        var (request, accountId, timeZone) = (call.Request, call.Account.Id, call.Account.TimeZone);
        List<Sql> all = [.. Filters.Where(query, timeZone)];
        all.AddRange(Dates(query, timeZone));
        var ids = request.Query["ids"].Concat(request.Query["ids[]"]).SelectMany(v => (v ?? string.Empty).Split(',')).Select(V3Id.Parse).ToArray();
        if (ids.Length > MaxIds)
        {
            throw new InvalidInputException("ids", "filter_invalid", "At most 1,000 ids.");
        }

        if (ids.Length > 0)
        {
            all.Add(Sql.Of($"c.id = any({ids})"));
        }

        if (Text(request, "email") is { } email)
        {
            all.Add(Sql.Of($"c.email = {(EmailAddress.TryNormalise(email, out var normal) is null ? normal : email)}"));
        }

        if (Text(request, "email_like") is { } like)
        {
            all.Add(Sql.Of($"c.email ilike {$"%{LikePattern.Escape(like)}%"}"));
        }

        if (Text(request, "phone") is { } phone)
        {
            all.Add(Sql.Of($"c.phone like {LikePattern.Escape(phone) + "%"}"));
        }

        if (V3Filters.Number(request, "exclude") is { } exclude)
        {
            all.Add(Sql.Of($"c.id <> {exclude}"));
        }

        if (V3Filters.Number(request, "id_greater") is { } greater)
        {
            all.Add(Sql.Of($"c.id > {greater}"));
        }

        if (V3Filters.Number(request, "id_less") is { } less)
        {
            all.Add(Sql.Of($"c.id < {less}"));
        }

        var membership = new ContactFilter(
            Text(request, "search"), V3Filters.Number(request, "tagid"), V3Filters.Number(request, "listid"), Status(request));
        if (!membership.IsEmpty)
        {
            all.Add(membership.Where(accountId));
        }

        foreach (var name in OfOthers.Concat(_others.Keys).Distinct(StringComparer.Ordinal))
        {
            if (V3Filters.Number(request, name) is { } number)
            {
                // Passing an unknown one over would answer with everybody, whom a caller might then delete or mail.
                all.Add(_others.TryGetValue(name, out var other)
                    ? other.Where(accountId, number)
                    : throw new InvalidInputException(name, "filter_invalid", $"Contacts cannot be filtered by {name} here."));
            }
        }

        return all;
    }

    private static IEnumerable<Sql> Dates(V3Query query, string timeZone)
    {
        foreach (var filter in query.Filters)
        {
            var (column, op) = filter.Name switch
            {
                "created_before" => (Sql.Of($"c.created_at"), "lt"),
                "created_after" => (Sql.Of($"c.created_at"), "gt"),
                "updated_before" => (Sql.Of($"c.updated_at"), "lt"),
                "updated_after" => (Sql.Of($"c.updated_at"), "gt"),
                _ => (Sql.Empty, string.Empty),
            };
            if (op.Length > 0)
            {
                yield return V3Filters.Condition(filter with { Op = op }, new V3Attribute(column, V3Kind.Time), timeZone);
            }
        }
    }

    private static SubscriptionStatus? Status(HttpRequest request) =>
        int.TryParse(request.Query["status"].ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var status) && status is >= 0 and <= 3
            ? (SubscriptionStatus)status
            : null;

    private static string? Text(HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 and <= 500 } text ? text : null;
}
