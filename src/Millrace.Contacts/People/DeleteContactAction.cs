using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.People;

/// <summary>Deletes the contact for good. Every automation it is in ends at once.</summary>
[AutomationAction("contact.delete", Title = "Delete the contact", Group = "Contacts", Icon = "trash",
    Description = "Deletes the contact for good, with everything known of it, and ends every automation it is in. This cannot be undone.")]
internal sealed class DeleteContactAction(DeleteContacts delete) : AutomationAction<DeleteContactAction.Settings>
{
    internal sealed record Settings;

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        await delete.RunAsync(batch.Transaction, batch.AccountId, userId: null, [.. batch.ContactIds.Distinct()], cancellationToken);
        return batch.All(StepOutcome.EndEntries(null, reason: null));
    }

    protected override bool EndsPath(Settings settings) => true;
}
