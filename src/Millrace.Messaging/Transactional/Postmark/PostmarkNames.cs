using Millrace.Messaging.Transactional.Servers;

namespace Millrace.Messaging.Transactional.Postmark;

/// <summary>Our words in Postmark's spelling, both ways.</summary>
internal static class PostmarkNames
{
    /// <summary>Null when nothing was said.</summary>
    /// <exception cref="PostmarkException">There is no such way.</exception>
    public static LinkTracking? Tracking(string? text) => string.IsNullOrEmpty(text) ? null
        : Enum.TryParse<LinkTracking>(text, ignoreCase: true, out var tracking) && Enum.IsDefined(tracking) && !char.IsDigit(text[0]) ? tracking
        : throw new PostmarkException(300, "TrackLinks is None, HtmlOnly, TextOnly or HtmlAndText.");

    public static string Kind(StreamKind kind) => kind switch { StreamKind.Broadcasts => "Broadcasts", StreamKind.Inbound => "Inbound", _ => "Transactional" };

    /// <exception cref="PostmarkException">There is no such kind.</exception>
    public static StreamKind Kind(string? text) => text?.ToUpperInvariant() switch
    {
        "TRANSACTIONAL" => StreamKind.Transactional,
        "BROADCASTS" or "BROADCAST" => StreamKind.Broadcasts,
        "INBOUND" => StreamKind.Inbound,
        _ => throw new PostmarkException(PostmarkDialect.StreamInvalid, "MessageStreamType is Transactional, Broadcasts or Inbound."),
    };

    public static UnsubscribeHandling? Unsubscribe(string? text) => text?.ToUpperInvariant() switch
    {
        null => null,
        "NONE" => UnsubscribeHandling.None,
        "POSTMARK" => UnsubscribeHandling.Postmark,
        "CUSTOM" => UnsubscribeHandling.Custom,
        _ => throw new PostmarkException(PostmarkDialect.StreamInvalid, "UnsubscribeHandlingType is None, Postmark or Custom."),
    };

    public static string Reason(StreamSuppressionReason reason) => reason.ToString();

    public static string Unsubscribe(StreamView stream) => stream.Unsubscribe.ToString();
}
