namespace Millrace.Messaging.Personalization;

/// <summary>Decides whether the text before a merged value has already fixed scheme, host and port.</summary>
internal static class UrlPrefix
{
    /// <summary>
    /// True for <c>https://host/...</c>, <c>https://host?</c>, <c>mailto:</c>, <c>tel:</c> and <c>#</c>. Everything a browser would repair on its own
    /// (white space, backslashes, a missing or third slash) counts as not fixed.
    /// </summary>
    public static bool IsFixed(ReadOnlySpan<char> prefix)
    {
        prefix = prefix.TrimStart(' ');
        if (prefix.IsEmpty || prefix.IndexOfAnyInRange('\0', ' ') >= 0)
        {
            return false;
        }

        if (prefix[0] == '#'
            || prefix.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)
            || prefix.StartsWith("tel:", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var scheme = prefix.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : prefix.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : 0;
        var end = scheme == 0 ? -1 : prefix[scheme..].IndexOfAny("/?#\\&");
        return end > 0 && prefix[scheme + end] is '/' or '?' or '#';
    }
}
