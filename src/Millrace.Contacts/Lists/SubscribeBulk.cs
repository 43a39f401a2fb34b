using System.ComponentModel;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Lists;

/// <summary>Makes many contacts active on a list. Nobody's own decision is overruled: who unsubscribed or bounced stays so.</summary>
[BulkAction("list.subscribe", Title = "Subscribe", Icon = "mail", Order = 30, Description = "Makes the chosen contacts active on a list. Who unsubscribed or bounced stays so.")]
internal sealed class SubscribeBulk(Subscriptions subscriptions) : BulkAction<SubscribeBulk.Settings>
{
    internal sealed record Settings
    {
        [Description("List to be active on."), Picker("list")]
        public required long List { get; init; }
    }

    public override bool CanUndo => true;

    public override IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["already_active"] = "Was active already",
        ["unsubscribed"] = "Has unsubscribed, and only the contact can change that",
        ["bounced"] = "The address bounces",
        ["list_gone"] = "The list was deleted",
        ["changed_since"] = "The subscription has changed since",
    };

    protected override string Describe(Settings settings, Func<string, long, string> nameOf) => $"Subscribe to “{nameOf("list", settings.List)}”";

    protected override async Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, Settings settings, CancellationToken cancellationToken)
    {
        var before = (await Standing.LockAsync(batch.Transaction, batch.AccountId, batch.ContactIds, settings.List, cancellationToken)).ToLookup(s => s.ContactId);
        var subscribed = (await subscriptions.SubscribeAsync(
            batch.Transaction, batch.AccountId, batch.ContactIds, settings.List, ContactSource.Manual, force: false, cancellationToken)).ToHashSet();
        return [.. batch.ContactIds.Select(id => subscribed.Contains(id)
            ? new BulkOutcome(id, Previous: Standing.Write([.. before[id]]))
            : new BulkOutcome(id, Why(before[id].FirstOrDefault())))];
    }

    protected override async Task<IReadOnlyList<BulkOutcome>> UndoAsync(
        BulkBatch batch, Settings settings, IReadOnlyDictionary<long, string?> previous, CancellationToken cancellationToken)
    {
        var mine = (await Standing.LockAsync(batch.Transaction, batch.AccountId, batch.ContactIds, settings.List, cancellationToken))
            .FindAll(s => s is { Status: SubscriptionStatus.Active, Source: ContactSource.Manual }).ConvertAll(s => s.ContactId);
        // Through the front door first, so that the log and the counts know; then exactly as it was.
        await subscriptions.UnsubscribeAsync(
            batch.Transaction, batch.AccountId, mine, [settings.List], ContactSource.Manual, reason: null, cancellationToken);
        var before = mine.ToDictionary(id => id, id => Standing.Read(previous.GetValueOrDefault(id)));
        await Standing.RestoreAsync(batch.Transaction, batch.AccountId, [.. before.Values.SelectMany(b => b)], batch.Now, cancellationToken);
        var strangers = before.Where(b => b.Value.Count == 0).Select(b => b.Key).ToArray();
        await Sql.Of($"""
            delete from contacts.subscription
            where account_id = {batch.AccountId} and list_id = {settings.List} and contact_id = any({strangers})
            """).ExecuteAsync(batch.Transaction, cancellationToken);
        return [.. batch.ContactIds.Select(id => new BulkOutcome(id, before.ContainsKey(id) ? null : "changed_since"))];
    }

    private static string Why(Standing? before) => before?.Status switch
    {
        SubscriptionStatus.Active => "already_active",
        SubscriptionStatus.Bounced => "bounced",
        SubscriptionStatus.Unsubscribed => "unsubscribed",
        _ => "list_gone",
    };
}
