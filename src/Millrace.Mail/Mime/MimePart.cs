
namespace Millrace.Mail.Mime;

/// <summary>A part of a parsed mail, or the mail itself. All of it is text from outside.</summary>
public sealed class MimePart
{
    internal MimePart(IReadOnlyList<MailHeader> headers, ReadOnlyMemory<byte> rawBody)
    {
        (Headers, RawBody) = (headers, rawBody);
        ContentType = ContentValue.Read(Header("Content-Type") ?? "", fallback: "text/plain");
        Disposition = ContentValue.Read(Header("Content-Disposition") ?? "", fallback: "");
    }

    /// <summary>Unfolded, not decoded, in their order.</summary>
    public IReadOnlyList<MailHeader> Headers { get; }

    /// <summary>Body bytes before any decoding.</summary>
    public ReadOnlyMemory<byte> RawBody { get; }

    public ContentValue ContentType { get; }

    public ContentValue Disposition { get; }

    public IReadOnlyList<MimePart> Children { get; internal set; } = [];

    /// <summary>Lower case: <c>text/html</c>.</summary>
    public string MediaType => ContentType.Value;

    public bool IsAttachment => Disposition.Value is "attachment" || (FileName is not null && Disposition.Value is not "inline");

    /// <summary>A name to show; never a path to use.</summary>
    public string? FileName => Disposition["filename"] ?? ContentType["name"];

    /// <summary>First header of that name, unfolded and not decoded.</summary>
    public string? Header(string name)
    {
        foreach (var header in Headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }

    /// <summary>The same with encoded words decoded.</summary>
    public string? DecodedHeader(string name) => Header(name) is { } value ? HeaderDecoder.Decode(value) : null;

    /// <summary>The body with its transfer encoding undone; damaged encodings give what can be read.</summary>
    public byte[] DecodeBytes() => TransferDecoder.Decode(RawBody.Span, Header("Content-Transfer-Encoding") ?? "");

    /// <summary>The body as text. An unknown charset is read as UTF-8, what is not UTF-8 then as Latin-1.</summary>
    public string DecodeText() => Charsets.Decode(DecodeBytes(), ContentType["charset"]);

    /// <summary>This part and all below, in the order of the mail.</summary>
    public IEnumerable<MimePart> All() => Children.SelectMany(c => c.All()).Prepend(this);
}

/// <summary>A parsed mail.</summary>
/// <param name="IsComplete">False when a limit cut something off.</param>
public sealed record ParsedMail(MimePart Root, bool IsComplete)
{
    public string Subject => Root.DecodedHeader("Subject") ?? "";

    public string From => Root.DecodedHeader("From") ?? "";

    public string To => Root.DecodedHeader("To") ?? "";

    public string? MessageId => Root.Header("Message-ID")?.Trim();

    /// <summary>The first plain text that is not an attachment, or null.</summary>
    public string? TextBody => Body("text/plain");

    /// <summary>The first HTML that is not an attachment, or null. Hostile: sanitise before showing.</summary>
    public string? HtmlBody => Body("text/html");

    public IEnumerable<MimePart> Attachments => Root.All().Where(p => p.Children.Count == 0 && p.IsAttachment);

    private string? Body(string mediaType) =>
        Root.All().FirstOrDefault(p => p.MediaType.Equals(mediaType, StringComparison.Ordinal) && p.Children.Count == 0 && !p.IsAttachment)?.DecodeText();
}
