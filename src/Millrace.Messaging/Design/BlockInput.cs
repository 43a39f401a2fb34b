using System.Globalization;
using System.Net;
using System.Text.Json;
using Millrace.Messaging.Images;
using Millrace.Messaging.Templates;

namespace Millrace.Messaging.Design;

/// <summary>Something the author should look at. The path is a JSON pointer to the block.</summary>
internal sealed record DesignWarning(string Code, string Path, string Message);

/// <summary>A picture as a block shows it.</summary>
/// <param name="Source">Encoded for an attribute.</param>
/// <param name="Height">Pixels; null when it is not known.</param>
internal sealed record BlockImage(string Source, int Width, int? Height);

/// <summary>A block's options, with defaults filled in, and what surrounds it.</summary>
/// <param name="Width">Pixels the block has on a desktop.</param>
internal sealed record BlockInput(
    IReadOnlyList<BlockOption> Described,
    IReadOnlyDictionary<string, JsonElement> Options,
    DesignSettings Settings,
    int Width,
    Action<string, string> Warn)
{
    public string Text(string key) => Options.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : Default(key);

    /// <summary>The text encoded for HTML. Tags in it survive, for they have no special characters.</summary>
    public string Encoded(string key) => Encode(Text(key));

    public int Integer(string key) => Options.TryGetValue(key, out var value) && value.TryGetInt32(out var number)
        ? number
        : int.Parse(Default(key), CultureInfo.InvariantCulture);

    public bool Switch(string key) => Options.TryGetValue(key, out var value) ? value.ValueKind == JsonValueKind.True : Default(key) is "true";

    /// <summary>The option's colour, or one of the settings when it has none.</summary>
    public string Colour(string key, string otherwise) => Text(key) is { Length: > 0 } colour ? colour : otherwise;

    public IEnumerable<BlockInput> Items(string key)
    {
        var fields = Described.First(o => string.Equals(o.Key, key, StringComparison.Ordinal)).Fields ?? [];
        return Options.TryGetValue(key, out var list)
            ? list.EnumerateArray().Select(i => this with
            {
                Described = fields,
                Options = i.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal),
            })
            : [];
    }

    /// <summary>The address of a link encoded for an attribute, or null (and a warning) when there is none that may be used.</summary>
    public string? Href(string key)
    {
        var url = Text(key).Trim();
        if (url.Length == 0)
        {
            Warn("empty_link", "The link leads nowhere.");
            return null;
        }

        if (url[0] is not ('#' or '%') && !Links.LinkTarget.IsAllowed(Personalization.TokenSyntax.Sample(url)))
        {
            Warn("link_invalid", "Links are web, mail or phone addresses.");
            return null;
        }

        return Encode(url);
    }

    /// <summary>A picture to be shown at this width, or null when there is none that may be used. Of the library, as many pixels as sharp screens want.</summary>
    /// <param name="width">Pixels in the mail.</param>
    public BlockImage? Image(string key, int width)
    {
        var url = Text(key).Trim();
        if (url.Length == 0)
        {
            return null;
        }

        if (ImageAddress.Parse(url) is { } own)
        {
            var shown = Math.Min(width, own.Width);
            return new(own.For(shown).ToString(), shown, own.HeightAt(shown));
        }

        if (TemplatePicture.Width(url) is { } drawn)
        {
            return new(url, Math.Min(width, drawn), null);
        }

        return Href(key) is { } src ? new(src, width, null) : null;
    }

    public string FontFamily => Fonts.Stack(Settings.Font);

    public string HeadingFontFamily => Fonts.Stack(Settings.HeadingFont ?? Settings.Font);

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    private string Default(string key) => Described.FirstOrDefault(o => string.Equals(o.Key, key, StringComparison.Ordinal))?.Default ?? "";
}
