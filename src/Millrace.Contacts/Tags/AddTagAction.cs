using Millrace.Activities.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Tags;

/// <inheritdoc/>
[AutomationAction("tag.add", Title = "Add a tag", Group = "Contacts", Icon = "tag", Causes = "tag.added", CausesBy = ["tag"],
    Description = "Puts a tag on the contact.")]
internal sealed class AddTagAction(Tagging tagging) : TagAction
{
    protected override Task ApplyAsync(ActionBatch<Settings> batch, ActivityOrigin origin, CancellationToken cancellationToken) =>
        tagging.AddAsync(batch.Transaction, batch.AccountId, batch.ContactIds, [batch.Settings.Tag], cancellationToken, origin);
}
