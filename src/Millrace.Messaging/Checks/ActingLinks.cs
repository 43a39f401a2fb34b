using System.Text.RegularExpressions;

namespace Millrace.Messaging.Checks;

/// <summary>
/// Links that do something when they are followed, by the words in their address: unsubscribe, sign out, confirm, delete. A check that followed them would do it to the person in
/// whose place it looks.
/// </summary>
internal static partial class ActingLinks
{
    public static bool Is(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && Words().IsMatch(Uri.UnescapeDataString(address.PathAndQuery));

    // Whole words between the separators of addresses: "/signup" and "/deleted-scenes" are pages. Some languages beside English, as mails have them.
    [GeneratedRegex(
        @"(?<![a-z])(un-?subscribe|un-?sub|opt-?(out|in)|one-?click|list-?unsubscribe|(sign|log)-?(out|off)|revoke|deactivate|delete(-?account)?|remove|cancel|confirm|verify|activate"
        + "|abmelden|abbestellen|austragen|se-?desabonner|desabonner|desinscri(re|ption)|darse-?de-?baja|cancelar|disiscri(viti|zione)|uitschrijven|afmelden|avregistrera)(?![a-z])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();
}
