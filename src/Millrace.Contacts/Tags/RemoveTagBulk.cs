using Millrace.Contacts.Contracts;

namespace Millrace.Contacts.Tags;

/// <summary>Takes one tag off many contacts.</summary>
[BulkAction("tag.remove", Title = "Remove tag", Icon = "tag_off", Order = 20, Description = "Takes a tag off every chosen contact.")]
internal sealed class RemoveTagBulk(Tagging tagging) : TagBulk
{
    public override IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["has_no_tag"] = "Did not have the tag",
        ["changed_since"] = "Got the tag again since",
        ["tag_gone"] = "The tag was deleted",
    };

    protected override string Describe(Settings settings, Func<string, long, string> nameOf) => $"Remove the tag “{nameOf("tag", settings.Tag)}”";

    protected override async Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, Settings settings, CancellationToken cancellationToken)
    {
        var removed = await tagging.RemoveAsync(batch.Transaction, batch.AccountId, batch.ContactIds, [settings.Tag], cancellationToken);
        return Outcomes(batch, removed.Select(t => t.ContactId), "has_no_tag");
    }

    protected override async Task<IReadOnlyList<BulkOutcome>> UndoAsync(
        BulkBatch batch, Settings settings, IReadOnlyDictionary<long, string?> previous, CancellationToken cancellationToken)
    {
        var added = await tagging.AddAsync(batch.Transaction, batch.AccountId, batch.ContactIds, [settings.Tag], cancellationToken);
        var isThere = await Tagging.ExistsAsync(batch.Transaction, batch.AccountId, settings.Tag, cancellationToken);
        return Outcomes(batch, added.Select(t => t.ContactId), isThere ? "changed_since" : "tag_gone");
    }
}
