using System.ComponentModel;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Lists;

/// <summary>Ends the subscriptions of many contacts, to one list or to all.</summary>
[BulkAction("list.unsubscribe", Title = "Unsubscribe", Icon = "mail_off", Order = 40, Description = "Takes the chosen contacts off one list, or off all.")]
internal sealed class UnsubscribeBulk(Subscriptions subscriptions, IActivityLog activities) : BulkAction<UnsubscribeBulk.Settings>
{
    internal sealed record Settings
    {
        [Description("Empty: every list they are on."), Picker("list")]
        public long? List { get; init; }
    }

    public override bool CanUndo => true;

    public override IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["not_subscribed"] = "Was not subscribed",
        ["changed_since"] = "The subscription has changed since, or the contact has unsubscribed too",
    };

    protected override string Describe(Settings settings, Func<string, long, string> nameOf) =>
        settings.List is { } list ? $"Unsubscribe from “{nameOf("list", list)}”" : "Unsubscribe from every list";

    protected override async Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, Settings settings, CancellationToken cancellationToken)
    {
        var before = (await Standing.LockAsync(batch.Transaction, batch.AccountId, batch.ContactIds, settings.List, cancellationToken))
            .FindAll(s => s.Status != SubscriptionStatus.Unsubscribed).ToLookup(s => s.ContactId);
        await subscriptions.UnsubscribeAsync(
            batch.Transaction, batch.AccountId, batch.ContactIds, settings.List is { } list ? [list] : null, ContactSource.Manual, reason: null,
            cancellationToken);
        return [.. batch.ContactIds.Select(id => before.Contains(id)
            ? new BulkOutcome(id, Previous: Standing.Write([.. before[id]]))
            : new BulkOutcome(id, "not_subscribed"))];
    }

    protected override async Task<IReadOnlyList<BulkOutcome>> UndoAsync(
        BulkBatch batch, Settings settings, IReadOnlyDictionary<long, string?> previous, CancellationToken cancellationToken)
    {
        // Only what we ended and nobody has touched: who unsubscribed by himself meanwhile stays so.
        var ours = (await Standing.LockAsync(batch.Transaction, batch.AccountId, batch.ContactIds, settings.List, cancellationToken))
            .FindAll(s => s is { Status: SubscriptionStatus.Unsubscribed, Source: ContactSource.Manual }).Select(s => (s.ContactId, s.ListId)).ToHashSet();
        var back = batch.ContactIds.SelectMany(id => Standing.Read(previous.GetValueOrDefault(id))).Where(b => ours.Contains((b.ContactId, b.ListId))).ToList();
        await Standing.RestoreAsync(batch.Transaction, batch.AccountId, back, batch.Now, cancellationToken);
        await activities.AppendAsync(
            batch.Transaction, batch.AccountId,
            [.. back.Where(b => b.Status == SubscriptionStatus.Active).Select(b => new ListSubscribed(b.ContactId, b.ListId, ContactSource.Manual))],
            cancellationToken);
        var changed = back.Select(b => b.ContactId).ToHashSet();
        return [.. batch.ContactIds.Select(id => new BulkOutcome(id, changed.Contains(id) ? null : "changed_since"))];
    }
}
