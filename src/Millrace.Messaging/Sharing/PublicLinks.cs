using Millrace.Messaging.Personalization;

namespace Millrace.Messaging.Sharing;

/// <summary>Links of a mail that is nobody's: who reads it may share it too; the rest is for those it was sent to.</summary>
/// <param name="url">Of the public copy.</param>
internal sealed class PublicLinks(string url, string title) : IRecipientLinks
{
    public string? Unsubscribe => null;

    public string? UnsubscribeAll => null;

    public string? WebCopy => url;

    public string? Update => null;

    public string? Confirm => null;

    public string? Forward => null;

    public string? Share(string network) => ShareNetwork.Find(ShareNetwork.NumberOf(network))?.AddressOf(url, title) ?? url;
}
