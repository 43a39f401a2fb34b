using System.ComponentModel;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Tags;

/// <summary>Puts one tag on many contacts.</summary>
[BulkAction("tag.add", Title = "Add tag", Icon = "tag", Order = 10, Description = "Puts a tag on every chosen contact.")]
internal sealed class AddTagBulk(Tagging tagging) : BulkAction<AddTagBulk.Settings>
{
    internal sealed record Settings
    {
        [Description("Tag to add."), Picker("tag")]
        public required long Tag { get; init; }
    }

    public override bool CanUndo => true;

    public override IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["has_tag"] = "Had the tag already",
        ["changed_since"] = "The tag was taken off since",
    };

    protected override string Describe(Settings settings, Func<string, long, string> nameOf) => $"Add the tag “{nameOf("tag", settings.Tag)}”";

    protected override async Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, Settings settings, CancellationToken cancellationToken)
    {
        var added = (await tagging.AddAsync(batch.Transaction, batch.AccountId, batch.ContactIds, [settings.Tag], cancellationToken))
            .Select(t => t.ContactId).ToHashSet();
        return [.. batch.ContactIds.Select(id => new BulkOutcome(id, added.Contains(id) ? null : "has_tag"))];
    }

    protected override async Task<IReadOnlyList<BulkOutcome>> UndoAsync(
        BulkBatch batch, Settings settings, IReadOnlyDictionary<long, string?> previous, CancellationToken cancellationToken)
    {
        var removed = (await tagging.RemoveAsync(batch.Transaction, batch.AccountId, batch.ContactIds, [settings.Tag], cancellationToken))
            .Select(t => t.ContactId).ToHashSet();
        return [.. batch.ContactIds.Select(id => new BulkOutcome(id, removed.Contains(id) ? null : "changed_since"))];
    }
}
