using Millrace.Messaging.Personalization;
using Millrace.Messaging.Sharing;
using Millrace.Messaging.Tracking.Quality;

namespace Millrace.Messaging.Links;

/// <summary>
/// Writes signed tracking URLs of one send after the other without making strings. Set <see cref="SendId"/>, render, go on. One thread each.
/// </summary>
/// <param name="baseUrl">Scheme and tracking host, perhaps with a path; no slash at the end.</param>
internal sealed class TrackingUrls(string baseUrl, TokenKeys keys, long accountId) : ITrackingUrls, IRecipientLinks
{
    public long SendId { get; set; }

    public void WriteClick(int linkNo, TextBuffer output)
    {
        var isTrap = linkNo == LinkTrap.LinkNo;
        Write(isTrap ? LinkTrap.Path : "/c/", isTrap ? TokenPurpose.Trap : TokenPurpose.Click, linkNo, output);
    }

    public void WriteOpen(TextBuffer output) => Write("/o/", TokenPurpose.Open, 0, output);

    public string UnsubscribeUrl => Url("/u/", TokenPurpose.Unsubscribe);

    public string UnsubscribeAllUrl => Url("/u/", TokenPurpose.UnsubscribeAll);

    public string WebCopyUrl => Url("/w/", TokenPurpose.WebCopy);

    string? IRecipientLinks.Unsubscribe => UnsubscribeUrl;

    string? IRecipientLinks.UnsubscribeAll => UnsubscribeAllUrl;

    string? IRecipientLinks.WebCopy => WebCopyUrl;

    string? IRecipientLinks.Update => Url("/p/", TokenPurpose.UpdateProfile);

    string? IRecipientLinks.Confirm => null;

    string? IRecipientLinks.Forward => Url("/f/", TokenPurpose.Forward);

    string? IRecipientLinks.Share(string network) => Url("/s/", TokenPurpose.Share, ShareNetwork.NumberOf(network));

    private string Url(string path, TokenPurpose purpose, int linkNo = 0) =>
        string.Concat(baseUrl, path, new PublicToken(purpose, accountId, SendId, linkNo).ToText(keys));

    private void Write(string path, TokenPurpose purpose, int linkNo, TextBuffer output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Append(baseUrl);
        output.Append(path);
        output.Advance(new PublicToken(purpose, accountId, SendId, linkNo).Write(output.GetSpan(PublicToken.MaxLength), keys));
    }
}
