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

    /// <summary>Values by tag of custom fields and of other modules; a many-of-options value is already joined by ", ".</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = EmptyFields;

    /// <summary>Names of the contact's tags; compared without case.</summary>
    public IReadOnlySet<string> Tags { get; init; } = EmptyTags;

    /// <summary>Names of the lists the contact is active on; compared without case.</summary>
    public IReadOnlySet<string> Lists { get; init; } = EmptyTags;

    public string? ListName { get; init; }

    public DateTimeOffset? SubscribedAt { get; init; }

    /// <summary>The user who looks after the contact; null when nobody does.</summary>
    public RecipientOwner? Owner { get; init; }

    public string? SenderName { get; init; }

    public string? SenderEmail { get; init; }

    /// <summary>Postal address of the sender, one line per line.</summary>
    public string? SenderInfo { get; init; }

    /// <summary>Links of this mail; null in previews. Asked for one by one, for each is signed.</summary>
    public IRecipientLinks? Links { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Zone in which dates are said: the contact's, else the account's.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    private static IReadOnlyDictionary<string, string> EmptyFields { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    private static IReadOnlySet<string> EmptyTags { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    internal DateTimeOffset LocalNow => TimeZoneInfo.ConvertTime(Now, Zone);
}

/// <summary>The user who looks after a contact.</summary>
internal sealed record RecipientOwner(string FirstName, string LastName, string Email)
{
    /// <summary>Tags that say something of the owner begin so; only where one is used, owners are loaded.</summary>
    public const string Prefix = "OWNER_";
}

/// <summary>The links that a mail has for its recipient. Null: there is no such page.</summary>
internal interface IRecipientLinks
{
    string? Unsubscribe { get; }

    string? UnsubscribeAll { get; }

    string? WebCopy { get; }

    string? Update { get; }

    string? Confirm { get; }

    /// <summary>The page from which the mail is forwarded to a friend.</summary>
    string? Forward { get; }

    /// <param name="network">Lower case: <c>facebook</c>, <c>x</c>, <c>linkedin</c> ...</param>
    string? Share(string network);
}
