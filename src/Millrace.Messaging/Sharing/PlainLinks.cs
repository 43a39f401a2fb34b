using System.Net;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Sending;

namespace Millrace.Messaging.Sharing;

/// <summary>Writes where each link leads in place of its tracking address.</summary>
/// <param name="place">HTML or text: how the address is written.</param>
internal sealed class PlainLinks(CompiledMessage message, RenderContext context, TemplateKind place = TemplateKind.Html) : ITrackingUrls
{
    /// <summary>A picture that asks nobody for anything.</summary>
    public const string NoPixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==";

    public void WriteClick(int linkNo, TextBuffer output) =>
        output.Append(
            message.Link(linkNo) is not { } link || LinkTarget.Resolve(link, context with { Tracking = null }) is not { } url ? "#"
            : place == TemplateKind.Html ? WebUtility.HtmlEncode(url) : url);

    public void WriteOpen(TextBuffer output) => output.Append(NoPixel);
}
