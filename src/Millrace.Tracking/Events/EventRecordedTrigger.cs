using System.ComponentModel;
using Millrace.Kernel.Extensibility;
using Millrace.Tracking.Contracts;

namespace Millrace.Tracking.Events;

/// <summary>Starts when an event is recorded. Without an event in the settings, any does.</summary>
[AutomationTrigger("event.recorded", Title = "Event is recorded", Group = "Web",
    Description = "Starts when your site, app or shop reports an event of the contact.")]
internal sealed class EventRecordedTrigger : AutomationTrigger<EventRecorded, EventRecordedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Event to wait for; empty means any."), Picker("event")]
        public long? Event { get; init; }
    }

    public override bool Matches(EventRecorded activity, Settings settings) => settings.Event is null || settings.Event == activity.EventId;
}
