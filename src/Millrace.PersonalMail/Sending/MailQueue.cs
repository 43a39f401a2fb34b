using System.Security.Cryptography;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Millrace.Mail.Addresses;
using Millrace.Messaging.Contracts;
using Millrace.PersonalMail.Composing;
using Millrace.PersonalMail.Mailboxes;
using Npgsql;

namespace Millrace.PersonalMail.Sending;

/// <summary>A mail whose row is there, merged and ready to go.</summary>
/// <param name="Copies">Cc and Bcc, with their kind.</param>
internal sealed record ReadyToGo(
    long MailId, Guid Guid, long ContactId, Mailbox To, IReadOnlyList<(string Kind, Mailbox Box)> Copies, FromChoice From, Merged Merged, bool TrackClicks, int FileBytes);

/// <summary>Sends mails on their way: recipients and links are written, and either the ledger or the mailbox's worker has them from the commit on.</summary>
internal sealed class MailQueue(IOutbox outbox, IMailHtml html, WorkSignal signal)
{
    private const int MaxLinks = 500;

    /// <summary>Random, in the shape of version 4.</summary>
    public static Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        (bytes[6], bytes[8]) = ((byte)((bytes[6] & 0x0F) | 0x40), (byte)((bytes[8] & 0x3F) | 0x80));
        return new Guid(bytes, bigEndian: true);
    }

    /// <returns>By mail: why the contact may not be mailed; those that may are not in it.</returns>
    public async Task<Dictionary<long, string>> AddAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<ReadyToGo> mails, SendSource source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await Sql.Of($"""
            update personal.mail m
            set state = 'queued', queued_at = {now}, updated_at = {now}, mailbox_id = nullif(r.mailbox_id, 0), from_name = r.from_name, from_address = r.from_address, subject = r.subject,
                html = r.html, text = r.text, message_id = r.message_id, size = r.size
            from unnest({mails.Select(m => m.MailId).ToArray()}, {mails.Select(m => m.From.MailboxId ?? 0).ToArray()}, {mails.Select(m => m.From.Name).ToArray()},
                        {mails.Select(m => m.From.Address).ToArray()}, {mails.Select(m => m.Merged.Subject).ToArray()}, {mails.Select(m => m.Merged.Html).ToArray()},
                        {mails.Select(m => m.Merged.Text).ToArray()},
                        {mails.Select(m => MailBody.MessageId(m.Guid, EmailAddress.Parse(m.From.Address).Domain)).ToArray()},
                        {mails.Select(m => m.Merged.Html.Length + m.Merged.Text.Length + m.FileBytes).ToArray()})
                 as r (id, mailbox_id, from_name, from_address, subject, html, text, message_id, size)
            where m.account_id = {accountId} and m.id = r.id
            """).ExecuteAsync(transaction, cancellationToken);
        await StoreLinksAsync(transaction, accountId, mails, cancellationToken);
        var rows = mails.SelectMany(m => m.Copies.Prepend(("to", m.To)).DistinctBy(c => c.Item2.Address.Normalised, StringComparer.Ordinal)
            .Select((c, no) => (Mail: m, No: (short)no, Kind: c.Item1, Box: c.Item2))).ToList();
        await Sql.Of($"""
            insert into personal.recipient (account_id, mail_id, no, kind, name, address, contact_id, next_at)
            select {accountId}, r.mail_id, r.no, r.kind, r.name, r.address, r.contact_id, case when r.is_ours then {now} end
            from unnest({rows.Select(r => r.Mail.MailId).ToArray()}, {rows.Select(r => r.No).ToArray()}, {rows.Select(r => r.Kind).ToArray()},
                        {rows.Select(r => r.Box.Name ?? "").ToArray()}, {rows.Select(r => r.Box.Address.Value).ToArray()},
                        {rows.Select(r => r.No == 0 ? r.Mail.ContactId : 0L).ToArray()}, {rows.Select(r => r.Mail.From.MailboxId is not null).ToArray()})
                 as r (mail_id, no, kind, name, address, contact_id, is_ours)
            """).ExecuteAsync(transaction, cancellationToken);
        var refused = new Dictionary<long, string>();
        var ours = rows.Where(r => r.Mail.From.MailboxId is null).ToList();
        if (ours.Count > 0)
        {
            // The contact's own address is looked up when it goes; those of copies are fixed.
            var version = await outbox.BlankAsync(transaction, accountId, cancellationToken);
            var reasons = await outbox.QueueAsync(
                transaction, accountId, version, source,
                [.. ours.Select(r => new SendRecipient(r.Mail.MailId, r.No == 0 ? r.Mail.ContactId : 0, 0, r.No, r.No == 0 ? null : r.Box.Address.Normalised))], cancellationToken);
            for (var i = 0; i < ours.Count; i++)
            {
                if (reasons[i] is { } reason && ours[i].No == 0)
                {
                    refused[ours[i].Mail.MailId] = reason;
                }
            }

            await RefuseAsync(transaction, accountId, [.. ours.Where((_, i) => reasons[i] is not null).Select(r => (r.Mail.MailId, r.No))], now, cancellationToken);
        }

        var complained = (await outbox.ComplainedAsync(
            transaction, accountId, [.. rows.Where(r => r.Mail.From.MailboxId is not null).Select(r => r.Box.Address.Normalised).Distinct()], cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var barred = rows.Where(r => r.Mail.From.MailboxId is not null && complained.Contains(r.Box.Address.Normalised)).ToList();
        foreach (var row in barred.Where(r => r.No == 0))
        {
            refused[row.Mail.MailId] = "complaint";
        }

        await RefuseAsync(transaction, accountId, [.. barred.Select(r => (r.Mail.MailId, r.No))], now, cancellationToken);
        return refused;
    }

    public void Wake()
    {
        outbox.Wake();
        signal.Pulse(nameof(WorkOnMailboxes));
    }

    private static async Task RefuseAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<(long MailId, short No)> rows, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (rows.Count > 0)
        {
            await Sql.Of($"""
                update personal.recipient r set state = 'refused', reason = 'complaint', next_at = null, finished_at = {now}
                from unnest({rows.Select(r => r.MailId).ToArray()}, {rows.Select(r => r.No).ToArray()}) as x (mail_id, no)
                where r.account_id = {accountId} and r.mail_id = x.mail_id and r.no = x.no
                """).ExecuteAsync(transaction, cancellationToken);
        }
    }

    private async Task StoreLinksAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyList<ReadyToGo> mails, CancellationToken cancellationToken)
    {
        var links = new List<(long MailId, short No, string Url)>();
        foreach (var mail in mails.Where(m => m.TrackClicks))
        {
            var known = new HashSet<string>(StringComparer.Ordinal);
            html.ReplaceLinks(mail.Merged.Html, mail.Merged.Text, url =>
            {
                if (known.Count < MaxLinks && known.Add(url))
                {
                    links.Add((mail.MailId, (short)known.Count, url));
                }

                return null;
            });
        }

        if (links.Count > 0)
        {
            await Sql.Of($"""
                insert into personal.mail_link (account_id, mail_id, no, url)
                select {accountId}, * from unnest({links.Select(l => l.MailId).ToArray()}, {links.Select(l => l.No).ToArray()}, {links.Select(l => l.Url).ToArray()}) l
                """).ExecuteAsync(transaction, cancellationToken);
        }
    }
}
