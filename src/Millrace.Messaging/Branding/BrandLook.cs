using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Kernel.Errors;
using Millrace.Messaging.Design;

namespace Millrace.Messaging.Branding;

internal sealed record BrandLink(string Label, string Url);

/// <summary>How a brand looks in mails. Colours are <c>#rrggbb</c>.</summary>
internal sealed record BrandLook
{
    /// <summary>Address of the logo; empty for none.</summary>
    public string Logo { get; set; } = "";

    /// <summary>Another one for dark grounds; empty for none.</summary>
    public string LogoDark { get; set; } = "";

    public string Website { get; set; } = "";

    /// <summary>Colours to choose from in the editor, at most 12.</summary>
    public IReadOnlyList<string> Palette { get; set; } = [];

    public IReadOnlyList<BrandLink> Social { get; set; } = [];

    public string Font { get; set; } = "system";

    public string? HeadingFont { get; set; }

    public string Background { get; set; } = "#f3f4f6";

    public string ContentBackground { get; set; } = "#ffffff";

    public string TextColour { get; set; } = "#374151";

    public string HeadingColour { get; set; } = "#111827";

    public string MutedColour { get; set; } = "#6b7280";

    public string LinkColour { get; set; } = "#2563eb";

    public string ButtonColour { get; set; } = "#2563eb";

    public string ButtonTextColour { get; set; } = "#ffffff";

    /// <summary>Pixels, 0 to 40.</summary>
    public int ButtonRadius { get; set; } = 8;

    /// <exception cref="InvalidInputException">Names the member.</exception>
    public void Check()
    {
        string[] colours =
        [
            Background, ContentBackground, TextColour, HeadingColour, MutedColour, LinkColour, ButtonColour, ButtonTextColour, .. Palette,
        ];
        Require(colours.All(DesignCheck.Colour().IsMatch), "/look", "A colour is written #rrggbb.");
        Require(Palette.Count <= 12, "/look/palette", "There are at most 12 colours.");
        Require(Fonts.IsKnown(Font), "/look/font", "Unknown font.");
        Require(HeadingFont is null || Fonts.IsKnown(HeadingFont), "/look/heading_font", "Unknown font.");
        Require(ButtonRadius is >= 0 and <= 40, "/look/button_radius", "0 to 40 pixels.");
        Require(Logo.Length <= 2_000 && LogoDark.Length <= 2_000 && Website.Length <= 2_000, "/look", "An address has at most 2,000 characters.");
        Require(Social.Count <= 20 && Social.All(s => s.Label.Length <= 100 && s.Url.Length <= 2_000), "/look/social", "There are at most 20 links.");
    }

    public string Write() => JsonSerializer.Serialize(this, BrandJsonContext.Default.BrandLook);

    public static BrandLook Read(JsonElement stored) => stored.Deserialize(BrandJsonContext.Default.BrandLook)!;

    private static void Require(bool holds, string path, string message)
    {
        if (!holds)
        {
            throw new InvalidInputException(path, "validation_failed", message);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BrandLook))]
internal sealed partial class BrandJsonContext : JsonSerializerContext;
