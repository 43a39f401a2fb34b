using System.ComponentModel;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Tags;

/// <summary>Takes one tag off every contact of the batch. A contact without it just goes on.</summary>
[AutomationAction("tag.remove", Title = "Remove a tag", Group = "Contacts", Icon = "tag", Description = "Takes a tag off the contact.")]
internal sealed class RemoveTagAction(Tagging tagging) : AutomationAction<RemoveTagAction.Settings>
{
    internal sealed record Settings
    {
        [Description("Tag to remove."), Picker("tag")]
        public required long Tag { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        if (!await Tagging.ExistsAsync(batch.Transaction, batch.AccountId, batch.Settings.Tag, cancellationToken))
        {
            return batch.All(StepOutcome.Skip("skipped_tag_missing", "The tag no longer exists."));
        }

        await tagging.RemoveAsync(
            batch.Transaction, batch.AccountId, batch.ContactIds, [batch.Settings.Tag], cancellationToken,
            new ActivityOrigin(batch.AutomationId, batch.StepKey));
        return batch.All(StepOutcome.Continue);
    }
}
