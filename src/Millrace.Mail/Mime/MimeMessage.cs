using System.Buffers;
using Millrace.Mail.Addresses;

namespace Millrace.Mail.Mime;

/// <summary>
/// A mail to be written. The same values always give the same bytes: the boundary comes from the message id.
/// </summary>
public sealed record MimeMessage
{
    public required Mailbox From { get; init; }

    public required IReadOnlyList<Mailbox> To { get; init; }

    public IReadOnlyList<Mailbox> Cc { get; init; } = [];

    public Mailbox? ReplyTo { get; init; }

    public required string Subject { get; init; }

    /// <summary>With its angle brackets: <c>&lt;left@right&gt;</c>.</summary>
    public required string MessageId { get; init; }

    public required DateTimeOffset Date { get; init; }

    /// <summary>Further headers, in this order. The names this class writes itself are refused.</summary>
    public IReadOnlyList<MailHeader> Headers { get; init; } = [];

    /// <summary>Any line ends. Empty = no such part. Memory, not string, so that a pooled buffer serves.</summary>
    public ReadOnlyMemory<char> TextBody { get; init; }

    /// <summary>Any line ends. Empty = no such part.</summary>
    public ReadOnlyMemory<char> HtmlBody { get; init; }

    /// <summary>Files; those with a content id stand beside the HTML body, which refers to them by <c>cid:</c>.</summary>
    public IReadOnlyList<MailAttachment> Attachments { get; init; } = [];

    /// <summary>Writes the whole message: CRLF, ASCII only, no line longer than 998 characters.</summary>
    /// <exception cref="InvalidHeaderException">A header value would break out of its line.</exception>
    public void WriteTo(IBufferWriter<byte> output) => MimeWriter.Write(this, output);
}

/// <summary>One header, not yet encoded or folded.</summary>
public readonly record struct MailHeader(string Name, string Value);

/// <summary>One file of a mail.</summary>
/// <param name="ContentType">Type and subtype without parameters; anything else is written as <c>application/octet-stream</c>.</param>
/// <param name="ContentId">Without brackets and <c>cid:</c>; null for a file that is only attached.</param>
public sealed record MailAttachment(string Name, string ContentType, ReadOnlyMemory<byte> Content, string? ContentId = null);
