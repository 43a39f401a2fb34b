using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Segments.Matching;

/// <summary>The order of a page: <c>sort=-cdate,last_name,field7</c>. Whoever has nothing to be sorted by comes last.</summary>
internal static class MatchSort
{
    private const int MaxKeys = 10;
    private const string Known = "id, email, phone, first_name, last_name, full_name, cdate, udate or field and the number of a custom field";

    /// <returns>An order over the contact <c>c</c> and its id <c>m.id</c>.</returns>
    /// <exception cref="InvalidInputException">A key is not known.</exception>
    public static async Task<Sql> OrderAsync(AccountTransaction work, long accountId, string sort, CancellationToken cancellationToken)
    {
        var keys = sort.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (keys.Length > MaxKeys)
        {
            throw new InvalidInputException("sort", "sort_invalid", $"At most {MaxKeys} keys.");
        }

        var fields = keys.Select(FieldOf).OfType<long>().ToArray();
        var types = fields.Length == 0 ? [] : (await Sql.Of($"select id, type from contacts.field where account_id = {accountId} and id = any ({fields})")
            .ListAsync<Field>(work, cancellationToken)).ToDictionary(f => f.Id, f => f.Type);
        var order = keys.Select(key =>
        {
            var value = FieldOf(key) is { } field ? types.TryGetValue(field, out var type) ? OfField(accountId, field, type) : null : Of(key.TrimStart('-'));
            return value is null ? throw new InvalidInputException("sort", "sort_invalid", $"There is no order by {key[..Math.Min(key.Length, 100)]}; it may be {Known}.")
                : key.StartsWith('-') ? Sql.Of($"{value} desc nulls last") : Sql.Of($"{value} nulls last");
        });
        return Sql.Join(", ", [.. order, Sql.Of($"m.id")]);
    }

    private static Sql? Of(string key) => key switch
    {
        "id" => Sql.Of($"m.id"),
        "email" => Sql.Of($"c.email"),
        "phone" => Sql.Of($"nullif(c.phone, '')"),
        "first_name" => Sql.Of($"nullif(c.first_name_key, '')"),
        "last_name" => Sql.Of($"nullif(c.last_name_key, '')"),
        "full_name" => Sql.Of($"nullif(btrim(c.first_name_key || ' ' || c.last_name_key), '')"),
        "cdate" => Sql.Of($"c.created_at"),
        "udate" => Sql.Of($"c.updated_at"),
        _ => null,
    };

    private static Sql OfField(long accountId, long field, string type)
    {
        var value = type switch
        {
            "number" or "currency" => Sql.Of($"v.number"),
            "date" or "datetime" => Sql.Of($"v.instant"),
            _ => Sql.Of($"lower(v.value)"),
        };
        return Sql.Of($"(select {value} from contacts.field_value v where v.account_id = {accountId} and v.contact_id = m.id and v.field_id = {field})");
    }

    private static long? FieldOf(string key)
    {
        var name = key.TrimStart('-');
        return name.StartsWith("field", StringComparison.Ordinal) && long.TryParse(name["field".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
    }

    private sealed record Field(long Id, string Type);
}
