using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Messaging.Images;

/// <summary>
/// The public address of a picture, <c>/i/{account}/{hash}-{width}x{height}.{format}</c>, with <c>.{width}</c> before the format for a smaller one.
/// The bytes behind an address never change. In designs it stands without a host; mails get it with the host of the moment they go out.
/// </summary>
internal sealed partial record ImageAddress(long AccountId, string Hash, int Width, int Height, int Wanted, string Format)
{
    /// <summary>Widths that pictures are made smaller to, so that nobody can have a thousand of them made.</summary>
    public static readonly int[] Ladder = [100, 200, 320, 480, 640, 800, 1000, 1200, 1400, 1600, 2000];

    [GeneratedRegex(@"^/i/(?<account>[1-9]\d{0,15})/(?<hash>[0-9a-f]{32})-(?<width>[1-9]\d{0,4})x(?<height>[1-9]\d{0,4})(\.(?<wanted>[1-9]\d{0,3}))?\.(?<format>png|jpg|gif|webp)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();

    [GeneratedRegex(@"(?<=[""'(=])/i/(?=[1-9]\d{0,15}/[0-9a-f]{32}-|library/[a-z0-9-]{1,60}\.png)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WithoutHost();

    public static ImageAddress? Parse(string path)
    {
        var match = Shape().Match(path);
        return match.Success
            ? new ImageAddress(
                long.Parse(match.Groups["account"].Value, CultureInfo.InvariantCulture), match.Groups["hash"].Value, Number("width"), Number("height"),
                match.Groups["wanted"].Success ? Number("wanted") : 0, match.Groups["format"].Value)
            : null;

        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>For a place of this width: twice as many pixels where there are, as sharp screens want.</summary>
    /// <param name="width">Pixels in the mail.</param>
    public ImageAddress For(int width)
    {
        // A GIF may move, and would stand still as a smaller one.
        var enough = Array.Find(Ladder, l => l >= 2 * width);
        return Format is "gif" || enough == 0 || enough >= Width ? this with { Wanted = 0 } : this with { Wanted = enough };
    }

    /// <summary>The height that belongs to a width.</summary>
    public int HeightAt(int width) => Math.Max(1, (int)Math.Round((double)Height * width / Width));

    /// <summary>All addresses of pictures in a body with the host that readers reach us by.</summary>
    public static string WithHost(string html, string publicUrl) =>
        html.Contains("/i/", StringComparison.Ordinal) ? WithoutHost().Replace(html, publicUrl + "/i/") : html;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"/i/{AccountId}/{Hash}-{Width}x{Height}{(Wanted > 0 ? $".{Wanted}" : "")}.{Format}");
}
