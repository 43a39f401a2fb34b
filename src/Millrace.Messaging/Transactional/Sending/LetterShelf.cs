using System.Text.Json;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Transactional.Sending;

/// <summary>A mail with content of its own, as it is sent.</summary>
internal sealed record Letter(
    long AccountId, long MailId, Guid Guid, Mailbox From, Mailbox? ReplyTo, IReadOnlyList<Mailbox> To, IReadOnlyList<Mailbox> Cc, string Subject, string Html, string Text,
    IReadOnlyList<MailHeader> Headers, IReadOnlyList<MailAttachment> Files, bool TrackOpens, LinkTracking TrackLinks, IReadOnlyDictionary<string, int> Links, StreamKind Kind,
    UnsubscribeHandling Unsubscribe, string StreamKey, int Size)
{
    /// <summary>One that another module wrote whole: tracking stands in it already.</summary>
    public static Letter Of(LetterContent content) => new(
        content.AccountId, content.MailId, content.Guid, content.From, null, content.To, content.Cc, content.Subject, content.Html, content.Text, content.Headers, content.Files,
        false, LinkTracking.None, new Dictionary<string, int>(), StreamKind.Transactional, UnsubscribeHandling.None, "", content.Size);
}

/// <summary>
/// Loads the content of due transactional mails, each once however many recipients it has, and no more at a time than this process may hold.
/// </summary>
internal sealed class LetterShelf(IOptions<TransactionalOptions> options, IEnumerable<ILetters> elsewhere)
{
    private long _inHand;

    /// <summary>By send. What does not fit yet is null: it stays due and comes again.</summary>
    public async Task<Dictionary<SendKey, Letter?>> LoadAsync(NpgsqlTransaction transaction, IReadOnlyList<DueSend> due, CancellationToken cancellationToken)
    {
        var letters = await LoadOwnAsync(transaction, due, cancellationToken);
        var personal = due.Where(d => d.SourceKind == SendSourceKind.Personal && d.State != SendState.Handoff).ToList();
        if (personal.Count > 0 && elsewhere.FirstOrDefault() is { } source)
        {
            var taken = letters.Values.OfType<Letter>().Sum(l => Weight(l.Size));
            var inHand = Interlocked.Read(ref _inHand);
            var found = await source.LoadAsync(
                transaction, [.. personal.Select(p => (p.AccountId, p.SourceId)).Distinct()], ((options.Value.MegabytesInHand * 1024L * 1024) - inHand - taken) / 3,
                inHand + taken == 0, cancellationToken);
            var made = found.ToDictionary(f => f.Key, f => f.Value is { } content ? Letter.Of(content) : null);
            foreach (var send in personal)
            {
                if (made.TryGetValue((send.AccountId, send.SourceId), out var letter))
                {
                    letters[send.Key] = letter;
                }
            }
        }

        return letters;
    }

    private async Task<Dictionary<SendKey, Letter?>> LoadOwnAsync(NpgsqlTransaction transaction, IReadOnlyList<DueSend> due, CancellationToken cancellationToken)
    {
        var asked = due.Where(d => d.SourceKind == Contracts.SendSourceKind.Transactional && d.State != SendState.Handoff).ToList();
        if (asked.Count == 0)
        {
            return [];
        }

        // Only what was handed in here has recipients; other mails that somebody waits for have a message.
        var found = await Sql.Of($"""
            select r.account_id, r.send_id, r.mail_id, m.size
            from unnest({asked.Select(a => a.AccountId).ToArray()}, {asked.Select(a => a.Id).ToArray()}, {asked.Select(a => a.SourceId).ToArray()}, {asked.Select(a => a.RecipientNo).ToArray()})
                 with ordinality as w (account_id, send_id, mail_id, no, place)
            join messaging.mail_recipient r on r.account_id = w.account_id and r.mail_id = w.mail_id and r.no = w.no and r.send_id = w.send_id
            join messaging.mail m on m.account_id = r.account_id and m.id = r.mail_id
            order by w.place
            """).ListAsync<Found>(transaction, cancellationToken);
        var (fits, room) = (new HashSet<(long, long)>(), (options.Value.MegabytesInHand * 1024L * 1024) - Interlocked.Read(ref _inHand));
        var isFirst = Interlocked.Read(ref _inHand) == 0;
        var letters = new Dictionary<SendKey, Letter?>();
        var chosen = new List<Found>();
        foreach (var one in found)
        {
            var weight = Weight(one.Size);
            var goes = weight <= room || (isFirst && chosen.Count == 0);
            if (goes)
            {
                room -= weight;
                chosen.Add(one);
                fits.Add((one.AccountId, one.MailId));
            }

            letters[new SendKey(one.AccountId, one.SendId)] = null;
        }

        var contents = await ContentsAsync(transaction, [.. fits], cancellationToken);
        foreach (var one in chosen)
        {
            letters[new SendKey(one.AccountId, one.SendId)] = contents[(one.AccountId, one.MailId)];
        }

        return letters;
    }

