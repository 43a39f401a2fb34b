using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.Mail.Imap;
using Millrace.Mail.Smtp;

namespace Millrace.PersonalMail.Mailboxes;

/// <summary>A connected mailbox as it is worked on.</summary>
internal sealed record MailboxRow(
    long AccountId, long Id, long UserId, string Email, string Name, string ImapHost, int ImapPort, SmtpTls ImapTls, string SmtpHost, int SmtpPort, SmtpTls SmtpTls,
    string UserName, byte[] Password, string? SentFolder, bool FilesSent, long? UidValidity, long? UidNext, DateTimeOffset? ReadAt, DateTimeOffset DueAt, int Failures, long Epoch)
{
    public static readonly Sql Columns = Sql.Of($"""
        b.account_id, b.id, b.user_id, b.email, b.name, b.imap_host, b.imap_port, b.imap_tls, b.smtp_host, b.smtp_port, b.smtp_tls, b.user_name, b.password, b.sent_folder,
        b.files_sent, b.uid_validity, b.uid_next, b.read_at, b.due_at, b.failures, b.epoch
        """);

    /// <summary>To what a sealed password belongs: it opens nowhere else.</summary>
    public static string Place(long accountId, string email) => FormattableString.Invariant($"personal.mailbox {accountId} {email}");

    public ImapEndpoint Imap(KeyRing keys) => new(ImapHost, ImapPort, ImapTls, UserName, keys.Open(Password, Place(AccountId, Email)));

    public SmtpEndpoint Smtp(KeyRing keys) => new(SmtpHost, SmtpPort, SmtpTls, UserName, keys.Open(Password, Place(AccountId, Email)));

    /// <summary>Whether this process still is the one that works on it; holds the row until the transaction ends.</summary>
    public Task<bool> IsOursAsync(AccountTransaction work, CancellationToken cancellationToken) => Sql.Of($"""
        select true from personal.mailbox where account_id = {AccountId} and id = {Id} and epoch = {Epoch} and lease_until is not null and removed_at is null for update
        """).FirstAsync<bool>(work, cancellationToken);
}
