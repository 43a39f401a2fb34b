using Millrace.Kernel.Data;

namespace Millrace.Contacts.Notes;

/// <param name="Author">Name or address of the user who wrote it; null when the product did.</param>
internal sealed record NoteView(long Id, string Text, string? Author, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>Newest first.</summary>
    public static Task<List<NoteView>> LatestAsync(
        AccountTransaction work, long accountId, long contactId, int limit, CancellationToken cancellationToken) =>
        Query(accountId, Sql.Of($"n.contact_id = {contactId} order by n.id desc limit {limit}")).ListAsync<NoteView>(work, cancellationToken);

    public static Task<NoteView?> OneAsync(AccountTransaction work, long accountId, long noteId, CancellationToken cancellationToken) =>
        Query(accountId, Sql.Of($"n.id = {noteId}")).FirstAsync<NoteView>(work, cancellationToken);

    // Names of users are the Accounts module's; a note is never shown without its author, so they are joined here.
    private static Sql Query(long accountId, Sql which) => Sql.Of($"""
        select n.id, n.text, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email), n.created_at, n.updated_at
        from contacts.note n
        left join accounts.app_user u on u.account_id = n.account_id and u.id = n.user_id
        where n.account_id = {accountId} and {which}
        """);
}
