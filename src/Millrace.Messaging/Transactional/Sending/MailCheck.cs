using System.Buffers.Text;
using System.Text;
using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;

namespace Millrace.Messaging.Transactional.Sending;

/// <summary>Reads a request and says what is wrong with it. Pure; nothing that could break out of a header or an SMTP command gets past.</summary>
internal static class MailCheck
{
    public const int MaxRecipients = 50;
    private const int MaxBody = 5 * 1024 * 1024;
    private const int MaxFiles = 10 * 1024 * 1024;
    private const int MaxFileCount = 100;
    private const int MaxHeaders = 100;
    private const int MaxSubject = 2_000;
    private const int MaxTag = 1_000;

    // What mailbox providers refuse anyway, and what harms who opens it.
    private static readonly HashSet<string> ForbiddenFiles = new(StringComparer.OrdinalIgnoreCase)
    {
        "vbs", "exe", "bin", "bat", "chm", "com", "cpl", "crt", "hlp", "hta", "inf", "ins", "isp", "jse", "lnk", "mdb", "pcd", "pif", "reg", "scr", "sct", "shs", "vbe",
        "vba", "wsf", "wsh", "wsl", "msc", "msi", "msp", "mst",
    };

    public static (OutgoingMail? Mail, MailRefusal? Refusal) Read(MailRequest request)
    {
        try
        {
            return (Checked(request), null);
        }
        catch (RefusedException e)
        {
            return (null, e.Refusal);
        }
    }

    private static OutgoingMail Checked(MailRequest request)
    {
        var from = Addresses("From", request.From);
        Require(from.Count == 1, "A mail needs exactly one From address.");
        var (to, cc, bcc) = (Addresses("To", request.To), Addresses("Cc", request.Cc), Addresses("Bcc", request.Bcc));
        var recipients = to.Count + cc.Count + bcc.Count;
        Require(recipients > 0, "A mail needs at least one recipient: To, Cc and Bcc are all empty.");
        Require(recipients <= MaxRecipients, $"A mail goes to at most {MaxRecipients} recipients, To, Cc and Bcc together.");
        var replyTo = Addresses("ReplyTo", request.ReplyTo);
        Require(replyTo.Count <= 1, "ReplyTo takes one address.");
        var (subject, html, text) = (request.Subject ?? "", request.Html ?? "", request.Text ?? "");
        Require(subject.Length <= MaxSubject, $"A subject has at most {MaxSubject} characters.");
        Require(HeaderText.IsSafe(subject), "The subject contains a control character.");
        Require(html.Length > 0 || text.Length > 0, "A mail needs a body: HtmlBody, TextBody or both.");
        Require(html.Length <= MaxBody && text.Length <= MaxBody, "HtmlBody and TextBody have at most 5 MB each.");
        Require(IsText(html) && IsText(text), "A body contains a character that cannot be sent.");
        Require(request.Tag is null || (request.Tag.Length <= MaxTag && HeaderText.IsSafe(request.Tag)), $"A tag is one line of at most {MaxTag} characters.");
        return new OutgoingMail(
            from[0], to, cc, bcc, replyTo is [var answerTo] ? answerTo : null, subject, html, text, string.IsNullOrEmpty(request.Tag) ? null : request.Tag, Metadata(request.Metadata),
            Headers(request.Headers), Files(request.Files), string.IsNullOrEmpty(request.Stream) ? "outbound" : request.Stream, request.TrackOpens, request.TrackLinks,
            request.TemplateId);
    }

    private static IReadOnlyList<Mailbox> Addresses(string member, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        var found = MailboxList.Parse(text, out var problem);
        Require(problem is null, $"{member}: {problem}");
        return found;
    }

    private static Dictionary<string, string> Metadata(IReadOnlyDictionary<string, string?>? metadata)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in metadata ?? new Dictionary<string, string?>())
        {
            Require(name.Length is > 0 and <= 20 && (value ?? "").Length <= 80, "Metadata has names of 1 to 20 and values of at most 80 characters.");
            Require(IsText(name) && IsText(value ?? ""), "Metadata contains a character that cannot be stored.");
            read[name] = value ?? "";
        }

        Require(read.Count <= 10, "Metadata has at most 10 values.");
        return read;
    }

    private static List<MailHeader> Headers(IReadOnlyList<HeaderRequest>? headers)
    {
        Require((headers?.Count ?? 0) <= MaxHeaders, $"A mail has at most {MaxHeaders} headers of its own.");
        var read = new List<MailHeader>();
        foreach (var header in headers ?? [])
        {
            var (name, value) = (header?.Name ?? "", header?.Value ?? "");
            Require(CustomHeader.Problem(name, value) is null, CustomHeader.Problem(name, value) ?? "");
            read.Add(new MailHeader(name, value));
        }

        return read;
    }

    private static List<MailAttachment> Files(IReadOnlyList<FileRequest>? files)
    {
        Require((files?.Count ?? 0) <= MaxFileCount, $"A mail has at most {MaxFileCount} attachments.");
        var (read, total) = (new List<MailAttachment>(), 0L);
        foreach (var file in files ?? [])
        {
            var (name, content) = (file?.Name ?? "", file?.Content ?? "");
            Require(name.Length is > 0 and <= 255 && HeaderText.IsSafe(name), "An attachment needs a name of 1 to 255 characters.");
            var dot = name.LastIndexOf('.');
            if (dot >= 0 && ForbiddenFiles.Contains(name[(dot + 1)..].Trim()))
            {
                throw new RefusedException(new MailRefusal(MailRefusal.ForbiddenFile, $"Files of this type are not sent: {name[dot..]}."));
            }

            total += content.Length * 3L / 4;
            Require(total <= MaxFiles, "The attachments of a mail have at most 10 MB together.");
            var id = file!.ContentId is { Length: > 0 } given ? given.StartsWith("cid:", StringComparison.OrdinalIgnoreCase) ? given[4..] : given : null;
            Require(id is null || CustomHeader.IsContentId(id), $"The ContentID of {name} is not valid.");
            read.Add(new MailAttachment(name, file.ContentType ?? "", Decode(name, content), id));
        }

        return read;
    }

    private static byte[] Decode(string name, string content)
    {
        var plain = content.AsSpan().ContainsAny('\r', '\n') ? content.ReplaceLineEndings("") : content;
        Require(Base64.IsValid(plain), $"The content of {name} is not base64.");
        return Convert.FromBase64String(plain);
    }

    /// <summary>No NUL, and no half of a surrogate pair.</summary>
    private static bool IsText(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        for (var at = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff'); at >= 0 && at < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(at), out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            var next = text.AsSpan(at + length).IndexOfAnyInRange('\ud800', '\udfff');
            at = next < 0 ? text.Length : at + length + next;
        }

        return true;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new RefusedException(new MailRefusal(MailRefusal.Invalid, otherwise));
        }
    }

    private sealed class RefusedException(MailRefusal refusal) : Exception(refusal.Message)
    {
        public MailRefusal Refusal { get; } = refusal;
    }
}
