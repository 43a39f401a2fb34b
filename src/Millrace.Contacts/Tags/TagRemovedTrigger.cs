using System.ComponentModel;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Tags;

/// <summary>Starts when a tag is removed. Without a tag in the settings, any tag does.</summary>
[AutomationTrigger("tag.removed", Title = "Tag is removed", Group = "Contacts", Description = "Starts when a tag is taken off a contact.")]
internal sealed class TagRemovedTrigger : AutomationTrigger<TagRemoved, TagRemovedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Leave empty for any tag."), Picker("tag")]
        public long? Tag { get; init; }
    }

    public override bool Matches(TagRemoved activity, Settings settings) => settings.Tag is null || settings.Tag == activity.TagId;
}
