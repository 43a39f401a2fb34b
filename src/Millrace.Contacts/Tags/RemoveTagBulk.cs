using System.ComponentModel;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Tags;

/// <summary>Takes one tag off many contacts.</summary>
[BulkAction("tag.remove", Title = "Remove tag", Icon = "tag_off", Order = 20, Description = "Takes a tag off every chosen contact.")]
internal sealed class RemoveTagBulk(Tagging tagging) : BulkAction<RemoveTagBulk.Settings>
{
    internal sealed record Settings
    {
        [Description("Tag to remove."), Picker("tag")]
        public required long Tag { get; init; }
    }

    public override bool CanUndo => true;

    public override IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["has_no_tag"] = "Did not have the tag",
        ["changed_since"] = "Got the tag again since",
        ["tag_gone"] = "The tag was deleted",
    };

    protected override string Describe(Settings settings, Func<string, long, string> nameOf) => $"Remove the tag “{nameOf("tag", settings.Tag)}”";

    protected override async Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, Settings settings, CancellationToken cancellationToken)
    {
        var removed = (await tagging.RemoveAsync(batch.Transaction, batch.AccountId, batch.ContactIds, [settings.Tag], cancellationToken))
            .Select(t => t.ContactId).ToHashSet();
        return [.. batch.ContactIds.Select(id => new BulkOutcome(id, removed.Contains(id) ? null : "has_no_tag"))];
    }

    protected override async Task<IReadOnlyList<BulkOutcome>> UndoAsync(
        BulkBatch batch, Settings settings, IReadOnlyDictionary<long, string?> previous, CancellationToken cancellationToken)
    {
        var added = (await tagging.AddAsync(batch.Transaction, batch.AccountId, batch.ContactIds, [settings.Tag], cancellationToken))
            .Select(t => t.ContactId).ToHashSet();
        var why = await Tagging.ExistsAsync(batch.Transaction, batch.AccountId, settings.Tag, cancellationToken) ? "changed_since" : "tag_gone";
        return [.. batch.ContactIds.Select(id => new BulkOutcome(id, added.Contains(id) ? null : why))];
    }
}
