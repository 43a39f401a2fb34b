namespace Millrace.Messaging.Transactional;

/// <summary>Which bodies have their links tracked.</summary>
internal enum LinkTracking
{
    None,
    HtmlOnly,
    TextOnly,
    HtmlAndText,
}

/// <summary>What a stream is for.</summary>
internal enum StreamKind
{
    /// <summary>Single mails that somebody waits for.</summary>
    Transactional,

    /// <summary>The same to many; goes after everything else and bears a way out.</summary>
    Broadcasts,

    /// <summary>Takes mail in.</summary>
    Inbound,
}

/// <summary>Who offers readers a way out of a stream.</summary>
internal enum UnsubscribeHandling
{
    None,

    /// <summary>We do: link in the mail and header for the mailbox's button.</summary>
    Postmark,

    /// <summary>The sender does it himself.</summary>
    Custom,
}

internal enum StreamSuppressionReason
{
    HardBounce,
    SpamComplaint,
    ManualSuppression,
}

internal enum SuppressionOrigin
{
    Recipient,
    Customer,
    Admin,
}
