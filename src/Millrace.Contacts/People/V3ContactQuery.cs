using System.Globalization;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Dialect;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Paging;
using Millrace.Contacts.References;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Contacts.People;

/// <summary>The query parameters of <c>GET /api/3/contacts</c> as a condition over the contact row <c>c</c>.</summary>
internal static class V3ContactQuery
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

    private static readonly string[] OtherModules = ["formid", "seriesid", "waitid", "segmentid"];

    /// <returns>The condition, and whether it narrows at all.</returns>
    public static (Sql Where, bool Narrows) Of(HttpRequest request, V3Query query, long accountId, string timeZone)
    {
        if (OtherModules.FirstOrDefault(p => V3Filters.Number(request, p) is not null) is { } unknown)
        {
            // Passing it over would answer with everybody, which a caller might then delete or mail.
            throw new InvalidInputException(unknown, "filter_invalid", $"Contacts cannot be filtered by {unknown} here.");
        }

        List<Sql> all = [Sql.Of($"c.account_id = {accountId}"), .. Filters.Where(query, timeZone)];
        all.AddRange(Dates(query, timeZone));
        var ids = request.Query["ids"].Concat(request.Query["ids[]"]).SelectMany(v => (v ?? string.Empty).Split(',')).Select(V3Id.Parse).ToArray();
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
            all.Add(Sql.Of($"c.email ilike {$"%{NamedRows.Escape(like)}%"}"));
        }

        if (Text(request, "phone") is { } phone)
        {
            all.Add(Sql.Of($"c.phone like {NamedRows.Escape(phone) + "%"}"));
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

        return (Sql.Join(" and ", all), all.Count > 1);
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
