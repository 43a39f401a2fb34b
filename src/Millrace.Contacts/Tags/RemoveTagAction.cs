using Millrace.Activities.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Tags;

/// <inheritdoc/>
[AutomationAction("tag.remove", Title = "Remove a tag", Group = "Contacts", Icon = "tag", Causes = "tag.removed", CausesBy = ["tag"],
    Description = "Takes a tag off the contact.")]
internal sealed class RemoveTagAction(Tagging tagging) : TagAction
{
    protected override Task ApplyAsync(ActionBatch<Settings> batch, ActivityOrigin origin, CancellationToken cancellationToken) =>
        tagging.RemoveAsync(batch.Transaction, batch.AccountId, batch.ContactIds, [batch.Settings.Tag], cancellationToken, origin);
}
