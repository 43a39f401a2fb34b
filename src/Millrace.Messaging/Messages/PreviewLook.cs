using System.Text.RegularExpressions;

namespace Millrace.Messaging.Messages;

/// <summary>A rendered mail as readers with a dark theme show it, near enough to see what becomes illegible.</summary>
internal static partial class PreviewLook
{
    /// <summary>Readers of this kind turn light colours over and leave pictures as they are.</summary>
    private const string Inverted =
        "<style>html{background:#fff;filter:invert(1) hue-rotate(180deg)}img,[background],[style*='background-image']{filter:invert(1) hue-rotate(180deg)}</style>";

    [GeneratedRegex(@"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex DarkRules();

    public static string Apply(string html, string? look) => look switch
    {
        "inverted" => IntoHead(html, Inverted),
        "dark" => DarkRules().Replace(html, "@media all"),
        _ => html,
    };

    private static string IntoHead(string html, string style)
    {
        var end = html.IndexOf("</head>", StringComparison.OrdinalIgnoreCase);
        return end < 0 ? style + html : html.Insert(end, style);
    }
}
