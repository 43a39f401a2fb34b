using Millrace.Contacts.Contracts;

namespace Millrace.Contacts.People;

/// <summary>Deletes many contacts for good.</summary>
[BulkAction("contact.delete", Title = "Delete", Icon = "trash", Order = 900, IsDestructive = true,
    Description = "Deletes the chosen contacts for good, with their tags, subscriptions, values and notes.")]
internal sealed class DeleteBulk(DeleteContacts delete) : BulkAction<DeleteBulk.Settings>
{
    internal sealed record Settings;

    public override IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    protected override string Describe(Settings settings, Func<string, long, string> nameOf) => "Delete contacts";

    protected override async Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, Settings settings, CancellationToken cancellationToken)
    {
        await delete.RunAsync(batch.Transaction, batch.AccountId, batch.UserId, batch.ContactIds, cancellationToken);
        return [.. batch.ContactIds.Select(id => new BulkOutcome(id))];
    }
}
