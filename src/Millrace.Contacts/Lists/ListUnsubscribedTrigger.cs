using System.ComponentModel;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Lists;

/// <summary>Starts when a contact leaves a list. Without a list in the settings, any list does.</summary>
[AutomationTrigger(
    "list.unsubscribed", Title = "Unsubscribes from a list", Group = "Contacts", Description = "Starts when a contact leaves a list, by itself, by a user or by an automation.")]
internal sealed class ListUnsubscribedTrigger : AutomationTrigger<ListUnsubscribed, ListUnsubscribedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Leave empty for any list."), Picker("list")]
        public long? List { get; init; }
    }

    public override bool Matches(ListUnsubscribed activity, Settings settings) => settings.List is null || settings.List == activity.ListId;
}
