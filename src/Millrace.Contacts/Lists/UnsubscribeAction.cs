using System.ComponentModel;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Lists;

/// <summary>Ends the contacts' subscription to one list, or to all.</summary>
[AutomationAction(
    "list.unsubscribe", Title = "Unsubscribe from a list", Group = "Contacts", Icon = "list", Description = "Ends the contact's subscription to one list, or to all.")]
internal sealed class UnsubscribeAction(ISubscriptions subscriptions) : AutomationAction<UnsubscribeAction.Settings>
{
    internal sealed record Settings
    {
        [Description("Leave empty for every list the contact is on."), Picker("list")]
        public long? List { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        await subscriptions.UnsubscribeAsync(
            batch.Transaction, batch.AccountId, batch.ContactIds, batch.Settings.List is { } list ? [list] : null, ContactSource.Automation, reason: null,
            cancellationToken, new ActivityOrigin(batch.AutomationId, batch.StepKey));
        return batch.All(StepOutcome.Continue);
    }
}
