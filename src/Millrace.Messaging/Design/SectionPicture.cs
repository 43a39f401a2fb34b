using System.Buffers;
using System.Globalization;
using Millrace.Messaging.Images;

namespace Millrace.Messaging.Design;

/// <summary>The picture behind a section: CSS for most readers, the old attribute for some, VML for Outlook. Without pictures the colour stays.</summary>
/// <param name="Attributes">Of the cell, with a space in front.</param>
/// <param name="Style">Declarations for the cell, with a semicolon in front.</param>
/// <param name="Open">Before what stands on the picture.</param>
internal sealed record SectionPicture(string Attributes, string Style, string Open, string Close)
{
    private static readonly SearchValues<char> Unsafe = SearchValues.Create("'\"()<>\\ ;%");

    private static readonly SectionPicture None = new("", "", "", "");

    public static SectionPicture Of(DesignSection section, DesignSettings settings, string colour, Action<string, string> warn)
    {
        if (string.IsNullOrWhiteSpace(section.BackgroundImage))
        {
            return None;
        }

        var url = section.BackgroundImage.Trim();
        if (ImageAddress.Parse(url) is { } own)
        {
            url = own.For(settings.Width).ToString();
        }
        else if (!url.StartsWith("https://", StringComparison.Ordinal) || url.AsSpan().ContainsAny(Unsafe))
        {
            warn("link_invalid", "A background picture has an https address without quotes, brackets and tags.");
            return None;
        }

        var address = BlockInput.Encode(url);
        var size = section.BackgroundSize is "auto" ? "background-repeat:repeat" : $"background-repeat:no-repeat;background-size:{section.BackgroundSize}";
        var fill = section.BackgroundSize is "auto" ? "tile" : "frame";
        return new(
            $" background=\"{address}\"",
            $";background-image:url('{address}');background-position:{section.BackgroundPosition};{size}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"<!--[if gte mso 9]><v:rect xmlns:v=\"urn:schemas-microsoft-com:vml\" fill=\"true\" stroke=\"false\" style=\"width:{settings.Width}px\"><v:fill type=\"{fill}\" src=\"{address}\" color=\"{colour}\"/><v:textbox style=\"mso-fit-shape-to-text:true\" inset=\"0,0,0,0\"><![endif]-->"),
            "<!--[if gte mso 9]></v:textbox></v:rect><![endif]-->");
    }
}
