using System.Globalization;
using System.Text;

namespace Millrace.Messaging.Design;

/// <summary>The rules in the head that a design asks for beside those every mail has: what differs on narrow screens, and the colours of dark themes.</summary>
internal static class HeadRules
{
    /// <summary>Classes of a block's cell, as <see cref="Mobile"/> gives them their meaning.</summary>
    public static string ClassesOf(DesignBlock block) => string.Join(
        ' ',
        new[]
        {
            block.MobileAlign is { } align ? $"m-{align}" : "", Numbered("ms", block.MobileSize), Numbered("mw", block.MobileWidth), Numbered("mb", block.MobileSpace),
            Numbered("mp", block.MobilePadding),
        }.Where(c => c.Length > 0));

    public static string ClassesOf(DesignSection section) => string.Join(
        ' ',
        new[] { Numbered("st", section.MobilePaddingTop), Numbered("sb", section.MobilePaddingBottom), Numbered("sp", section.MobilePaddingSide) }.Where(c => c.Length > 0));

    /// <summary>For inside of the media query of narrow screens.</summary>
    public static string Mobile(MailDesign design)
    {
        var css = new StringBuilder();
        foreach (var section in design.Sections)
        {
            Add("st", section.MobilePaddingTop, "{0}{{padding-top:{1}px!important}}");
            Add("sb", section.MobilePaddingBottom, "{0}{{padding-bottom:{1}px!important}}");
            Add("sp", section.MobilePaddingSide, "{0}{{padding-left:{1}px!important;padding-right:{1}px!important}}");
        }

        foreach (var block in design.Sections.SelectMany(s => s.Columns).SelectMany(c => c.Blocks))
        {
            Add("ms", block.MobileSize, "{0},{0} *{{font-size:{1}px!important}}");
            Add("mw", block.MobileWidth, "{0} img{{width:{1}%!important;max-width:{1}%!important}}");
            Add("mb", block.MobileSpace, "{0}{{padding-bottom:{1}px!important}}");
            Add("mp", block.MobilePadding, "{0}{{padding-left:{1}px!important;padding-right:{1}px!important}}");
        }

        return css.ToString();

        void Add(string name, int? number, string rule)
        {
            var line = number is { } n ? string.Format(CultureInfo.InvariantCulture, rule, $".{name}-{n}", n) : "";

            // The same size on ten blocks is one rule.
            if (!css.ToString().Contains(line, StringComparison.Ordinal))
            {
                css.Append(line);
            }
        }
    }

    /// <summary>A media query of its own, or nothing.</summary>
    public static string Dark(DesignSettings settings)
    {
        var css = new StringBuilder();
        Add(settings.DarkBackground, ".d-bg{{background-color:{0}!important}}");
        Add(settings.DarkContentBackground, ".d-card{{background-color:{0}!important}}");
        Add(settings.DarkTextColour, ".d-t,.d-t div,.d-t p,.d-t li,.d-t span,.d-t td{{color:{0}!important}}");
        Add(settings.DarkHeadingColour ?? settings.DarkTextColour, ".d-t h1,.d-t h2,.d-t h3,.d-t h4{{color:{0}!important}}");
        Add(settings.DarkLinkColour, ".d-t a{{color:{0}!important}}");
        return css.Length == 0 ? "" : $"@media (prefers-color-scheme:dark){{{css}.d-t a.b{{color:{settings.ButtonTextColour}!important}}}}\n";

        void Add(string? colour, string rule)
        {
            if (colour is not null)
            {
                css.AppendFormat(CultureInfo.InvariantCulture, rule, colour);
            }
        }
    }

    private static string Numbered(string name, int? number) => number is { } n ? string.Create(CultureInfo.InvariantCulture, $"{name}-{n}") : "";
}
