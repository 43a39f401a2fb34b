using System.Globalization;
using Millrace.Messaging.Links;

namespace Millrace.Messaging.Checks;

/// <summary>Links that lead nowhere, as the first contact of the sample would follow them.</summary>
[ContentCheck("links.alive", Title = "Links", Order = 90, IsSlow = true)]
internal sealed class LinksCheck(WebProbe probe) : ContentCheck
{
    private const int Most = 60;

    public override async Task<IReadOnlyList<ContentFinding>> RunAsync(ContentUnderCheck content, CancellationToken cancellationToken)
    {
        if (content.Message is null)
        {
            return [];
        }

        var context = content.Contexts.Count > 0 ? content.Contexts[0].Context : content.Nobody;
        var links = new List<(string Path, string Url)>();
        foreach (var piece in content.Pieces)
        {
            foreach (var href in piece.Document.QuerySelectorAll("a[href],area[href]").Select(a => a.GetAttribute("href")!.Trim()))
            {
                if (LinkTarget.IsWeb(href) && Merged(href, content, context) is { } url)
                {
                    links.Add((piece.Path, url));
                }
            }
        }

        var acting = links.Where(l => ActingLinks.Is(l.Url)).DistinctBy(l => l.Url).ToList();
        var tried = links.Select(l => l.Url).Where(url => !ActingLinks.Is(url)).Distinct(StringComparer.Ordinal).ToList();
        var answers = await probe.LookAsync([.. tried.Take(Most)], size: false, cancellationToken);
        return
        [
            .. links.DistinctBy(l => l).Select(l => Judge(l.Path, l.Url, answers.GetValueOrDefault(l.Url))).OfType<ContentFinding>().Take(50),
            .. acting.Take(10).Select(l => new ContentFinding(
                "link_not_tried", ContentSeverity.Note, l.Path, "The link looks as if following it did something, such as unsubscribing or signing out. It was not tried: try it yourself.", l.Url)),
            .. tried.Count <= Most ? [] : (ContentFinding[])[new("links_not_tried", ContentSeverity.Note, "", $"There are {tried.Count} links; the first {Most} were tried.")],
        ];
    }

    private static string? Merged(string href, ContentUnderCheck content, Personalization.RenderContext context)
    {
        if (!href.Contains('%', StringComparison.Ordinal))
        {
            return href;
        }

        try
        {
            // Its own slots, filled for the same contact by name.
            var slots = new Personalization.SlotTable();
            var program = Personalization.TemplateProgram.Compile(href, Personalization.TemplateKind.Url, content.Tags, slots);
            var known = content.Message!.Slots.Names.ToList();
            return program.Render(context with { Values = [.. slots.Names.Select(n => known.IndexOf(n) is >= 0 and var at ? context.Values[at] : null)] });
        }
        catch (Personalization.TemplateInvalidException)
        {
            return null;
        }
    }

    private static ContentFinding? Judge(string path, string url, ProbeResult? answer) => answer switch
    {
        { Status: 404 or 410 } => new("broken_link", ContentSeverity.Error, path, "The link leads to a page that is not there.", url),
        { Status: >= 500 } => new("broken_link", ContentSeverity.Warning, path, $"The link's page has an error ({answer.Status}).", url),

        // Many sites answer so to whoever is no browser.
        { Status: 401 or 403 or 405 or 406 or 429 or 999 } => null,
        { Status: >= 400 } => new("broken_link", ContentSeverity.Warning, path, $"The link's page answers with an error ({answer.Status}).", url),
        { Problem: "Only https is called." } => new("plain_http", ContentSeverity.Note, path, "The link is not https; browsers warn of such pages. It was not tried.", url),
        { Problem: { } problem } => new("broken_link", ContentSeverity.Warning, path, $"The link could not be followed: {problem}", url),
        _ => null,
    };
}

/// <summary>Images that are not there, and those that take long on a phone.</summary>
[ContentCheck("images.weight", Title = "Images", Order = 100, IsSlow = true)]
internal sealed class ImageWeightCheck(WebProbe probe) : ContentCheck
{
    private const int Most = 60;
    private const long Heavy = 300_000;
    private const long HeavyTogether = 1_000_000;

    public override async Task<IReadOnlyList<ContentFinding>> RunAsync(ContentUnderCheck content, CancellationToken cancellationToken)
    {
        var images = (
            from piece in content.Pieces
            from image in piece.Document.Images
            let src = image.GetAttribute("src") ?? ""
            where LinkTarget.IsWeb(src) && !src.Contains('%', StringComparison.Ordinal)
            select (piece.Path, src)).Distinct().ToList();
        var answers = await probe.LookAsync([.. images.Select(i => i.src).Distinct(StringComparer.Ordinal).Take(Most)], size: true, cancellationToken);
        var findings = images.Select(i => Judge(i.Path, i.src, answers.GetValueOrDefault(i.src))).OfType<ContentFinding>().Take(50).ToList();
        var total = answers.Values.Sum(a => a.Bytes ?? 0);
        if (total > HeavyTogether)
        {
            findings.Add(new("heavy_images", ContentSeverity.Warning, "", $"All images together have {Kilobytes(total)}; on a phone the mail appears late. Aim for less than 1,000 KB."));
        }

        return findings;
    }

    private static ContentFinding? Judge(string path, string url, ProbeResult? answer) => answer switch
    {
        { Status: >= 400 } => new("broken_image", ContentSeverity.Error, path, $"The image is not there ({answer.Status}).", url),
        { Problem: "Only https is called." } => new("plain_http", ContentSeverity.Note, path, "The image is not at an https address; some mailboxes do not show it.", url),
        { Problem: { } problem } => new("image_unknown", ContentSeverity.Note, path, $"The image could not be looked at: {problem}", url),
        { Bytes: > Heavy } => new("heavy_image", ContentSeverity.Warning, path, $"The image has {Kilobytes(answer.Bytes.Value)}. Make it smaller: 300 KB is plenty.", url),
        _ => null,
    };

    private static string Kilobytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000:N0} KB");
}
