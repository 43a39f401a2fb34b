using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Contacts.People;

/// <summary>Which contacts a list shows. Every part narrows; what is null does not.</summary>
internal sealed record ContactFilter(
    string? Text = null, long? TagId = null, long? ListId = null, SubscriptionStatus? Status = null, DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedBefore = null)
{
    private const int MaxWords = 8;

    public bool IsEmpty => string.IsNullOrWhiteSpace(Text) && TagId is null && ListId is null && Status is null && CreatedFrom is null && CreatedBefore is null;

    /// <summary>A condition over the contact row <c>c</c>.</summary>
    public Sql Where(long accountId)
    {
        List<Sql> all = [Sql.Of($"c.account_id = {accountId}")];
        foreach (var word in (Text ?? string.Empty).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(MaxWords))
        {
            all.Add(word[0] == '@' ? Prefix(Sql.Of($"c.email_domain"), word[1..]) : Sql.Of($"""
                ({Prefix(Sql.Of($"c.email"), word)} or {Prefix(Sql.Of($"c.first_name_key"), word)} or {Prefix(Sql.Of($"c.last_name_key"), word)})
                """));
        }

        if (TagId is { } tag)
        {
            all.Add(Sql.Of($"exists (select 1 from contacts.contact_tag t where t.account_id = {accountId} and t.contact_id = c.id and t.tag_id = {tag})"));
        }

        if (ListId is not null || Status is not null)
        {
            var list = ListId is { } listId ? Sql.Of($"and s.list_id = {listId}") : Sql.Empty;
            var status = Status is { } wanted ? Sql.Of($"and s.status = {wanted}") : Sql.Empty;
            all.Add(Sql.Of($"exists (select 1 from contacts.subscription s where s.account_id = {accountId} and s.contact_id = c.id {list} {status})"));
        }

        if (CreatedFrom is { } from)
        {
            all.Add(Sql.Of($"c.created_at >= {from}"));
        }

        if (CreatedBefore is { } before)
        {
            all.Add(Sql.Of($"c.created_at < {before}"));
        }

        return Sql.Join(" and ", all);
    }

    /// <summary>
    /// A prefix as a range of the index, whatever signs it holds: the collation orders by code point, and nothing sorts behind the last one.
    /// </summary>
    private static Sql Prefix(Sql column, string word) =>
        Sql.Of($"({column} >= lower({word}) and {column} < lower({word}) || {"\U0010FFFF"})");
}
