using System.Text.Json;
using System.Text.RegularExpressions;

namespace Millrace.Messaging.Design;

/// <summary>The rules of a design that its types do not say.</summary>
internal static partial class DesignCheck
{
    [GeneratedRegex("^#[0-9a-fA-F]{6}$", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex Colour();

    [GeneratedRegex("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Language();

    public static void Check(MailDesign design)
    {
        Require(design.Version == 1, "/version", "Only version 1 is known.");
        CheckSettings(design.Settings);
        Range(design.Sections.Count, 0, 100, "/sections");
        for (var s = 0; s < design.Sections.Count; s++)
        {
            CheckSection(design.Sections[s], $"/sections/{s}");
        }
    }

    private static void CheckSettings(DesignSettings settings)
    {
        Range(settings.Width, 320, 900, "/settings/width");
        Range(settings.ButtonRadius, 0, 40, "/settings/button_radius");
        Range(settings.Preheader.Length, 0, 500, "/settings/preheader");
        Require(Language().IsMatch(settings.Lang), "/settings/lang", "Not a language tag.");
        Require(Fonts.IsKnown(settings.Font), "/settings/font", "Unknown font.");
        Require(settings.HeadingFont is null || Fonts.IsKnown(settings.HeadingFont), "/settings/heading_font", "Unknown font.");
        string?[] dark =
            [settings.DarkBackground, settings.DarkContentBackground, settings.DarkTextColour, settings.DarkHeadingColour, settings.DarkLinkColour];
        Require(Array.TrueForAll(dark, IsColour), "/settings", "A colour is written #rrggbb.");
        string[] colours =
        [
            settings.Background, settings.ContentBackground, settings.TextColour, settings.HeadingColour, settings.MutedColour, settings.LinkColour,
            settings.ButtonColour, settings.ButtonTextColour,
        ];
        Require(colours.All(c => Colour().IsMatch(c)), "/settings", "A colour is written #rrggbb.");
    }

    private static void CheckSection(DesignSection section, string path)
    {
        // The reader lets null pass as a member of a list.
        if (section is null || section.Columns.Any(c => c is null || c.Blocks.Any(b => b is null)))
        {
            throw new DesignInvalidException(path, "design_invalid", "A section, a column or a block is null.");
        }

        Range(section.Columns.Count, section.Shared is null ? 1 : 0, 4, path + "/columns");
        Range(section.Name?.Length ?? 0, 0, 100, path + "/name");
        Require(section.Shared is null or > 0, path + "/shared", "Not the number of a shared part.");
        Range(section.BackgroundImage?.Length ?? 0, 0, 2_000, path + "/background_image");
        Require(section.BackgroundSize is "cover" or "contain" or "auto", path + "/background_size", "cover, contain or auto.");
        Require(section.BackgroundPosition is "top" or "center" or "bottom", path + "/background_position", "top, center or bottom.");
        Range(section.MobilePaddingTop ?? 0, 0, 200, path + "/mobile_padding_top");
        Range(section.MobilePaddingBottom ?? 0, 0, 200, path + "/mobile_padding_bottom");
        Range(section.MobilePaddingSide ?? 0, 0, 100, path + "/mobile_padding_side");
        Range(section.PaddingTop, 0, 200, path + "/padding_top");
        Range(section.PaddingBottom, 0, 200, path + "/padding_bottom");
        Range(section.PaddingSide, 0, 100, path + "/padding_side");
        Range(section.Gap, 0, 60, path + "/gap");
        Range(section.RadiusTop, 0, 60, path + "/radius_top");
        Range(section.RadiusBottom, 0, 60, path + "/radius_bottom");
        Require(section.VerticalAlign is "top" or "middle" or "bottom", path + "/vertical_align", "top, middle or bottom.");
        Require(IsColour(section.Background) && IsColour(section.ContentBackground), path, "A colour is written #rrggbb.");
        CheckShown(section.HideOn, section.ShowWhen, section.Conditions, path);
        for (var c = 0; c < section.Columns.Count; c++)
        {
            CheckColumn(section.Columns[c], $"{path}/columns/{c}");
        }
    }

    private static void CheckColumn(DesignColumn column, string path)
    {
        Range(column.Share, 1, 12, path + "/share");
        Range(column.Padding, 0, 60, path + "/padding");
        Range(column.Blocks.Count, 0, 100, path + "/blocks");
        Require(IsColour(column.Background), path + "/background", "A colour is written #rrggbb.");
        for (var b = 0; b < column.Blocks.Count; b++)
        {
            var (block, at) = (column.Blocks[b], $"{path}/blocks/{b}");
            Range(block.SpaceBelow, 0, 200, at + "/space_below");
            Range(block.Padding, 0, 100, at + "/padding");
            Require(IsColour(block.Background), at + "/background", "A colour is written #rrggbb.");
            Range(block.MobileSize ?? 16, 8, 160, at + "/mobile_size");
            Range(block.MobileWidth ?? 100, 5, 100, at + "/mobile_width");
            Range(block.MobileSpace ?? 0, 0, 200, at + "/mobile_space");
            Range(block.MobilePadding ?? 0, 0, 100, at + "/mobile_padding");
            Require(block.MobileAlign is null or "left" or "center" or "right", at + "/mobile_align", "left, center or right.");
            CheckShown(block.HideOn, block.ShowWhen, block.Conditions, at);
            var kind = BlockCatalogue.Find(block.Kind)
                ?? throw new DesignInvalidException(at + "/kind", "unknown_name", $"There is no block '{block.Kind}'.");
            BlockOptionCheck.Check(kind.Options, block.Options, at + "/options");
        }
    }

    private static void CheckShown(string? hideOn, string? showWhen, JsonElement? conditions, string path)
    {
        Require(conditions is null or { ValueKind: JsonValueKind.Object or JsonValueKind.Null }, path + "/conditions", "A condition tree is an object.");
        Range(conditions?.GetRawText().Length ?? 0, 0, 32_768, path + "/conditions");
        Require(hideOn is null or "mobile" or "desktop", path + "/hide_on", "mobile or desktop.");
        Range(showWhen?.Length ?? 0, 0, 1000, path + "/show_when");
    }

    private static bool IsColour(string? colour) => colour is null || Colour().IsMatch(colour);

    private static void Range(int value, int least, int most, string path) =>
        Require(value >= least && value <= most, path, $"Must lie between {least} and {most}.");

    private static void Require(bool holds, string path, string message)
    {
        if (!holds)
        {
            throw new DesignInvalidException(path, "design_invalid", message);
        }
    }
}
