using System.ComponentModel;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Lists;

/// <summary>Makes the contacts active on a list. Who unsubscribed himself or bounced stays as he is, and the trace says so.</summary>
[AutomationAction("list.subscribe", Title = "Subscribe to a list", Group = "Contacts", Icon = "list", Causes = "list.subscribed", CausesBy = ["list"],
    Description = "Makes the contact active on a list.")]
internal sealed class SubscribeAction(ISubscriptions subscriptions) : AutomationAction<SubscribeAction.Settings>
{
    internal sealed record Settings
    {
        [Description("List to subscribe to."), Picker("list")]
        public required long List { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var list = batch.Settings.List;
        if (!await Subscriptions.ListExistsAsync(batch.Transaction, batch.AccountId, list, cancellationToken))
        {
            return batch.All(StepOutcome.Skip("skipped_list_missing", "The list no longer exists."));
        }

        await subscriptions.SubscribeAsync(
            batch.Transaction, batch.AccountId, batch.ContactIds, list, ContactSource.Automation, force: false, cancellationToken,
            new ActivityOrigin(batch.AutomationId, batch.StepKey));
        var refused = await Sql.Of($"""
            select contact_id from contacts.subscription
            where account_id = {batch.AccountId} and list_id = {list} and contact_id = any({batch.ContactIds}) and status <> 'active'
            """).ListAsync<long>(batch.Transaction, cancellationToken);
        var kept = refused.ToHashSet();
        return [.. batch.Runs.Select(r => kept.Contains(r.ContactId)
            ? StepOutcome.Skip("skipped_unsubscribed", "The contact unsubscribed from this list or its address bounced.")
            : StepOutcome.Continue)];
    }
}
