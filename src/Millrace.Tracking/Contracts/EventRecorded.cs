using Millrace.Kernel.Extensibility;

namespace Millrace.Tracking.Contracts;

/// <summary>A site, a shop or another program reported that a contact did something.</summary>
/// <param name="EventId">The event's name as a thing of the account.</param>
/// <param name="Name">As first reported; matched ignoring case.</param>
/// <param name="Value">Free text that came along; null when none did.</param>
[ActivityKind("event.recorded", Title = "Event recorded", Group = "Web")]
public sealed record EventRecorded(long ContactId, [property: Subject] long EventId, string Name, string? Value) : IActivity;
