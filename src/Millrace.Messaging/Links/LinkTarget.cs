using Millrace.Messaging.Personalization;

namespace Millrace.Messaging.Links;

/// <summary>The rule of where a link may lead: http, https, mailto or tel, nothing a browser would have to repair.</summary>
internal static class LinkTarget
{
    public const int MaxLength = 2048;

    public static bool IsAllowed(string? url)
    {
        if (string.IsNullOrEmpty(url) || url.Length > MaxLength || url.Any(c => c <= ' ' || c is '\u007F' or '\\'))
        {
            return false;
        }

        if (url.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) || url.StartsWith("tel:", StringComparison.OrdinalIgnoreCase))
        {
            return url.Length > 7;
        }

        return IsWeb(url) && Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0;
    }

    /// <summary>The redirect's target for one recipient, parsed again after merging; null when it may not be followed.</summary>
    public static string? Resolve(TemplateProgram urlProgram, in RenderContext context)
    {
        ArgumentNullException.ThrowIfNull(urlProgram);
        var url = urlProgram.Render(context);
        return IsAllowed(url) ? url : null;
    }

    internal static bool IsWeb(string url) =>
        url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
}
