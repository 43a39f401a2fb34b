using System.ComponentModel;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Tags;

/// <summary>A step that does something with one tag. A contact for which there is nothing to do just goes on; a tag that was deleted is skipped.</summary>
internal abstract class TagAction : AutomationAction<TagAction.Settings>
{
    internal sealed record Settings
    {
        [Description("Which tag."), Picker("tag")]
        public required long Tag { get; init; }
    }

    protected abstract Task ApplyAsync(ActionBatch<Settings> batch, ActivityOrigin origin, CancellationToken cancellationToken);

    public sealed override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        if (!await Tagging.ExistsAsync(batch.Transaction, batch.AccountId, batch.Settings.Tag, cancellationToken))
        {
            return batch.All(StepOutcome.Skip("skipped_tag_missing", "The tag no longer exists."));
        }

        await ApplyAsync(batch, new ActivityOrigin(batch.AutomationId, batch.StepKey), cancellationToken);
        return batch.All(StepOutcome.Continue);
    }
}
