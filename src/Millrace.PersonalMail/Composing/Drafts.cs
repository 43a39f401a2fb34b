using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.PersonalMail.Sending;

namespace Millrace.PersonalMail.Composing;

/// <summary>A user's draft to a contact as it is stored. There is one for each contact at most.</summary>
internal sealed record DraftRow(
    long Id, Guid Guid, long? MailboxId, string Cc, string Bcc, string Subject, string Html, string Text, bool IsPlain, bool TrackOpens, bool TrackClicks, bool FilesAsLinks,
    long? ResponseId, string? InReplyTo, DateTimeOffset UpdatedAt, long? StartWhenSent, long? StartWhenReplied)
{
    public string Body => IsPlain ? Text : Html;

    public static Task<DraftRow?> FindAsync(
        AccountTransaction work, long accountId, long userId, long contactId, CancellationToken cancellationToken, bool locks = false) => Sql.Of($"""
        select id, guid, mailbox_id, cc, bcc, subject, html, text, is_plain, track_opens, track_clicks, files_as_links, response_id, in_reply_to, updated_at, start_when_sent, start_when_replied from personal.mail
        where account_id = {accountId} and user_id = {userId} and contact_id = {contactId} and state = 'draft' {(locks ? Sql.Of($"for update") : Sql.Empty)}
        """).FirstAsync<DraftRow>(work, cancellationToken);

    /// <summary>The draft; made when there is none.</summary>
    public static async Task<DraftRow> OpenAsync(
        AccountTransaction work, long accountId, long userId, long contactId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await PersonOf.FindAsync(work, accountId, contactId, cancellationToken);
        await Sql.Of($"""
            insert into personal.mail (account_id, guid, contact_id, user_id, state, created_at, updated_at)
            values ({accountId}, {MailQueue.NewGuid()}, {contactId}, {userId}, 'draft', {now}, {now})
            on conflict (account_id, user_id, contact_id) where state = 'draft' do nothing
            """).ExecuteAsync(work, cancellationToken);
        return (await FindAsync(work, accountId, userId, contactId, cancellationToken, locks: true))!;
    }
}

/// <summary>Whom a mail is to.</summary>
internal sealed record PersonOf(long Id, string? Email, string? FirstName, string? LastName)
{
    public string Name => $"{FirstName} {LastName}".Trim();

    /// <exception cref="NotFoundException">No such contact.</exception>
    public static async Task<PersonOf> FindAsync(AccountTransaction work, long accountId, long contactId, CancellationToken cancellationToken) => await Sql.Of($"""
        select id, email, first_name, last_name from contacts.contact where account_id = {accountId} and id = {contactId}
        """).FirstAsync<PersonOf>(work, cancellationToken) ?? throw new NotFoundException();
}
