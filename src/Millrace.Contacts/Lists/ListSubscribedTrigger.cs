using System.ComponentModel;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Lists;

/// <summary>Starts when a contact becomes active on a list. Without a list in the settings, any list does.</summary>
[AutomationTrigger(
    "list.subscribed", Title = "Subscribes to a list", Group = "Contacts", Description = "Starts when a contact becomes active on a list; with double opt-in, when it is confirmed.")]
internal sealed class ListSubscribedTrigger : AutomationTrigger<ListSubscribed, ListSubscribedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Leave empty for any list."), Picker("list")]
        public long? List { get; init; }
    }

    public override bool Matches(ListSubscribed activity, Settings settings) => settings.List is null || settings.List == activity.ListId;
}
