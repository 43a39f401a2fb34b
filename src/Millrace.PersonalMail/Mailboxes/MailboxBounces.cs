using System.Text.RegularExpressions;
using Millrace.Kernel.Data;
using Millrace.Mail.Imap;
using Millrace.Mail.Mime;
using Millrace.Mail.Returned;
using Millrace.Messaging.Contracts;
using Millrace.PersonalMail.Sending;
using Npgsql;

namespace Millrace.PersonalMail.Mailboxes;

/// <summary>A mail of ours that came back into the mailbox it was sent from.</summary>
internal sealed record MailboxBounce(long MailId, short No, string Address, BounceWeight Weight, string Reply)
{
    public Fate Fate => new(MailId, No, "failed", null, Weight.Class, Reply, Weight.Kind);
}

/// <summary>
/// Tells which mails in a mailbox report that one of ours could not be delivered, and which recipient they mean. Our mail is known by the Message-ID in what is returned
/// of it, or in the report's text where a server returns nothing; the recipient by the address that is reported. A mail that is late is not lost: such reports change nothing.
/// </summary>
internal sealed partial class MailboxBounces(NpgsqlDataSource database, IBounces bounces, IMailHtml html)
{
    /// <summary>What a report says stands at its beginning, before what it returns.</summary>
    private const int MaxBytes = 256 * 1024;

    private const int MaxNamed = 100;
    private const int MaxReply = 1_000;

    private sealed record Recipient(long MailId, short No, string Address, string MessageId);

    /// <summary>Whether a mail may be such a report, by its header fields alone: those of a mail system.</summary>
    public static bool MayBe(MimePart header) =>
        header.MediaType is "multipart/report" or "message/delivery-status" || header.Header("X-Failed-Recipients") is not null || header.Header("Return-Path")?.Trim() is "<>"
        || (header.Header("From") is { } from && System().IsMatch(from));

    /// <returns>One for each recipient that did not get a mail of ours.</returns>
    public async Task<IReadOnlyList<MailboxBounce>> ReadAsync(MailboxRow box, ImapConnection connection, IReadOnlyList<uint> uids, CancellationToken cancellationToken)
    {
        var returned = new List<(ReturnedMail Mail, string[] Ids)>();
        foreach (var uid in uids)
        {
            if (await connection.FetchAsync(uid, MaxBytes, cancellationToken) is { } raw && ReturnedMail.Read(raw.Content) is { Kind: ReturnedKind.Bounce } mail)
            {
                returned.Add((mail, Named(mail.Mail)));
            }
        }

        if (returned.Count == 0)
        {
            return [];
        }

        List<Recipient> known;
        await using (var work = await AccountTransaction.BeginAsync(database, box.AccountId, cancellationToken))
        {
            known = await Sql.Of($"""
                select r.mail_id, r.no, lower(r.address), m.message_id from personal.mail m join personal.recipient r on r.account_id = m.account_id and r.mail_id = m.id
                where m.account_id = {box.AccountId} and m.mailbox_id is not null and m.message_id = any ({returned.SelectMany(r => r.Ids).Distinct(StringComparer.Ordinal).ToArray()}) order by r.mail_id, r.no
                """).ListAsync<Recipient>(work, cancellationToken);
        }

        return [.. returned.SelectMany(r => Of(r.Mail, r.Ids, known)).DistinctBy(b => (b.MailId, b.No))];
    }

    private IEnumerable<MailboxBounce> Of(ReturnedMail mail, string[] ids, List<Recipient> known)
    {
        // What is returned names our mail; the first of ours that it names is the one.
        if (ids.Select(id => known.FindAll(k => k.MessageId == id)).FirstOrDefault(k => k.Count > 0) is not { } recipients)
        {
            yield break;
        }

        foreach (var report in mail.Reports.Where(r => r.Action == ReportAction.Failed))
        {
            // Behind a forwarding address another one may be reported: then it is clear only where the mail had one recipient.
            var who = recipients.Find(r => string.Equals(r.Address, report.Recipient, StringComparison.OrdinalIgnoreCase)) ?? (recipients is [var only] ? only : null);
            if (who is not null)
            {
                yield return new(who.MailId, who.No, who.Address, bounces.Weigh(report.Reply), html.CleanText(report.Reply.ToString(), MaxReply));
            }
        }
    }

    private static string[] Named(ParsedMail mail)
    {
        var original = OriginalMail.HeadersOf(mail.Root.All()).Where(h => h.Name.Equals("Message-ID", StringComparison.OrdinalIgnoreCase)).Select(h => h.Value);
        var places = original.Append(mail.Root.Header("In-Reply-To")).Append(mail.Root.Header("References")).Append(mail.TextBody);
        return [.. places.OfType<string>().SelectMany(p => MessageIds.In(p)).Distinct(StringComparer.Ordinal).Take(MaxNamed)];
    }

    [GeneratedRegex(@"mailer-?daemon|mail-daemon|postmaster|mail delivery|delivery subsystem", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex System();
}

/// <summary>Message-IDs in a header field or a text.</summary>
internal static partial class MessageIds
{
    public static IEnumerable<string> In(string text) => Form().Matches(text).Select(m => m.Value);

    [GeneratedRegex(@"<[!-;=?-~]{3,480}>", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Form();
}
