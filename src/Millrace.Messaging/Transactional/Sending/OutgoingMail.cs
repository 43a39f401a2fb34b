using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;

namespace Millrace.Messaging.Transactional.Sending;

/// <summary>One mail as it is to go out: templates merged, addresses read, everything checked by <see cref="MailCheck"/>.</summary>
/// <param name="TrackOpens">Null: as the server has it.</param>
internal sealed record OutgoingMail(
    Mailbox From, IReadOnlyList<Mailbox> To, IReadOnlyList<Mailbox> Cc, IReadOnlyList<Mailbox> Bcc, Mailbox? ReplyTo, string Subject, string Html, string Text,
    string? Tag, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<MailHeader> Headers, IReadOnlyList<MailAttachment> Files, string Stream,
    bool? TrackOpens, LinkTracking? TrackLinks, long? TemplateId)
{
    public int Recipients => To.Count + Cc.Count + Bcc.Count;

    public int Size => Html.Length + Text.Length + Files.Sum(f => f.Content.Length);
}

/// <summary>A mail as somebody asks for it.</summary>
internal sealed record MailRequest
{
    public string? From { get; init; }

    /// <summary>Addresses divided by commas, with or without names.</summary>
    public string? To { get; init; }

    public string? Cc { get; init; }

    public string? Bcc { get; init; }

    public string? ReplyTo { get; init; }

    public string? Subject { get; init; }

    public string? Html { get; init; }

    public string? Text { get; init; }

    public string? Tag { get; init; }

    public IReadOnlyDictionary<string, string?>? Metadata { get; init; }

    public IReadOnlyList<HeaderRequest>? Headers { get; init; }

    public IReadOnlyList<FileRequest>? Files { get; init; }

    /// <summary>Key of the stream; null is <c>outbound</c>.</summary>
    public string? Stream { get; init; }

    public bool? TrackOpens { get; init; }

    public LinkTracking? TrackLinks { get; init; }

    public long? TemplateId { get; init; }
}

internal sealed record HeaderRequest(string? Name, string? Value);

/// <param name="Content">Base64.</param>
/// <param name="ContentId">With or without <c>cid:</c>; null for a file that is only attached.</param>
internal sealed record FileRequest(string? Name, string? Content, string? ContentType, string? ContentId);

/// <summary>Why a mail is not taken. The codes are those that Postmark's clients know.</summary>
internal sealed record MailRefusal(int Code, string Message)
{
    public const int Invalid = 300;
    public const int SenderNotVerified = 400;
    public const int Inactive = 406;
    public const int TooMany = 410;
    public const int ForbiddenFile = 411;
    public const int TemplateUnknown = 1101;
    public const int TemplateFailed = 1109;
    public const int StreamUnknown = 1235;
    public const int StreamOfOtherKind = 1236;
}
