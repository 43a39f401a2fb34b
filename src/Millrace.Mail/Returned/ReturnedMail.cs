using Millrace.Mail.Mime;

namespace Millrace.Mail.Returned;

public enum ReturnedKind
{
    /// <summary>It could not be delivered.</summary>
    Bounce,

    /// <summary>It is late; the other server goes on trying.</summary>
    Delay,

    /// <summary>Delivered after all, or read: of no consequence.</summary>
    Receipt,
    Complaint,
    AutoReply,

    /// <summary>A person wrote.</summary>
    Reply,
}

/// <summary>A mail that came back or came in answer, and what it is. Takes any bytes; never throws on them.</summary>
/// <param name="Reports">Of a bounce or a delay; the first is of the one recipient our mails have.</param>
/// <param name="Feedback">Of a complaint.</param>
public sealed record ReturnedMail(ParsedMail Mail, ReturnedKind Kind, IReadOnlyList<DeliveryReport> Reports, FeedbackReport? Feedback)
{
    public static ReturnedMail Read(ReadOnlyMemory<byte> bytes)
    {
        var mail = MimeParser.Parse(bytes, MimeLimits.Bounce);
        if (FeedbackReport.Read(mail) is { } feedback)
        {
            return new(mail, feedback.IsComplaint ? ReturnedKind.Complaint : ReturnedKind.Receipt, [], feedback);
        }

        var reports = DeliveryReport.Read(mail);
        if (reports.Count > 0)
        {
            var kind = reports.Any(r => r.Action == ReportAction.Failed) ? ReturnedKind.Bounce
                : reports.Any(r => r.Action == ReportAction.Delayed) ? ReturnedKind.Delay : ReturnedKind.Receipt;
            return new(mail, kind, [.. reports.OrderBy(r => r.Action)], null);
        }

        var isReceipt = mail.Root.MediaType == "multipart/report"
            && string.Equals(mail.Root.ContentType["report-type"], "disposition-notification", StringComparison.OrdinalIgnoreCase);
        return new(mail, isReceipt ? ReturnedKind.Receipt : AutoReply.Is(mail) ? ReturnedKind.AutoReply : ReturnedKind.Reply, [], null);
    }
}
