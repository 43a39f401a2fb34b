using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.PersonalMail.Sending;

/// <summary>Loads mails that are on their way, each with all that belongs to it, in a few statements for all of them.</summary>
internal sealed class MailShelf
{
    private MailShelf()
    {
    }

    public Dictionary<(long AccountId, long MailId), StoredMail> Mails { get; private init; } = [];

    public ILookup<(long, long), StoredRecipient> Recipients { get; private init; } = null!;

    public ILookup<(long, long), StoredFile> Files { get; private init; } = null!;

    public ILookup<(long, long), StoredLink> Links { get; private init; } = null!;

    /// <summary>Sizes in bytes of those that are there.</summary>
    public static async Task<Dictionary<(long AccountId, long MailId), int>> SizesAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(long AccountId, long MailId)> mails, CancellationToken cancellationToken) => (await Sql.Of($"""
        select m.account_id, m.id, m.size from {These(mails)} join personal.mail m on m.account_id = w.account_id and m.id = w.mail_id where m.state <> 'draft'
        """).ListAsync<Sized>(transaction, cancellationToken)).ToDictionary(s => (s.AccountId, s.Id), s => s.Size);

    public static async Task<MailShelf> LoadAsync(NpgsqlTransaction transaction, IReadOnlyList<(long AccountId, long MailId)> mails, CancellationToken cancellationToken)
    {
        var these = These(mails);
        return new()
        {
            Mails = (await Sql.Of($"""
                select m.account_id, m.id, m.guid, m.contact_id, m.mailbox_id, m.from_name, m.from_address, m.subject, m.html, m.text, m.track_opens, m.track_clicks, m.files_as_links,
                       m.in_reply_to, m.queued_at, m.size
                from {these} join personal.mail m on m.account_id = w.account_id and m.id = w.mail_id where m.state <> 'draft'
                """).ListAsync<StoredMail>(transaction, cancellationToken)).ToDictionary(m => (m.AccountId, m.Id)),
            Recipients = (await Sql.Of($"""
                select r.account_id, r.mail_id, r.no, r.kind, r.name, r.address from {these}
                join personal.recipient r on r.account_id = w.account_id and r.mail_id = w.mail_id order by r.account_id, r.mail_id, r.no
                """).ListAsync<StoredRecipient>(transaction, cancellationToken)).ToLookup(r => (r.AccountId, r.MailId)),
            Files = (await Sql.Of($"""
                select a.account_id, a.mail_id, a.no, a.name, a.content_type, f.size, case when not m.files_as_links then f.content end from {these}
                join personal.mail m on m.account_id = w.account_id and m.id = w.mail_id
                join personal.mail_file a on a.account_id = m.account_id and a.mail_id = m.id
                join personal.file f on f.account_id = a.account_id and f.id = a.file_id order by a.account_id, a.mail_id, a.no
                """).ListAsync<StoredFile>(transaction, cancellationToken)).ToLookup(f => (f.AccountId, f.MailId)),
            Links = (await Sql.Of($"""
                select l.account_id, l.mail_id, l.no, l.url from {these} join personal.mail_link l on l.account_id = w.account_id and l.mail_id = w.mail_id
                """).ListAsync<StoredLink>(transaction, cancellationToken)).ToLookup(l => (l.AccountId, l.MailId)),
        };
    }

    private static Sql These(IReadOnlyList<(long AccountId, long MailId)> mails) =>
        Sql.Of($"unnest({mails.Select(m => m.AccountId).ToArray()}, {mails.Select(m => m.MailId).ToArray()}) as w (account_id, mail_id)");

    private sealed record Sized(long AccountId, long Id, int Size);
}
