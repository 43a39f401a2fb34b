using System.Globalization;
using System.Net;
using System.Text;
using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;
using Millrace.Messaging.Contracts;

namespace Millrace.PersonalMail.Sending;

/// <summary>A mail with all that is written into it.</summary>
internal sealed record StoredMail(
    long AccountId, long Id, Guid Guid, long ContactId, long? MailboxId, string FromName, string FromAddress, string Subject, string Html, string Text, bool TrackOpens,
    bool TrackClicks, bool FilesAsLinks, string? InReplyTo, DateTimeOffset QueuedAt, int Size);

internal sealed record StoredRecipient(long AccountId, long MailId, short No, string Kind, string Name, string Address);

/// <param name="Content">Null where files go along as links.</param>
internal sealed record StoredFile(long AccountId, long MailId, short No, string Name, string ContentType, int Size, byte[]? Content);

internal sealed record StoredLink(long AccountId, long MailId, short No, string Url);

/// <summary>Writes a stored mail: links and pixel where they are counted, files as links or attached. The same row always gives the same text.</summary>
internal sealed class MailBody(PersonalKeys keys, IMailHtml html, IPublicAddress address)
{
    /// <param name="counted">False for the copy that the sender keeps: his own looks must not count as the contact's.</param>
    public LetterContent Write(
        StoredMail mail, IEnumerable<StoredRecipient> recipients, IReadOnlyList<StoredFile> files, IReadOnlyList<StoredLink> links, bool counted = true)
    {
        var numbers = links.ToDictionary(l => l.Url, l => l.No, StringComparer.Ordinal);
        var (body, text) = counted && mail.TrackClicks
            ? html.ReplaceLinks(mail.Html, mail.Text, url => numbers.TryGetValue(url, out var no) ? Url(mail, PersonalTokenKind.Link, no, "c") : null)
            : (mail.Html, mail.Text);
        if (mail.FilesAsLinks && files.Count > 0)
        {
            (body, text) = WithFiles(mail, body, text, files);
        }

        if (body.Length > 0)
        {
            var pixel = counted && mail.TrackOpens
                ? $"""<img src="{Url(mail, PersonalTokenKind.Open, 0, "o")}" width="1" height="1" alt="" style="display:block;border:0;width:1px;height:1px">""" : "";
            body = $"""<!DOCTYPE html><html><head><meta charset="utf-8"></head><body style="font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5;color:#1f2933">{body}{pixel}</body></html>""";
        }

        var boxes = recipients.Where(r => r.Address.Length > 0).ToLookup(r => r.Kind, r => new Mailbox(EmailAddress.Parse(r.Address), r.Name.Length > 0 ? r.Name : null));
        return new(
            mail.AccountId, mail.Id, mail.Guid, new Mailbox(EmailAddress.Parse(mail.FromAddress), mail.FromName.Length > 0 ? mail.FromName : null), [.. boxes["to"]], [.. boxes["cc"]],
            mail.Subject, body, text, mail.InReplyTo is { } id ? [new("In-Reply-To", id), new("References", id)] : [],
            mail.FilesAsLinks ? [] : [.. files.Select(f => new MailAttachment(f.Name, f.ContentType, f.Content ?? []))], mail.Size);
    }

    /// <summary>As bytes, for a mailbox of the sender's own.</summary>
    public static MailBuffer ToBytes(LetterContent letter, DateTimeOffset date)
    {
        var bytes = new MailBuffer((letter.Size * 4 / 3) + 8192);
        try
        {
            new MimeMessage
            {
                From = letter.From,
                To = letter.To,
                Cc = letter.Cc,
                Subject = letter.Subject,
                MessageId = MessageId(letter.Guid, letter.From.Address.Domain),
                Date = date,
                Headers = letter.Headers,
                HtmlBody = letter.Html.AsMemory(),
                TextBody = letter.Text.AsMemory(),
                Attachments = letter.Files,
            }.WriteTo(bytes);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    public static string MessageId(Guid guid, string domain) => $"<{guid:D}@{domain}>";

    private (string Html, string Text) WithFiles(StoredMail mail, string body, string text, IReadOnlyList<StoredFile> files)
    {
        var (rows, lines) = (new StringBuilder(), new StringBuilder());
        foreach (var file in files)
        {
            var url = Url(mail, PersonalTokenKind.File, file.No, "f");
            rows.Append(CultureInfo.InvariantCulture, $"""<p style="margin:0 0 6px"><a href="{url}">{WebUtility.HtmlEncode(file.Name)}</a> <span style="color:#667085">({Size(file.Size)})</span></p>""");
            lines.Append(CultureInfo.InvariantCulture, $"{file.Name} ({Size(file.Size)}): {url}\n");
        }

        return (
            body.Length == 0 ? "" : $"""{body}<div style="margin-top:20px;padding-top:12px;border-top:1px solid #d0d5dd">{rows}</div>""",
            $"{text.TrimEnd()}\n\n{lines}");
    }

    private string Url(StoredMail mail, PersonalTokenKind kind, short no, string path) =>
        $"{address.Url}/m/{path}/{new PersonalToken(kind, mail.AccountId, mail.Id, no).Write(keys.Key)}";

    private static string Size(int bytes) => bytes < 1024 ? FormattableString.Invariant($"{bytes} B")
        : bytes < 1024 * 1024 ? FormattableString.Invariant($"{bytes / 1024} KB") : FormattableString.Invariant($"{bytes / 1048576.0:0.0} MB");
}
