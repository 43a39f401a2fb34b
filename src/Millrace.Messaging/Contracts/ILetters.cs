using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;
using Npgsql;

namespace Millrace.Messaging.Contracts;

/// <summary>
/// Mails that another module wrote whole, and which this one sends: implemented by that module. Their rows of the ledger have
/// <see cref="SendSourceKind.Personal"/>; the source is the mail. Content is asked for when a row is due, and what becomes of it is told back.
/// </summary>
public interface ILetters
{
    /// <summary>The content of these mails. Null: does not fit into <paramref name="room"/> now and is asked for again; not in it: there is no such mail any more.</summary>
    /// <param name="room">Bytes that may be loaded.</param>
    /// <param name="atLeastOne">The first comes along however large it is.</param>
    Task<IReadOnlyDictionary<(long AccountId, long MailId), LetterContent?>> LoadAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(long AccountId, long MailId)> mails, long room, bool atLeastOne, CancellationToken cancellationToken);

    /// <summary>Subjects for lists of mails, by mail; one that is gone has none.</summary>
    Task<IReadOnlyDictionary<long, string>> SubjectsAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyCollection<long> mailIds, CancellationToken cancellationToken);

    /// <summary>What became of recipients, in the transaction in which it is written down.</summary>
    Task TellAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyList<LetterNews> news, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>A mail as it is to be written. Tracking stands in it already; it gets no way out and no pixel.</summary>
/// <param name="Guid">The left half of its <c>Message-ID</c>; the right one is the domain of From.</param>
/// <param name="Size">Bytes of bodies and files.</param>
public sealed record LetterContent(
    long AccountId, long MailId, Guid Guid, Mailbox From, IReadOnlyList<Mailbox> To, IReadOnlyList<Mailbox> Cc, string Subject, string Html, string Text,
    IReadOnlyList<MailHeader> Headers, IReadOnlyList<MailAttachment> Files, int Size);

/// <param name="Reason">Class of the reply, or why it was not sent.</param>
/// <param name="Reply">The other server's words; null when it said nothing.</param>
public sealed record LetterNews(long MailId, short RecipientNo, LetterFate Fate, string Reason, string? Reply);

public enum LetterFate
{
    /// <summary>The receiving server took it.</summary>
    Sent,

    /// <summary>Put off; another attempt follows.</summary>
    Delayed,

    /// <summary>The other side does not want it, now or by a later report.</summary>
    Bounced,

    /// <summary>It may not be mailed.</summary>
    Refused,

    /// <summary>It could not be made.</summary>
    Failed,

    /// <summary>The other side may have it; nobody can say.</summary>
    Unknown,
}
