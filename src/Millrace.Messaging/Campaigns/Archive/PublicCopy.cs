using System.Net;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Sending;

namespace Millrace.Messaging.Campaigns.Archive;

/// <summary>A mail as nobody in particular gets it: tags by their fallbacks, links as they are, nothing tracked, nothing that unsubscribes anybody.</summary>
internal static class PublicCopy
{
    public static string Html(CompiledMessage message, DateTimeOffset now)
    {
        var nobody = new DueSend(
            message.Version.AccountId, 0, 0, 3, 0, message.Version.MessageId, message.Version.Id, SendSourceKind.Test, null, null, null, null, SendState.Queued, 0, 0, now, null, null,
            string.Empty, null, null, null, null, null);
        var context = message.Merge(nobody, new RecipientFacts(), tracking: null, now);
        return message.Html.Render(context with { Tracking = new PlainLinks(message, context) });
    }

    /// <summary>Writes where each link leads in place of its tracking address.</summary>
    private sealed class PlainLinks(CompiledMessage message, RenderContext context) : ITrackingUrls
    {
        public void WriteClick(int linkNo, TextBuffer output) =>
            output.Append(message.Link(linkNo) is { } link && Messaging.Links.LinkTarget.Resolve(link, context with { Tracking = null }) is { } url ? WebUtility.HtmlEncode(url) : "#");

        public void WriteOpen(TextBuffer output) => output.Append("data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==");
    }
}
