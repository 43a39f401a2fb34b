using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.People;

/// <summary>Contacts by beginnings of their address and names: the same rule as the list's search field.</summary>
[SearchProvider("contact", Title = "Contacts")]
internal sealed class ContactSearch : SearchProvider
{
    public override async Task<List<SearchHit>> FindAsync(
        AccountTransaction work, long accountId, string text, int limit, CancellationToken cancellationToken)
    {
        var found = await Sql.Of($"""
            select c.id, trim(c.first_name || ' ' || c.last_name), coalesce(c.email, c.phone) from contacts.contact c
            where {new ContactFilter(Text: text).Where(accountId)} order by c.id desc limit {limit}
            """).ListAsync<Reference>(work, cancellationToken);
        return found.ConvertAll(c => new SearchHit(
            c.Id,
            c.Name.Length > 0 ? c.Name : c.Detail ?? string.Empty,
            c.Name.Length > 0 ? c.Detail : null,
            string.Create(CultureInfo.InvariantCulture, $"/contacts/{c.Id}")));
    }
}
