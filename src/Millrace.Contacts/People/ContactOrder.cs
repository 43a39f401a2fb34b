using System.Globalization;
using Millrace.Contacts.Paging;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Contacts.People;

/// <summary>How a list of contacts is ordered. Each has an index that yields its pages from any position.</summary>
internal sealed record ContactOrder(ContactSort Sort, bool Descending)
{
    /// <param name="text"><c>created</c>, <c>email</c>, <c>first_name</c> or <c>last_name</c>; a leading minus turns it round.</param>
    public static ContactOrder Parse(string? text)
    {
        var (name, descending) = text is ['-', .. var rest] ? (rest, true) : (text ?? string.Empty, false);
        return text is null ? new(ContactSort.Created, Descending: true)
            : EnumNames<ContactSort>.TryParse(name, out var sort) ? new(sort, descending)
            : throw new InvalidInputException("sort", "filter_invalid", "Contacts are sorted by created, email, first_name or last_name.");
    }

    /// <summary>The ids of one page in order, each with its sort key as text.</summary>
    public Sql Page(Sql where, Position? after, int limit)
    {
        if (Sort == ContactSort.Email)
        {
            return EmailPage(where, after, limit);
        }

        var (column, key) = Sort switch
        {
            ContactSort.Created => (Sql.Of($"c.created_at"), Sql.Of($"(extract(epoch from c.created_at) * 1000000)::bigint::text")),
            ContactSort.FirstName => (Sql.Of($"c.first_name_key"), Sql.Of($"c.first_name_key")),
            ContactSort.LastName => (Sql.Of($"c.last_name_key"), Sql.Of($"c.last_name_key")),
            _ => throw new InvalidOperationException("Sorting by e-mail is another query."),
        };
        var beyond = after is null ? Sql.Empty : Sql.Of($"and ({column}, c.id) {Beyond} ({Value(after.Key)}, {after.Id})");
        return Sql.Of($"""
            select c.id, {key} from contacts.contact c
            where {where} {beyond}
            order by {column} {Direction}, c.id {Direction}
            limit {limit}
            """);
    }

    /// <summary>Contacts without an address come last in either direction, by id.</summary>
    private Sql EmailPage(Sql where, Position? after, int limit)
    {
        var beyond = after?.Key is { } email ? Sql.Of($"and c.email {Beyond} {email}") : Sql.Empty;
        var without = Sql.Of($"""
            select c.id, null::text as email, 1 as part from contacts.contact c
            where {where} and c.email is null and c.id > {(after is { Key: null } ? after.Id : 0L)}
            order by c.id limit {limit}
            """);
        return after is { Key: null }
            ? Sql.Of($"select id, email from ({without}) w")
            : Sql.Of($"""
                select id, email from (
                    (select c.id, c.email, 0 as part from contacts.contact c
                     where {where} and c.email is not null {beyond}
                     order by c.email {Direction} limit {limit})
                    union all
                    ({without})) both_parts
                order by part, email {Direction}, id limit {limit}
                """);
    }

    private Sql Direction => Descending ? Sql.Of($"desc") : Sql.Of($"asc");

    private Sql Beyond => Descending ? Sql.Of($"<") : Sql.Of($">");

    private Sql Value(string? key) => Sort == ContactSort.Created
        ? Sql.Of($"{DateTimeOffset.UnixEpoch.AddMicroseconds(long.Parse(key!, CultureInfo.InvariantCulture))}")
        : Sql.Of($"{key ?? string.Empty}");
}

internal enum ContactSort
{
    Created,
    Email,
    FirstName,
    LastName,
}
