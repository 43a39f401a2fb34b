namespace Millrace.Messaging.Links;

/// <summary>Values of the headers of RFC 2369 and RFC 8058.</summary>
/// <param name="ListUnsubscribe">Value of <c>List-Unsubscribe</c>.</param>
/// <param name="ListUnsubscribePost">Value of <c>List-Unsubscribe-Post</c>.</param>
internal readonly record struct OneClickHeaders(string ListUnsubscribe, string ListUnsubscribePost)
{
    /// <param name="url">An https URL whose POST unsubscribes at once and whose GET only asks.</param>
    /// <param name="mailbox">Address that unsubscribes whoever writes to it, or null.</param>
    /// <exception cref="ArgumentException">The URL is not https, or one of the two could break out of its brackets.</exception>
    public static OneClickHeaders For(string url, string? mailbox = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!url.StartsWith("https://", StringComparison.Ordinal) || IsUnsafe(url))
        {
            throw new ArgumentException("One-click unsubscription needs an https URL.", nameof(url));
        }

        if (mailbox is not null && IsUnsafe(mailbox))
        {
            throw new ArgumentException("The unsubscribe mailbox is no address.", nameof(mailbox));
        }

        var value = mailbox is null ? $"<{url}>" : $"<{url}>, <mailto:{mailbox}?subject=unsubscribe>";
        return new(value, "List-Unsubscribe=One-Click");
    }

    private static bool IsUnsafe(string text) => text.AsSpan().ContainsAny("<>,\"") || text.Any(c => c <= ' ' || c >= '\u007F');
}
