using System.ComponentModel;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Tags;

/// <summary>Adds one tag to every contact of the batch. A contact that has it already just goes on.</summary>
[AutomationAction("tag.add", Title = "Add a tag", Group = "Contacts", Icon = "tag", Description = "Puts a tag on the contact.")]
internal sealed class AddTagAction(Tagging tagging) : AutomationAction<AddTagAction.Settings>
{
    internal sealed record Settings
    {
        [Description("Tag to add."), Picker("tag")]
        public required long Tag { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        if (!await Tagging.ExistsAsync(batch.Transaction, batch.AccountId, batch.Settings.Tag, cancellationToken))
        {
            return batch.All(StepOutcome.Skip("skipped_tag_missing", "The tag no longer exists."));
        }

        await tagging.AddAsync(
            batch.Transaction, batch.AccountId, batch.ContactIds, [batch.Settings.Tag], cancellationToken,
            new ActivityOrigin(batch.AutomationId, batch.StepKey));
        return batch.All(StepOutcome.Continue);
    }
}
