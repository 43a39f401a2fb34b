using Millrace.Contacts.Contracts;

namespace Millrace.Contacts.Tags;

/// <summary>Puts one tag on many contacts.</summary>
[BulkAction("tag.add", Title = "Add tag", Icon = "tag", Order = 10, Description = "Puts a tag on every chosen contact.")]
internal sealed class AddTagBulk(Tagging tagging) : TagBulk
{
    public override IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["has_tag"] = "Had the tag already",
        ["changed_since"] = "The tag was taken off since",
    };

    protected override string Describe(Settings settings, Func<string, long, string> nameOf) => $"Add the tag “{nameOf("tag", settings.Tag)}”";

    protected override async Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, Settings settings, CancellationToken cancellationToken)
    {
        var added = await tagging.AddAsync(batch.Transaction, batch.AccountId, batch.ContactIds, [settings.Tag], cancellationToken);
        return Outcomes(batch, added.Select(t => t.ContactId), "has_tag");
    }

    protected override async Task<IReadOnlyList<BulkOutcome>> UndoAsync(
        BulkBatch batch, Settings settings, IReadOnlyDictionary<long, string?> previous, CancellationToken cancellationToken)
    {
        var removed = await tagging.RemoveAsync(batch.Transaction, batch.AccountId, batch.ContactIds, [settings.Tag], cancellationToken);
        return Outcomes(batch, removed.Select(t => t.ContactId), "changed_since");
    }
}
