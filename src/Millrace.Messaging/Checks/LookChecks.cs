using System.Globalization;
using System.Text;
using Millrace.Messaging.Sanitizing;

namespace Millrace.Messaging.Checks;

/// <summary>What the design's renderer itself has seen: links that lead nowhere, a footer that will be added.</summary>
[ContentCheck("design.warnings", Title = "Design", Order = 30)]
internal sealed class DesignWarningsCheck : ContentCheck
{
    public override Task<IReadOnlyList<ContentFinding>> RunAsync(ContentUnderCheck content, CancellationToken cancellationToken) => Found(
        content.DesignWarnings.Where(w => w.Code is not ("missing_alt" or "too_large" or "tiny_text"))
            .Where(w => content.Content.Kind == Contracts.MessageKind.Marketing || w.Code is not ("missing_unsubscribe" or "missing_address"))
            .Select(w => new ContentFinding(
                w.Code, w.Code is "missing_unsubscribe" or "missing_address" ? ContentSeverity.Note : ContentSeverity.Warning, w.Path, w.Message)));
}

/// <summary>Images that say nothing to who does not see them.</summary>
[ContentCheck("images.alt", Title = "Alternative texts", Order = 40)]
internal sealed class AltCheck : ContentCheck
{
    public override Task<IReadOnlyList<ContentFinding>> RunAsync(ContentUnderCheck content, CancellationToken cancellationToken) => Found(
        from piece in content.Pieces
        from image in piece.Document.Images
        where string.IsNullOrWhiteSpace(image.GetAttribute("alt")) && image.GetAttribute("role") is not "presentation" && image.GetAttribute("width") is not ("1" or "0")
        select new ContentFinding(
            "missing_alt", ContentSeverity.Warning, piece.Path, "The image has no alternative text: screen readers and mailboxes that block images have nothing to say.",
            image.GetAttribute("src")));
}

/// <summary>From 102 KB on a large provider shows only the beginning.</summary>
[ContentCheck("size.html", Title = "Size", Order = 50)]
internal sealed class SizeCheck : ContentCheck
{
    public const int ClippedAt = 102 * 1024;

    public override Task<IReadOnlyList<ContentFinding>> RunAsync(ContentUnderCheck content, CancellationToken cancellationToken)
    {
        // As it goes out: feeds are filled, each link is as long as ours are.
        var bytes = content.Message is { } message ? Encoding.UTF8.GetByteCount(message.Html.Render(content.Nobody)) + (content.Frozen!.Links.Count * 40) : 0;
        var size = string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KB");
        return Found(bytes switch
        {
            > ClippedAt => [new("too_large", ContentSeverity.Error, "", $"The HTML has {size}. Gmail cuts mails off at 102 KB, the footer with them. Use fewer blocks.")],
            > ClippedAt * 4 / 5 => [new("nearly_too_large", ContentSeverity.Note, "", $"The HTML has {size}; at 102 KB Gmail cuts mails off.")],
            _ => [],
        });
    }
}

/// <summary>Text that nobody reads on a phone.</summary>
[ContentCheck("text.size", Title = "Text size", Order = 60)]
internal sealed class TinyTextCheck : ContentCheck
{
    private const double Least = 12;

    public override Task<IReadOnlyList<ContentFinding>> RunAsync(ContentUnderCheck content, CancellationToken cancellationToken) => Found(
        from piece in content.Pieces
        let tiny = MailLook.Texts(piece.Document).FirstOrDefault(t => MailLook.FontSize(t.Element) is { } size && size < Least)
        where tiny.Element is not null
        select new ContentFinding(
            "tiny_text", ContentSeverity.Warning, piece.Path,
            string.Create(CultureInfo.InvariantCulture, $"Text of {MailLook.FontSize(tiny.Element):0.#} pixels is hard to read. Use 12 or more."), tiny.Words));
}

/// <summary>Text that stands out too little from what is behind it (WCAG 2: 4.5 to 1, large text 3 to 1).</summary>
[ContentCheck("text.contrast", Title = "Contrast", Order = 70)]
internal sealed class ContrastCheck : ContentCheck
{
    public override Task<IReadOnlyList<ContentFinding>> RunAsync(ContentUnderCheck content, CancellationToken cancellationToken) =>
        Found(content.Pieces.SelectMany(Of));

    private static IEnumerable<ContentFinding> Of(ContentPiece piece)
    {
        foreach (var (element, words) in MailLook.Texts(piece.Document))
        {
            if (MailLook.Colour(element) is { } ink && MailLook.Background(element) is { } paper)
            {
                var contrast = MailLook.Contrast(ink, paper);
                var needed = MailLook.FontSize(element) >= 24 || (MailLook.FontSize(element) >= 18.6 && MailLook.IsBold(element)) ? 3 : 4.5;
                if (contrast < needed)
                {
                    yield return new(
                        "low_contrast", contrast < 2 ? ContentSeverity.Warning : ContentSeverity.Note, piece.Path,
                        string.Create(CultureInfo.InvariantCulture, $"Text stands out too little from its background: {contrast:0.0} to 1, and it should be {needed:0.#} to 1."), words);
                    yield break;
                }
            }
        }
    }
}

/// <summary>Words for who reads without HTML, and enough of them beside the images.</summary>
[ContentCheck("text.part", Title = "Text part", Order = 80)]
internal sealed class TextPartCheck : ContentCheck
{
    public override Task<IReadOnlyList<ContentFinding>> RunAsync(ContentUnderCheck content, CancellationToken cancellationToken)
    {
        if (content.Frozen is not { Html.Length: > 0 } frozen)
        {
            return Found([]);
        }

        var words = Words(HtmlText.From(frozen.Html));
        var text = Words(frozen.Text);
        var images = content.Pieces.Sum(p => p.Document.Images.Length);
        var findings = new List<ContentFinding>();
        if (text < Math.Min(10, words / 4))
        {
            findings.Add(new("missing_text_part", ContentSeverity.Warning, "/text", "The text part says next to nothing. Clear it, and it is made from the design."));
        }

        if (images > 0 && words < 25)
        {
            findings.Add(new("mostly_images", ContentSeverity.Warning, "", "There is hardly any text beside the images. Mailboxes that block images show next to nothing, and spam filters dislike it."));
        }

        return Found(findings);
    }

    private static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Count(w => w.Any(char.IsLetter) && !w.StartsWith("http", StringComparison.Ordinal));
}

/// <summary>What mailboxes show of the mail before it is opened.</summary>
[ContentCheck("subject.line", Title = "Subject", Order = 5)]
internal sealed class SubjectLineCheck : ContentCheck
{
    public override Task<IReadOnlyList<ContentFinding>> RunAsync(ContentUnderCheck content, CancellationToken cancellationToken)
    {
        var subject = content.Content.Subject.Trim();
        var shown = content.Message?.Subject.Render(content.Contexts.Count > 0 ? content.Contexts[0].Context : content.Nobody) ?? subject;
        var findings = new List<ContentFinding>();
        if (subject.Length == 0)
        {
            findings.Add(new("no_subject", ContentSeverity.Error, "/subject", "The mail has no subject yet."));
        }
        else if (shown.Length > 70)
        {
            findings.Add(new("long_subject", ContentSeverity.Note, "/subject", $"The subject has {shown.Length} characters; phones show about 40, computers about 70."));
        }

        return Found(findings);
    }
}
