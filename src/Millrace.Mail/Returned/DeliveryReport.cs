using System.Globalization;
using Millrace.Mail.Mime;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Returned;

/// <summary>What a report says became of a mail.</summary>
public enum ReportAction
{
    Failed,

    /// <summary>Not yet delivered; the other server goes on trying.</summary>
    Delayed,
    Delivered,
}

/// <summary>One recipient of a delivery status notification, or what a plain-text bounce says of it.</summary>
/// <param name="Recipient">As the reporting server wrote it; empty when it did not.</param>
/// <param name="Reply">The receiving server's answer, or one that says the same: always 4xx or 5xx, with the enhanced code in front where one is known.</param>
/// <param name="Status">The enhanced code as reported, for example <c>5.1.1</c>; empty when there is none.</param>
/// <param name="RemoteServer">Who said so; empty when unknown.</param>
public sealed record DeliveryReport(ReportAction Action, string Recipient, SmtpReply Reply, string Status, string RemoteServer)
{
    private const int MaxText = 1_000;

    /// <summary>All that the mail reports: of its <c>message/delivery-status</c>, else of its text. Empty when it is no report. Never throws.</summary>
    public static IReadOnlyList<DeliveryReport> Read(ParsedMail mail)
    {
        var part = mail.Root.All().FirstOrDefault(p => p.Children.Count == 0 && p.MediaType is "message/delivery-status" or "message/global-delivery-status");
        if (part is null)
        {
            return PlainBounce.Read(mail) is { } plain ? [plain] : [];
        }

        var reports = StatusFields.Read(part.DecodeBytes()).Where(g => g["Action"] is not null || g["Final-Recipient"] is not null)
            .Select(OfGroup).OfType<DeliveryReport>().ToList();
        return reports.Count > 0 ? reports : PlainBounce.Read(mail) is { } text ? [text] : [];
    }

    private static DeliveryReport? OfGroup(StatusFields group)
    {
        var status = ReadStatus(group["Status"]);
        ReportAction? action = group["Action"]?.ToLowerInvariant().Split(' ', '(')[0] switch
        {
            "failed" => ReportAction.Failed,
            "delayed" => ReportAction.Delayed,
            "delivered" or "relayed" or "expanded" => ReportAction.Delivered,
            _ => status?.Class switch { 5 => ReportAction.Failed, 4 => ReportAction.Delayed, 2 => ReportAction.Delivered, _ => null },
        };
        return action is null ? null : new DeliveryReport(
            action.Value, Cut(Bare(group.Typed("Original-Recipient") ?? group.Typed("Final-Recipient") ?? ""), 320),
            MakeReply(group.Typed("Diagnostic-Code") ?? "", status), status?.ToString() ?? "", Cut(group.Typed("Remote-MTA") ?? group.Typed("Reporting-MTA") ?? "", 253));
    }

    /// <summary>
    /// The reply that <paramref name="text"/> quotes. Where it holds no number, one of the status's class: servers of our own make ("host unreachable")
    /// have none. A status of no meaning (5.0.0) is not put in front, for then the words say more.
    /// </summary>
    internal static SmtpReply MakeReply(string text, EnhancedCode? status)
    {
        text = Cut(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), MaxText);
        var (code, rest) = ReplyInText.Find(text) ?? (0, text);
        if (code == 0)
        {
            code = status is { Class: 4 } ? 450 : 550;
        }

        var known = EnhancedCode.Read(rest) is not null;
        return new SmtpReply(code, known || status is not { Class: 4 or 5 } s || s is { Subject: 0, Detail: 0 } ? rest : $"{s} {rest}".TrimEnd());
    }

    /// <summary>The first word only: some write a comment behind it.</summary>
    private static EnhancedCode? ReadStatus(string? text) =>
        text is null ? null : EnhancedCode.Read(text.Trim().Split(' ', '(', '\t')[0]);

    private static string Bare(string address) => address.Trim().Trim('<', '>').Trim();

    private static string Cut(string text, int length) => text.Length > length ? text[..length] : text;
}

/// <summary>Finds what looks like an SMTP reply inside a sentence.</summary>
internal static class ReplyInText
{
    /// <summary>Null when there is none: three digits from 400 to 599 that stand alone and are followed by an enhanced code or by words.</summary>
    public static (int Code, string Words)? Find(string text)
    {
        for (var i = 0; i + 3 <= text.Length; i++)
        {
            if (text[i] is not ('4' or '5') || !char.IsAsciiDigit(text[i + 1]) || !char.IsAsciiDigit(text[i + 2]) || (i > 0 && !IsBreak(text[i - 1])))
            {
                continue;
            }

            var end = i + 3;
            if (end < text.Length && text[end] is not (' ' or '-' or '\t' or '\n' or '\r'))
            {
                continue;
            }

            var rest = text[Math.Min(end + 1, text.Length)..].TrimStart();
            var hash = rest.StartsWith('#') ? rest[1..] : rest;

            // "550-5.1.1 line one 550 5.1.1 line two": the continuation is noise, but harmless.
            return (int.Parse(text.AsSpan(i, 3), NumberStyles.None, CultureInfo.InvariantCulture), EnhancedCode.Read(hash) is null ? rest : hash);
        }

        return null;
    }

    private static bool IsBreak(char c) => char.IsWhiteSpace(c) || c is ':' or ';' or '(' or '[' or '"' or '\'' or '<' or '>' or ',' or '=';
}
