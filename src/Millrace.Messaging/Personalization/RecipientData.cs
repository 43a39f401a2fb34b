namespace Millrace.Messaging.Personalization;

/// <summary>Everything tags may read of one recipient. Loaded in sets; only what the template's slots name needs filling.</summary>
internal sealed record RecipientData
{
    public required long ContactId { get; init; }

    public required string Email { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? Phone { get; init; }

    public string? IpAddress { get; init; }

    /// <summary>Null where nothing is known of it.</summary>
    public RecipientPlace? Place { get; init; }

    /// <summary>Custom field values by personalization key; a many-of-options value is already joined by ", ".</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = EmptyFields;

    /// <summary>Names of the contact's tags; compared without case.</summary>
    public IReadOnlySet<string> Tags { get; init; } = EmptyTags;

    public string? ListName { get; init; }

    public DateTimeOffset? SubscribedAt { get; init; }

    /// <summary>Postal address of the sender, one line per line.</summary>
    public string? SenderInfo { get; init; }

    public string? UnsubscribeLink { get; init; }

    public string? UnsubscribeAllLink { get; init; }

    public string? WebCopyLink { get; init; }

    public string? UpdateLink { get; init; }

    public string? ConfirmLink { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Zone in which dates are said: the contact's, else the account's.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    private static IReadOnlyDictionary<string, string> EmptyFields { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    private static IReadOnlySet<string> EmptyTags { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    internal DateTimeOffset LocalNow => TimeZoneInfo.ConvertTime(Now, Zone);
}