    /// <summary>A parcel is made of it: it counts until <see cref="Release"/>.</summary>
    public void Hold(Letter letter) => Interlocked.Add(ref _inHand, Weight(letter.Size));

    public void Release(Letter letter) => Interlocked.Add(ref _inHand, -Weight(letter.Size));

    /// <summary>Content and bytes of the wire together.</summary>
    private static long Weight(int size) => (size * 3L) + 16_384;

    private static async Task<Dictionary<(long, long), Letter>> ContentsAsync(NpgsqlTransaction transaction, (long AccountId, long MailId)[] mails, CancellationToken cancellationToken)
    {
        var these = Sql.Of($"unnest({mails.Select(m => m.AccountId).ToArray()}, {mails.Select(m => m.MailId).ToArray()}) as w (account_id, mail_id)");
        var rows = await Sql.Of($"""
            select m.account_id, m.id, m.guid, m.from_name, m.from_address, m.reply_to, m.subject, m.html, m.text, m.headers, m.track_opens, m.track_links, s.kind, s.unsubscribe, s.key, m.size
            from {these} join messaging.mail m on m.account_id = w.account_id and m.id = w.mail_id
            join messaging.mail_stream s on s.account_id = m.account_id and s.id = m.stream_id
            """).ListAsync<Row>(transaction, cancellationToken);
        var recipients = (await Sql.Of($"""
            select r.account_id, r.mail_id, r.kind, r.name, r.address from {these}
            join messaging.mail_recipient r on r.account_id = w.account_id and r.mail_id = w.mail_id where r.kind in ('to', 'cc') and r.address <> '' order by r.account_id, r.mail_id, r.no
            """).ListAsync<Recipient>(transaction, cancellationToken)).ToLookup(r => (r.AccountId, r.MailId));
        var files = (await Sql.Of($"""
            select f.account_id, f.mail_id, f.name, f.content_type, f.content, f.content_id from {these}
            join messaging.mail_file f on f.account_id = w.account_id and f.mail_id = w.mail_id order by f.account_id, f.mail_id, f.no
            """).ListAsync<File>(transaction, cancellationToken)).ToLookup(f => (f.AccountId, f.MailId));
        var links = (await Sql.Of($"""
            select l.account_id, l.mail_id, l.no::integer, l.url from {these} join messaging.mail_link l on l.account_id = w.account_id and l.mail_id = w.mail_id
            """).ListAsync<Link>(transaction, cancellationToken)).ToLookup(l => (l.AccountId, l.MailId));
        return rows.ToDictionary(r => (r.AccountId, r.Id), r => new Letter(
            r.AccountId, r.Id, r.Guid, new Mailbox(EmailAddress.Parse(r.FromAddress), r.FromName), MailboxList.Parse(r.ReplyTo, out _) is [var box, ..] ? box : null,
            Boxes(recipients[(r.AccountId, r.Id)], "to"), Boxes(recipients[(r.AccountId, r.Id)], "cc"), r.Subject, r.Html, r.Text,
            r.Headers.Deserialize<List<MailHeader>>() ?? [], [.. files[(r.AccountId, r.Id)].Select(f => new MailAttachment(f.Name, f.ContentType, f.Content, f.ContentId))],
            r.TrackOpens, r.TrackLinks, links[(r.AccountId, r.Id)].ToDictionary(l => l.Url, l => l.No, StringComparer.Ordinal), r.Kind, r.Unsubscribe, r.Key, r.Size));
    }

    private static List<Mailbox> Boxes(IEnumerable<Recipient> recipients, string kind) =>
        [.. recipients.Where(r => r.Kind == kind).Select(r => new Mailbox(EmailAddress.Parse(r.Address), r.Name))];

    private sealed record Found(long AccountId, long SendId, long MailId, int Size);

    private sealed record Row(
        long AccountId, long Id, Guid Guid, string FromName, string FromAddress, string ReplyTo, string Subject, string Html, string Text, JsonElement Headers, bool TrackOpens,
        LinkTracking TrackLinks, StreamKind Kind, UnsubscribeHandling Unsubscribe, string Key, int Size);

    private sealed record Recipient(long AccountId, long MailId, string Kind, string Name, string Address);

    private sealed record File(long AccountId, long MailId, string Name, string ContentType, byte[] Content, string? ContentId);

    private sealed record Link(long AccountId, long MailId, int No, string Url);
}
