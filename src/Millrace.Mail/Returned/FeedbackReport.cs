using Millrace.Mail.Mime;

namespace Millrace.Mail.Returned;

/// <summary>A report of a feedback loop (RFC 5965): somebody pressed "this is spam".</summary>
/// <param name="Type"><c>abuse</c>, <c>fraud</c>, <c>not-spam</c> ..., lower case.</param>
/// <param name="Recipient">Who complained, where the provider says so; else empty.</param>
/// <param name="Original">Headers of the mail that was complained about, and the report's own fields: what names our mail is among them.</param>
public sealed record FeedbackReport(string Type, string Recipient, string Source, IReadOnlyList<MailHeader> Original)
{
    /// <summary>Whether a person did not want the mail. <c>not-spam</c> takes a complaint back, <c>auth-failure</c> is of machines.</summary>
    public bool IsComplaint => Type is "abuse" or "fraud" or "opt-out" or "virus" or "other" or "complaint";

    /// <summary>Null when the mail is no such report. Never throws.</summary>
    public static FeedbackReport? Read(ParsedMail mail)
    {
        var parts = mail.Root.All().ToList();
        var report = parts.Find(p => p.Children.Count == 0 && p.MediaType is "message/feedback-report");
        if (report is null)
        {
            return null;
        }

        if (StatusFields.Read(report.DecodeBytes()) is not [var fields, ..] || fields["Feedback-Type"] is not { Length: > 0 } type)
        {
            return null;
        }

        var original = OriginalMail.HeadersOf(parts);
        return new(
            Cut(type.Trim().ToLowerInvariant(), 40), Cut((fields["Original-Rcpt-To"] ?? fields["Removal-Recipient"] ?? "").Trim('<', '>', ' '), 320),
            Cut(fields["User-Agent"] ?? "", 200), [.. fields.All, .. original]);
    }

    private static string Cut(string text, int length) => text.Length > length ? text[..length] : text;
}

/// <summary>The mail that a report returns, whole or its headers alone.</summary>
public static class OriginalMail
{
    public static IReadOnlyList<MailHeader> HeadersOf(IEnumerable<MimePart> parts)
    {
        var original = parts.FirstOrDefault(p => p.Children.Count == 0 && p.MediaType is "message/rfc822" or "text/rfc822-headers" or "message/rfc822-headers" or "message/global");
        return original is null ? [] : MimeParser.Parse(original.DecodeBytes(), MimeLimits.Bounce with { MaxDepth = 0 }).Root.Headers;
    }
}
