using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Contracts;

/// <summary>A contact came into being, by whatever road.</summary>
/// <param name="Source">See <see cref="ContactSource"/>.</param>
[ActivityKind("contact.created", Title = "Contact created", Group = "Contact")]
public sealed record ContactCreated(long ContactId, string Source) : IActivity;

/// <summary>A contact was deleted for good, with everything that hung on it.</summary>
/// <param name="TagIds">The tags it had, for the counts.</param>
/// <param name="ListIds">The lists it was active on, for the counts.</param>
[ActivityKind("contact.deleted", Title = "Contact deleted", Group = "Contact", IsNobodys = true)]
public sealed record ContactDeleted(long ContactId, long[]? TagIds = null, long[]? ListIds = null) : IActivity;

/// <summary>A standard or custom field got another value.</summary>
/// <param name="FieldId">The custom field; null for a standard one.</param>
/// <param name="Field">Standard: <c>email</c>, <c>first_name</c>, <c>last_name</c>, <c>phone</c>. Custom: the field's key, upper snake case.</param>
/// <param name="From">Value before as text; null when there was none.</param>
/// <param name="To">Value after as text; null when it was cleared.</param>
[ActivityKind("field.changed", Title = "Field changed", Group = "Contact")]
public sealed record FieldChanged(long ContactId, [property: Subject] long? FieldId, string Field, string? From, string? To) : IActivity;

/// <summary>A tag was put on a contact that did not have it, by whatever road.</summary>
[ActivityKind("tag.added", Title = "Tag added", Group = "Contact")]
public sealed record TagAdded(long ContactId, [property: Subject] long TagId) : IActivity;

/// <summary>A tag was taken off a contact that had it.</summary>
[ActivityKind("tag.removed", Title = "Tag removed", Group = "Contact")]
public sealed record TagRemoved(long ContactId, [property: Subject] long TagId) : IActivity;

/// <summary>A contact became active on a list (with double opt-in: when it is confirmed).</summary>
[ActivityKind("list.subscribed", Title = "Subscribed to list", Group = "Contact")]
public sealed record ListSubscribed(long ContactId, [property: Subject] long ListId, string Source) : IActivity;

/// <summary>A contact's subscription to a list ended, by itself, by a user or by an automation.</summary>
/// <param name="WasActive">False when it had been unconfirmed or bounced before.</param>
[ActivityKind("list.unsubscribed", Title = "Unsubscribed from list", Group = "Contact")]
public sealed record ListUnsubscribed(
    long ContactId, [property: Subject] long ListId, string Source, string? Reason, bool WasActive = true) : IActivity;

/// <summary>A contact who was active on a list can no longer be reached there, because the address bounced.</summary>
[ActivityKind("list.bounced", Title = "Address bounced on list", Group = "Contact")]
public sealed record ListBounced(long ContactId, [property: Subject] long ListId) : IActivity;

/// <summary>The tag a contact had was merged into another. Starts nothing; it is neither an addition nor a removal.</summary>
/// <param name="FromTagId">The tag that no longer exists.</param>
/// <param name="Gained">Whether the contact did not have the remaining tag before.</param>
[ActivityKind("tag.merged", Title = "Tag merged", Group = "Contact")]
public sealed record TagMerged(long ContactId, [property: Subject] long TagId, long FromTagId, bool Gained) : IActivity;

/// <summary>A note was written on a contact.</summary>
[ActivityKind("note.added", Title = "Note added", Group = "Contact")]
public sealed record NoteAdded(long ContactId, [property: Subject] long NoteId) : IActivity;

/// <summary>A date of the contact came round for which an automation waited.</summary>
/// <param name="Date">The date itself, <c>2026-03-31</c>; of a yearly trigger this year's.</param>
[ActivityKind("date.reached", Title = "Date reached", Group = "Contact")]
public sealed record DateReached(long ContactId, [property: Subject("field")] long FieldId, string Date) : IActivity;
