using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Contacts.Notes;

/// <summary>Writes notes in the caller's transaction.</summary>
internal sealed class WriteNote(IActivityLog activities, TimeProvider clock) : INotes
{
    public const int MaxLength = INotes.MaxLength;

    /// <returns>The note's id.</returns>
    /// <exception cref="NotFoundException">No such contact.</exception>
    public async Task<long> AddAsync(
        NpgsqlTransaction transaction, long accountId, long contactId, long? userId, string text, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var id = await Sql.Of($"""
            insert into contacts.note (account_id, contact_id, user_id, text, created_at, updated_at)
            select {accountId}, c.id, {userId}, {Checked(text)}, {now}, {now} from contacts.contact c where c.account_id = {accountId} and c.id = {contactId}
            returning id
            """).FirstAsync<long?>(transaction, cancellationToken) ?? throw new NotFoundException();
        await activities.AppendAsync(transaction, accountId, [new NoteAdded(contactId, id)], cancellationToken);
        return id;
    }

    public async Task AddAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<(long ContactId, string Text)> notes, DateTimeOffset now, CancellationToken cancellationToken,
        ActivityOrigin? origin = null)
    {
        var texts = notes.Select(n => (n.ContactId, Text: n.Text.Replace("\0", "", StringComparison.Ordinal).Trim()))
            .Where(n => n.Text.Length > 0).Select(n => (n.ContactId, Text: StorableText.Cut(n.Text, MaxLength))).ToList();
        var written = await Sql.Of($"""
            insert into contacts.note (account_id, contact_id, user_id, text, created_at, updated_at)
            select {accountId}, c.id, null, n.text, {now}, {now}
            from unnest({texts.Select(n => n.ContactId).ToArray()}, {texts.Select(n => n.Text).ToArray()}) with ordinality as n (contact_id, text, no)
            join contacts.contact c on c.account_id = {accountId} and c.id = n.contact_id
            order by n.no
            returning contact_id, id
            """).ListAsync<Written>(transaction, cancellationToken);
        await activities.AppendAsync(transaction, accountId, [.. written.Select(w => new NoteAdded(w.ContactId, w.NoteId))], cancellationToken, origin);
    }

    /// <returns>False when there is no such note.</returns>
    public async Task<bool> ChangeAsync(NpgsqlTransaction transaction, long accountId, long noteId, string text, CancellationToken cancellationToken) =>
        await Sql.Of($"update contacts.note set text = {Checked(text)}, updated_at = {clock.GetUtcNow()} where account_id = {accountId} and id = {noteId}")
            .ExecuteAsync(transaction, cancellationToken) > 0;

    private static string Checked(string text) => text.Trim().Length switch
    {
        0 => throw new InvalidInputException("/text", "required", "A note must not be empty."),
        > MaxLength => throw new InvalidInputException("/text", "too_long", $"A note holds at most {MaxLength} characters."),
        _ => text.Contains('\0', StringComparison.Ordinal) ? throw new MalformedRequestException("A text must not contain NUL.") : text.Trim(),
    };

    private sealed record Written(long ContactId, long NoteId);
}
