using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Millrace.Kernel.Data;
using Millrace.Messaging.Design;

namespace Millrace.Messaging.Branding;

/// <summary>Guesses a brand from a page and its style sheets: what is named as the brand's counts most, then what is used most.</summary>
internal static partial class LookReader
{
    private static readonly (string Host, string Label)[] Networks =
    [
        ("facebook.com", "Facebook"), ("instagram.com", "Instagram"), ("linkedin.com", "LinkedIn"), ("x.com", "X"), ("twitter.com", "X"), ("youtube.com", "YouTube"),
        ("tiktok.com", "TikTok"), ("pinterest.com", "Pinterest"), ("threads.net", "Threads"), ("bsky.app", "Bluesky"), ("github.com", "GitHub"), ("mastodon.social", "Mastodon"),
    ];

    [GeneratedRegex(@"(?<name>[-\w]+)\s*:\s*(?<value>[^;{}]{1,200})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"#(?<hex>[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b|rgba?\(\s*(?<r>\d{1,3})[\s,]+(?<g>\d{1,3})[\s,]+(?<b>\d{1,3})\s*[,)]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Colour();

    [GeneratedRegex(@"(?<selector>[^{}]{1,300})\{(?<body>[^{}]*)\}", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Rule();

    [GeneratedRegex("(brand|primary|accent|theme|main)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex BrandName();

    public static (BrandLook Look, List<string> Found, List<string> Notes) Read(IDocument document, string css, Uri at)
    {
        var (look, found, notes) = (new BrandLook { Website = at.GetLeftPart(UriPartial.Authority) }, new List<string>(), new List<string>());
        ReadColours(document, css, look, found, notes);
        ReadFonts(css, look, found, notes);
        look.Social = [.. Links(document, at).Take(8)];
        (look.Social.Count > 0 ? found : notes).Add(look.Social.Count > 0 ? "social" : "No links to social networks were found.");
        return (look, found, notes);
    }

    public static string NameOf(IDocument document, Uri at)
    {
        var name = document.QuerySelector("meta[property='og:site_name']")?.GetAttribute("content") is { Length: > 0 } own ? own
            : document.QuerySelector("title")?.TextContent.Split(['|', '–', '—', '·'], 2)[0] is { Length: > 0 } title ? title : at.Host;
        name = string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return name.Length == 0 ? at.Host : StorableText.Cut(name, 100);
    }

    /// <summary>Addresses where a logo may be, the likeliest first.</summary>
    public static IEnumerable<string> Logos(IDocument document)
    {
        var images = document.QuerySelectorAll("img[src]").Where(i =>
            $"{i.GetAttribute("class")} {i.Id} {i.GetAttribute("alt")} {i.GetAttribute("src")} {i.ParentElement?.GetAttribute("class")}".Contains("logo", StringComparison.OrdinalIgnoreCase));
        return images.OrderByDescending(i => i.Closest("header,nav") is not null).Select(i => i.GetAttribute("src")!)
            .Concat(document.QuerySelectorAll("link[rel~='apple-touch-icon'][href],link[rel~='icon'][sizes='192x192'][href]").Select(l => l.GetAttribute("href")!))
            .Concat(document.QuerySelectorAll("meta[property='og:image'][content]").Select(m => m.GetAttribute("content")!))
            .Where(s => !s.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && !s.EndsWith(".svg", StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.Ordinal);
    }

    private static void ReadColours(IDocument document, string css, BrandLook look, List<string> found, List<string> notes)
    {
        var weights = new Dictionary<string, int>(StringComparer.Ordinal);
        if (document.QuerySelector("meta[name='theme-color']")?.GetAttribute("content") is { } theme)
        {
            Count(theme, 12);
        }

        string? text = null, ground = null, link = null, button = null, heading = null;
        foreach (Match rule in Rule().Matches(css))
        {
            var selector = rule.Groups["selector"].Value.Trim().ToLowerInvariant();
            foreach (Match declaration in Declaration().Matches(rule.Groups["body"].Value))
            {
                var (name, value) = (declaration.Groups["name"].Value.ToLowerInvariant(), declaration.Groups["value"].Value);
                Count(value, name.StartsWith("--", StringComparison.Ordinal) && BrandName().IsMatch(name) ? 20 : name.StartsWith("background", StringComparison.Ordinal) ? 2 : 1);
                var resolved = Resolve(css, value);
                switch (name)
                {
                    case "color" when IsFor(selector, "body", "html"):
                        text ??= resolved;
                        break;
                    case "color" when IsFor(selector, "a"):
                        link ??= resolved;
                        break;
                    case "color" when IsFor(selector, "h1", "h2"):
                        heading ??= resolved;
                        break;
                    case "background" or "background-color" when IsFor(selector, "body", "html"):
                        ground ??= resolved;
                        break;
                    case "background" or "background-color" when selector.Contains("btn", StringComparison.Ordinal) || selector.Contains("button", StringComparison.Ordinal):
                        button ??= resolved is { } c && Saturation(c) > 0.15 ? c : null;
                        break;
                }
            }
        }

        foreach (var styled in document.QuerySelectorAll("[style]").Take(500))
        {
            Count(styled.GetAttribute("style")!, 1);
        }

        var palette = weights.OrderByDescending(w => w.Value).ThenBy(w => w.Key, StringComparer.Ordinal).Select(w => w.Key).ToList();
        var brand = button ?? palette.Find(c => Saturation(c) > 0.25 && Luminance(c) is > 0.03 and < 0.8);
        look.Palette = [.. palette.Where(c => Saturation(c) > 0.1 || Luminance(c) < 0.1).Take(8)];
        if (brand is null)
        {
            notes.Add("No colour stands out as the brand's.");
            return;
        }

        found.Add("colours");
        look.ButtonColour = brand;
        look.ButtonTextColour = Contrast(brand, "#ffffff") >= Contrast(brand, "#111827") ? "#ffffff" : "#111827";
        look.LinkColour = Readable(link) ?? Readable(brand) ?? look.LinkColour;
        look.TextColour = Readable(text) ?? look.TextColour;
        look.HeadingColour = Readable(heading) ?? Readable(text) ?? look.HeadingColour;
        look.Background = ground is { } page && Luminance(page) is > 0.7 and < 0.99 ? page : look.Background;

        void Count(string value, int weight)
        {
            foreach (Match colour in Colour().Matches(value))
            {
                var hex = Hex(colour);
                weights[hex] = weights.GetValueOrDefault(hex) + weight;
            }
        }
    }

    private static void ReadFonts(string css, BrandLook look, List<string> found, List<string> notes)
    {
        string? text = null, heading = null;
        foreach (Match rule in Rule().Matches(css))
        {
            var selector = rule.Groups["selector"].Value.Trim().ToLowerInvariant();
            foreach (Match declaration in Declaration().Matches(rule.Groups["body"].Value))
            {
                if (declaration.Groups["name"].Value is "font-family")
                {
                    var value = declaration.Groups["value"].Value;
                    text ??= IsFor(selector, "body", "html", "p") ? value : null;
                    heading ??= IsFor(selector, "h1", "h2", "h3") ? value : null;
                }
            }
        }

        look.Font = Known(text) ?? look.Font;
        look.HeadingFont = Known(heading) is { } other && other != look.Font ? other : null;
        if (text is null && heading is null)
        {
            notes.Add("No fonts were found.");
            return;
        }

        found.Add("fonts");
        if (text?.Split(',')[0].Trim(' ', '"', '\'') is { Length: > 0 } first && !Fonts.Stack(look.Font).Contains(first, StringComparison.OrdinalIgnoreCase))
        {
            notes.Add($"Mail readers do not have {first}; the nearest they all have was taken.");
        }
    }

    /// <summary>The font all readers have that comes nearest.</summary>
    private static string? Known(string? family)
    {
        if (family is null)
        {
            return null;
        }

        var lower = family.ToLowerInvariant();
        (string Word, string Key)[] named =
        [
            ("georgia", "georgia"), ("palatino", "palatino"), ("times", "times"), ("verdana", "verdana"), ("tahoma", "tahoma"), ("trebuchet", "trebuchet"), ("courier", "courier"),
            ("mono", "courier"), ("helvetica", "arial"), ("arial", "arial"),
        ];
        var first = Array.Find(named, n => lower.Split(',')[0].Contains(n.Word, StringComparison.Ordinal));
        return first.Key ?? (lower.Contains("sans-serif", StringComparison.Ordinal) || lower.Contains("system-ui", StringComparison.Ordinal) ? "system"
            : lower.Contains("serif", StringComparison.Ordinal) ? "georgia" : "system");
    }

    private static IEnumerable<BrandLink> Links(IDocument document, Uri at)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var link in document.QuerySelectorAll("a[href]"))
        {
            if (Uri.TryCreate(at, link.GetAttribute("href"), out var to) && to.Scheme is "https" or "http" && to!.AbsolutePath.Length > 1 && to.AbsoluteUri.Length <= 500)
            {
                var host = to.Host.StartsWith("www.", StringComparison.Ordinal) ? to.Host[4..] : to.Host;
                var network = Array.Find(Networks, n => host.Equals(n.Host, StringComparison.OrdinalIgnoreCase)).Label;
                if (network is not null && !to.AbsolutePath.Contains("share", StringComparison.OrdinalIgnoreCase) && seen.Add(network))
                {
                    yield return new(network, to.AbsoluteUri);
                }
            }
        }
    }

    private static bool IsFor(string selector, params ReadOnlySpan<string> elements)
    {
        foreach (var one in selector.Split(','))
        {
            if (elements.Contains(one.Trim()))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The colour of a value, through one level of variables.</summary>
    private static string? Resolve(string css, string value)
    {
        var source = value;
        var variable = value.IndexOf("var(--", StringComparison.Ordinal);
        if (variable >= 0)
        {
            var name = value[(variable + 4)..].Split(')', ',')[0].Trim();
            var at = css.IndexOf(name + ":", StringComparison.Ordinal);
            source = at < 0 ? "" : css[(at + name.Length + 1)..].Split(';', '}')[0];
        }

        return Colour().Match(source) is { Success: true } colour ? Hex(colour) : null;
    }

    private static string Hex(Match colour)
    {
        if (colour.Groups["hex"].Success)
        {
            var hex = colour.Groups["hex"].Value.ToLowerInvariant();
            return hex.Length == 6 ? "#" + hex : string.Create(CultureInfo.InvariantCulture, $"#{hex[0]}{hex[0]}{hex[1]}{hex[1]}{hex[2]}{hex[2]}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"#{Part("r"):x2}{Part("g"):x2}{Part("b"):x2}");

        int Part(string name) => Math.Min(255, int.Parse(colour.Groups[name].Value, CultureInfo.InvariantCulture));
    }

    private static string? Readable(string? colour) => colour is not null && Contrast(colour, "#ffffff") >= 4.5 ? colour : null;

    private static double Contrast(string a, string b)
    {
        var (x, y) = (Luminance(a) + 0.05, Luminance(b) + 0.05);
        return Math.Max(x, y) / Math.Min(x, y);
    }

    private static double Luminance(string hex)
    {
        var (r, g, b) = Parts(hex);
        return (0.2126 * Linear(r)) + (0.7152 * Linear(g)) + (0.0722 * Linear(b));

        static double Linear(int part) => part / 255.0 is var c && c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
    }

    private static double Saturation(string hex)
    {
        var (r, g, b) = Parts(hex);
        var most = Math.Max(r, Math.Max(g, b));
        return most == 0 ? 0 : (double)(most - Math.Min(r, Math.Min(g, b))) / most;
    }

    private static (int R, int G, int B) Parts(string hex) => (
        int.Parse(hex.AsSpan(1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture), int.Parse(hex.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        int.Parse(hex.AsSpan(5, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
