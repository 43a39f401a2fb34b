using System.Globalization;
using AngleSharp.Dom;

namespace Millrace.Messaging.Checks;

/// <summary>How text in mail HTML looks, as far as inline styles and old attributes tell: that is all that most mail programs heed, too.</summary>
internal static class MailLook
{
    internal readonly record struct Rgb(byte R, byte G, byte B);

    /// <summary>Elements with text of their own, and the beginning of it.</summary>
    public static IEnumerable<(IElement Element, string Words)> Texts(IDocument document)
    {
        foreach (var element in document.Body?.QuerySelectorAll("*") ?? Enumerable.Empty<IElement>())
        {
            var own = string.Join(' ', element.ChildNodes.OfType<IText>().Select(t => t.Data.Trim()).Where(t => t.Any(char.IsLetterOrDigit)));
            if (own.Length > 0 && element.LocalName is not ("style" or "script" or "title") && !IsHidden(element))
            {
                yield return (element, own.Length > 60 ? own[..59] + "…" : own);
            }
        }
    }

    /// <summary>In pixels; null when nothing says.</summary>
    public static double? FontSize(IElement element)
    {
        foreach (var at in Line(element))
        {
            if (Style(at, "font-size") is { } size)
            {
                var unit = size.AsSpan().TrimStart("0123456789.");
                if (double.TryParse(size.AsSpan(0, size.Length - unit.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                {
                    return unit switch { "px" or "" => number, "pt" => number * 4 / 3, _ => null };
                }

                return null;
            }
        }

        return null;
    }

    public static bool IsBold(IElement element) => Line(element).Any(e =>
        e.LocalName is "b" or "strong" or "h1" or "h2" or "h3" || (Style(e, "font-weight") is { } weight && (weight is "bold" || (int.TryParse(weight, CultureInfo.InvariantCulture, out var w) && w >= 600))));

    public static Rgb? Colour(IElement element)
    {
        foreach (var at in Line(element))
        {
            if (Style(at, "color") is { } colour)
            {
                return Parse(colour);
            }
        }

        return new Rgb(0, 0, 0);
    }

    /// <summary>Null behind images and where it cannot be told.</summary>
    public static Rgb? Background(IElement element)
    {
        foreach (var at in Line(element))
        {
            if (at.GetAttribute("background") is { Length: > 0 } || Style(at, "background-image") is not null and not "none")
            {
                return null;
            }

            if ((Style(at, "background-color") ?? Style(at, "background") ?? at.GetAttribute("bgcolor")) is { Length: > 0 } colour && colour is not "transparent" and not "none")
            {
                return Parse(colour);
            }
        }

        return new Rgb(255, 255, 255);
    }

    /// <summary>1 to 21, as WCAG 2 reckons.</summary>
    public static double Contrast(Rgb a, Rgb b)
    {
        var (light, dark) = (Math.Max(Luminance(a), Luminance(b)), Math.Min(Luminance(a), Luminance(b)));
        return (light + 0.05) / (dark + 0.05);
    }

    private static IEnumerable<IElement> Line(IElement? element)
    {
        for (; element is not null; element = element.ParentElement)
        {
            yield return element;
        }
    }

    private static bool IsHidden(IElement element) => Line(element).Any(e => Style(e, "display") is "none" || Style(e, "font-size") is "0" or "0px" && ReferenceEquals(e, element));

    private static string? Style(IElement element, string property)
    {
        string? value = null;
        foreach (var declaration in (element.GetAttribute("style") ?? "").Split(';'))
        {
            var colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && declaration.AsSpan(0, colon).Trim().Equals(property, StringComparison.OrdinalIgnoreCase))
            {
                value = declaration[(colon + 1)..].Replace("!important", "", StringComparison.OrdinalIgnoreCase).Trim().ToLowerInvariant();
            }
        }

        return value;
    }

    private static Rgb? Parse(string colour)
    {
        var hex = colour.StartsWith('#') ? colour[1..] : colour switch { "white" => "ffffff", "black" => "000000", _ => "" };
        hex = hex.Length == 3 ? string.Concat(hex.Select(c => new string(c, 2))) : hex;
        return hex.Length == 6 && int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? new Rgb((byte)(number >> 16), (byte)(number >> 8), (byte)number)
            : null;
    }

    private static double Luminance(Rgb colour)
    {
        static double Part(byte value)
        {
            var part = value / 255.0;
            return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Part(colour.R)) + (0.7152 * Part(colour.G)) + (0.0722 * Part(colour.B));
    }
}
