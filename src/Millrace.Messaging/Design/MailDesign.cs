using System.Text.Json;

namespace Millrace.Messaging.Design;

// Properties with a default are settable: the JSON source generator would overwrite the default of an init-only one.

/// <summary>A mail as blocks: what the designer edits and the database keeps. Sections hold 1 to 4 columns, columns hold blocks.</summary>
internal sealed record MailDesign
{
    public int Version { get; set; } = 1;

    public DesignSettings Settings { get; set; } = new();

    public required IReadOnlyList<DesignSection> Sections { get; init; }
}

/// <summary>The look of the whole mail. Colours are <c>#rrggbb</c>, sizes pixels.</summary>
internal sealed record DesignSettings
{
    public int Width { get; set; } = 600;

    /// <summary>BCP 47 tag of the mail's language.</summary>
    public string Lang { get; set; } = "en";

    /// <summary>Text that inboxes show after the subject. May hold tags.</summary>
    public string Preheader { get; set; } = "";

    /// <summary>A key of <see cref="Fonts"/>.</summary>
    public string Font { get; set; } = "system";

    /// <summary>Of headings; null: as of the text.</summary>
    public string? HeadingFont { get; init; }

    public string Background { get; set; } = "#f3f4f6";

    public string ContentBackground { get; set; } = "#ffffff";

    public string TextColour { get; set; } = "#374151";

    public string HeadingColour { get; set; } = "#111827";

    public string MutedColour { get; set; } = "#6b7280";

    public string LinkColour { get; set; } = "#2563eb";

    public string ButtonColour { get; set; } = "#2563eb";

    public string ButtonTextColour { get; set; } = "#ffffff";

    public int ButtonRadius { get; set; } = 8;

    /// <summary>Colours for readers that follow a dark theme by the mail's own rules; null leaves them to the reader.</summary>
    public string? DarkBackground { get; init; }

    public string? DarkContentBackground { get; init; }

    public string? DarkTextColour { get; init; }

    public string? DarkHeadingColour { get; init; }

    public string? DarkLinkColour { get; init; }
}

internal sealed record DesignSection
{
    /// <summary>What its author calls it; readers do not see it.</summary>
    public string? Name { get; init; }

    /// <summary>A shared part whose content stands here, as it is when the mail goes out; its own columns are passed over.</summary>
    public long? Shared { get; init; }

    /// <summary>Colour of the whole stripe; the mail's background when null.</summary>
    public string? Background { get; init; }

    /// <summary>Colour behind the columns; the mail's content background when null.</summary>
    public string? ContentBackground { get; init; }

    /// <summary>Address of a picture behind the columns.</summary>
    public string? BackgroundImage { get; init; }

    /// <summary>cover, contain or auto (its own size, repeated).</summary>
    public string BackgroundSize { get; set; } = "cover";

    /// <summary>top, center or bottom.</summary>
    public string BackgroundPosition { get; set; } = "center";

    public int PaddingTop { get; set; } = 24;

    public int PaddingBottom { get; set; } = 24;

    public int PaddingSide { get; set; } = 32;

    /// <summary>Pixels between columns.</summary>
    public int Gap { get; set; } = 24;

    /// <summary>Columns go under each other on a narrow screen.</summary>
    public bool StackOnMobile { get; set; } = true;

    /// <summary>Columns go under each other from the last to the first.</summary>
    public bool MobileReverse { get; init; }

    /// <summary>Pixels on a narrow screen, when they differ; the sides have 20 there.</summary>
    public int? MobilePaddingTop { get; init; }

    public int? MobilePaddingBottom { get; init; }

    public int? MobilePaddingSide { get; init; }

    /// <summary>top, middle or bottom.</summary>
    public string VerticalAlign { get; set; } = "top";

    /// <summary>Rounded corners of the content, in pixels: top, bottom.</summary>
    public int RadiusTop { get; init; }

    public int RadiusBottom { get; init; }

    /// <summary>mobile, desktop or null.</summary>
    public string? HideOn { get; init; }

    /// <summary>A template condition; the section is left out when it does not hold.</summary>
    public string? ShowWhen { get; init; }

    /// <summary>A condition tree as segments have it (<c>{"all": [...]}</c>): contacts that do not meet it get the mail without this section.</summary>
    public JsonElement? Conditions { get; init; }

    public required IReadOnlyList<DesignColumn> Columns { get; init; }
}

internal sealed record DesignColumn
{
    /// <summary>Part of the width in relation to the other columns, 1 to 12.</summary>
    public int Share { get; set; } = 1;

    public string? Background { get; init; }

    /// <summary>Pixels inside the column, worth setting with a background.</summary>
    public int Padding { get; init; }

    public IReadOnlyList<DesignBlock> Blocks { get; set; } = [];
}

internal sealed record DesignBlock
{
    /// <summary>Key of the block kind.</summary>
    public required string Kind { get; init; }

    /// <summary>As the kind describes them.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; set; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>Pixels below the block.</summary>
    public int SpaceBelow { get; set; } = 16;

    /// <summary>Colour behind the block, worth setting with a padding.</summary>
    public string? Background { get; init; }

    /// <summary>Pixels around what is in the block.</summary>
    public int Padding { get; init; }

    public string? HideOn { get; init; }

    /// <summary>Alignment on a narrow screen, when it differs.</summary>
    public string? MobileAlign { get; init; }

    /// <summary>Size of its text on a narrow screen, in pixels.</summary>
    public int? MobileSize { get; init; }

    /// <summary>Width of its pictures on a narrow screen, in percent.</summary>
    public int? MobileWidth { get; init; }

    /// <summary>Pixels below the block on a narrow screen.</summary>
    public int? MobileSpace { get; init; }

    /// <summary>Pixels left and right of it on a narrow screen.</summary>
    public int? MobilePadding { get; init; }

    public string? ShowWhen { get; init; }

    /// <summary>As of a section.</summary>
    public JsonElement? Conditions { get; init; }
}
