using System.Net;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Links;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Sharing;

namespace Millrace.Messaging.Campaigns.Archive;

/// <summary>A mail as nobody in particular gets it: tags by their fallbacks, links as they are, nothing tracked, nothing that unsubscribes anybody.</summary>
internal sealed class PublicCopy(PublicAddress address, TokenKeys keys, TimeProvider clock)
{
    public string Html(CompiledMessage message)
    {
        var now = clock.GetUtcNow();
        var nobody = NobodyOf(message, now);
        var title = TitleOf(message, now);
        var url = PublicVersion.UrlOf(address.Url, message.Version.AccountId, message.Version.Id, keys);
        var context = message.Merge(nobody, new RecipientFacts(), new PublicLinks(url, title), tracking: null, now);
        return WithTitle(Gap.Close(message.Html.Render(context with { Tracking = new PlainLinks(message, context), Missing = Gap.Mark })), title);
    }

    /// <summary>The subject as nobody in particular reads it: with fallbacks, and without the gaps of what is missing.</summary>
    public static string TitleOf(CompiledMessage message, DateTimeOffset now)
    {
        var context = message.Merge(NobodyOf(message, now), new RecipientFacts(), tracking: null, now) with { Missing = Gap.Mark };
        return string.Join(' ', Gap.Close(message.Subject.Render(context)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static DueSend NobodyOf(CompiledMessage message, DateTimeOffset now) => new(
        message.Version.AccountId, 0, 0, 3, 0, message.Version.MessageId, message.Version.Id, SendSourceKind.Test, null, null, null, null, SendState.Queued, 0, 0, now, null, null,
        string.Empty, null, null, null, null, null);

    /// <summary>What networks show of a page is its title.</summary>
    private static string WithTitle(string html, string title)
    {
        html = html.Replace("<title></title>", $"<title>{WebUtility.HtmlEncode(title)}</title>", StringComparison.Ordinal);
        var head = html.IndexOf("</head", StringComparison.OrdinalIgnoreCase);
        return head < 0 || title.Length == 0 ? html : html.Insert(head, $"<meta property=\"og:title\" content=\"{WebUtility.HtmlEncode(title)}\">");
    }
}
