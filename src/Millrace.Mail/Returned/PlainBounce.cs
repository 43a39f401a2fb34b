using System.Buffers;
using Millrace.Mail.Mime;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Returned;

/// <summary>
/// Bounces without a machine-readable part, as qmail, Exim, old Exchange, Domino and a good many providers write them. Read only when the mail comes from a
/// mail system, never of a person who quotes one.
/// </summary>
internal static class PlainBounce
{
    private const int MaxText = 16 * 1024;

    private static readonly string[] Systems = ["mailer-daemon", "mailerdaemon", "postmaster", "mail-daemon", "mail delivery", "mail-delivery", "delivery subsystem"];

    private static readonly SearchValues<string> Subjects = Phrases(
        "undeliver", "delivery status", "delivery fail", "failed delivery", "failure notice", "returned mail", "mail delivery", "delivery notification", "non-delivery",
        "nondeliverable", "could not be delivered", "returned to sender", "unzustellbar", "nicht zugestellt", "message delayed", "delayed mail", "delivery delay",
        "warning: message", "remise", "non remis", "no se puede entregar");

    private static readonly SearchValues<string> Waiting = Phrases(
        "will continue to try", "will keep trying", "will be retried", "has not yet been delivered", "not yet been delivered", "no action is required on your part",
        "still trying", "you do not need to resend", "this is a warning message only", "delivery attempts will continue", "wird weiterhin versucht");

    /// <summary>Where the words of the receiving server begin.</summary>
    private static readonly string[] Openings =
    [
        "remote host said:", "the error that the other server returned was:", "the response from the remote server was:", "smtp error from remote mail server",
        "smtp error from remote mailer", "smtp error from remote server", "said:", "the response was:", "reason:", "diagnostic-code:", "error:", "response:", "grund:",
    ];

    public static DeliveryReport? Read(ParsedMail mail)
    {
        var from = mail.From.ToLowerInvariant();
        var isSystem = Array.Exists(Systems, s => from.Contains(s, StringComparison.Ordinal)) || mail.Root.Header("X-Failed-Recipients") is not null
            || mail.Root.Header("Return-Path")?.Trim() is "<>";
        if (!isSystem || (!mail.Subject.AsSpan().ContainsAny(Subjects) && mail.Root.Header("X-Failed-Recipients") is null))
        {
            return null;
        }

        var text = mail.TextBody ?? mail.HtmlBody ?? "";
        text = BeforeOriginal(text.Length > MaxText ? text[..MaxText] : text);
        var action = text.AsSpan().ContainsAny(Waiting) || mail.Subject.Contains("delay", StringComparison.OrdinalIgnoreCase) ? ReportAction.Delayed : ReportAction.Failed;
        var recipient = mail.Root.Header("X-Failed-Recipients")?.Split(',')[0].Trim() ?? FirstAddress(text);
        var words = Words(text, recipient);
        return new DeliveryReport(
            action, recipient.Length > 320 ? "" : recipient, DeliveryReport.MakeReply(words, null), EnhancedCode.Read(Rest(words))?.ToString() ?? "", "");
    }

    /// <summary>What stands behind an opening, else behind the recipient's address, else all: the classifier looks for phrases in it.</summary>
    private static string Words(string text, string recipient)
    {
        foreach (var opening in Openings)
        {
            var at = text.IndexOf(opening, StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
            {
                var words = Paragraph(text[(at + opening.Length)..]);
                if (ReplyInText.Find(words) is not null)
                {
                    return words;
                }
            }
        }

        var address = recipient.Length == 0 ? -1 : text.IndexOf(recipient, StringComparison.OrdinalIgnoreCase);
        var behind = Paragraph(address < 0 ? text : text[(address + recipient.Length)..]);
        return ReplyInText.Find(behind) is not null || ReplyInText.Find(text) is null ? behind : text[Math.Max(0, IndexOfReply(text))..];
    }

    private static string Rest(string words) => ReplyInText.Find(words) is (_, var behind) ? behind : words;

    private static int IndexOfReply(string text)
    {
        for (var i = 0; i + 3 < text.Length; i++)
        {
            if (text[i] is '4' or '5' && (i == 0 || !char.IsAsciiLetterOrDigit(text[i - 1])) && ReplyInText.Find(text[i..Math.Min(i + 5, text.Length)]) is not null)
            {
                return i;
            }
        }

        return 0;
    }

    private static string Paragraph(string text)
    {
        text = text.TrimStart(' ', '\t', '\r', '\n', '>', ':', '.', ')');
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var other = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        end = end < 0 || (other >= 0 && other < end) ? other : end;
        return end < 0 ? text : text[..end];
    }

    private static string BeforeOriginal(string text)
    {
        foreach (var mark in (ReadOnlySpan<string>)["--- Below this line is a copy", "------ This is a copy of", "----- Original message", "--- The header of the original", "Original message headers"])
        {
            var at = text.IndexOf(mark, StringComparison.OrdinalIgnoreCase);
            text = at < 0 ? text : text[..at];
        }

        return text;
    }

    private static string FirstAddress(string text)
    {
        var at = 0;
        while ((at = text.IndexOf('@', at)) >= 0)
        {
            var (start, end) = (at, at + 1);
            while (start > 0 && IsAddress(text[start - 1]))
            {
                start--;
            }

            while (end < text.Length && IsAddress(text[end]))
            {
                end++;
            }

            var address = text[start..end].Trim('.', '-', '\'');
            if (start < at && address.IndexOf('.', Math.Max(0, address.IndexOf('@', StringComparison.Ordinal))) > 0 && address.Length <= 320)
            {
                return address;
            }

            at = end;
            if (at >= text.Length)
            {
                break;
            }
        }

        return "";
    }

    private static bool IsAddress(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+' or '=' or '\'' or '&';

    private static SearchValues<string> Phrases(params ReadOnlySpan<string> phrases) => SearchValues.Create(phrases, StringComparison.OrdinalIgnoreCase);
}
