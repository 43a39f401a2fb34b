namespace Millrace.Messaging.Sharing;

/// <summary>A place where readers share a mail: the page there that takes an address.</summary>
/// <param name="No">Stands in links of mails already sent: never change one.</param>
/// <param name="Key">As activities and tags name it.</param>
/// <param name="Title">As people call it.</param>
internal sealed record ShareNetwork(int No, string Key, string Title, Func<string, string, string> Address)
{
    /// <summary>Of the page where the network is chosen.</summary>
    public const int Any = 0;

    public static readonly IReadOnlyList<ShareNetwork> All =
    [
        new(1, "facebook", "Facebook", (url, _) => $"https://www.facebook.com/sharer/sharer.php?u={url}"),
        new(2, "x", "X", (url, title) => $"https://x.com/intent/post?url={url}&text={title}"),
        new(3, "linkedin", "LinkedIn", (url, _) => $"https://www.linkedin.com/sharing/share-offsite/?url={url}"),
        new(4, "pinterest", "Pinterest", (url, title) => $"https://www.pinterest.com/pin/create/button/?url={url}&description={title}"),
        new(5, "reddit", "Reddit", (url, title) => $"https://www.reddit.com/submit?url={url}&title={title}"),
        new(6, "whatsapp", "WhatsApp", (url, title) => $"https://wa.me/?text={title}%20{url}"),
        new(7, "bluesky", "Bluesky", (url, title) => $"https://bsky.app/intent/compose?text={title}%20{url}"),
    ];

    public static ShareNetwork? Find(int no) => All.FirstOrDefault(n => n.No == no);

    /// <summary><see cref="Any"/> for one that is not known.</summary>
    public static int NumberOf(string key) => All.FirstOrDefault(n => n.Key == key)?.No ?? Any;

    /// <summary>Where a click leads.</summary>
    /// <param name="url">Of the public copy.</param>
    public string AddressOf(string url, string title) => Address(Uri.EscapeDataString(url), Uri.EscapeDataString(title));
}
