using System.ComponentModel;
using System.Text.Json.Nodes;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Tags;

/// <summary>Starts when a tag is added. Without a tag in the settings, any tag does.</summary>
[AutomationTrigger("tag.added", Title = "Tag is added", Group = "Contacts", Description = "Starts when a tag is put on a contact that did not have it.")]
internal sealed class TagAddedTrigger : AutomationTrigger<TagAdded, TagAddedTrigger.Settings>, IStandingTrigger
{
    internal sealed record Settings
    {
        [Description("Leave empty for any tag."), Picker("tag")]
        public long? Tag { get; init; }
    }

    public override bool Matches(TagAdded activity, Settings settings) => settings.Tag is null || settings.Tag == activity.TagId;

    /// <summary>Who has the tag. Of any tag nobody can be said to match already.</summary>
    public JsonObject? Standing(object settings) =>
        ((Settings)settings).Tag is { } tag ? new() { ["field"] = "tag", ["op"] = "has", ["value"] = tag } : null;
}
