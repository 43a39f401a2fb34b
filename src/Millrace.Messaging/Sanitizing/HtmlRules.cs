using System.Text.RegularExpressions;

namespace Millrace.Messaging.Sanitizing;

/// <summary>The lists of what mail HTML may be made of.</summary>
internal static partial class HtmlRules
{
    private static readonly HashSet<string> Elements = Words(
        "html head title style body a abbr address area article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div "
        + "dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main map mark nav ol p pre q s samp section small span "
        + "strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr");

    /// <summary>Gone, but what they hold stays. All else that is not on the list goes with its content.</summary>
    private static readonly HashSet<string> Transparent = Words("form fieldset label legend details summary picture hgroup search dialog menu o:p");

    private static readonly HashSet<string> Attributes = Words(
        "style class id dir lang title align valign width height bgcolor background role alt src href target name border cellpadding cellspacing "
        + "colspan rowspan color face size start abbr scope nowrap hspace vspace datetime usemap shape coords span rel type value reversed");

    private static readonly HashSet<string> UrlAttributes = Words("href src background");

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_ .:-]{0,200}$", RegexOptions.None, 1000)]
    private static partial Regex Name();

    [GeneratedRegex("^aria-[a-z]{1,20}$", RegexOptions.None, 1000)]
    private static partial Regex Aria();

    public static bool IsAllowed(string element) => Elements.Contains(element);

    public static bool IsTransparent(string element) => Transparent.Contains(element);

    /// <summary>The value to keep, or null to drop the attribute.</summary>
    public static string? Clean(string attribute, string value)
    {
        if (!Attributes.Contains(attribute) && !Aria().IsMatch(attribute))
        {
            return null;
        }

        return attribute switch
        {
            "style" => CssCleaner.CleanDeclarations(value) is { Length: > 0 } css ? css : null,
            "id" or "name" or "class" or "usemap" => Name().IsMatch(value.TrimStart('#')) ? value : null,
            _ when UrlAttributes.Contains(attribute) => CleanUrl(value, isLink: attribute is "href"),

            // A "<" inside a value becomes markup when some other parser ends the value too early.
            _ => new string([.. value.Where(c => c != '<' && (!char.IsControl(c) || c is '\n' or '\t'))]),
        };
    }

    private static string? CleanUrl(string value, bool isLink)
    {
        var url = new string([.. value.Where(c => c != '<' && !char.IsControl(c))]).Trim();
        var bare = new string([.. url.Where(c => c > ' ' && c != '\u00A0')]);
        string[] schemes = isLink ? ["http://", "https://", "mailto:", "tel:", "#", "%"] : ["http://", "https://", "cid:", "%", "/i/"];
        if (url.Length > 2048 || !schemes.Any(s => bare.StartsWith(s, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        return url.Contains('|', StringComparison.Ordinal) ? url : url.Replace(" ", "%20", StringComparison.Ordinal);
    }

    private static HashSet<string> Words(string text) => new(text.Split(' '), StringComparer.Ordinal);
}
