using System.ComponentModel;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Tags;

/// <summary>Something done with one tag and many contacts.</summary>
internal abstract class TagBulk : BulkAction<TagBulk.Settings>
{
    internal sealed record Settings
    {
        [Description("Which tag."), Picker("tag")]
        public required long Tag { get; init; }
    }

    public override bool CanUndo => true;

    /// <param name="changed">Contacts for which something changed; the others were left out for the reason.</param>
    protected static IReadOnlyList<BulkOutcome> Outcomes(BulkBatch batch, IEnumerable<long> changed, string reason)
    {
        var those = changed.ToHashSet();
        return [.. batch.ContactIds.Select(id => new BulkOutcome(id, those.Contains(id) ? null : reason))];
    }
}
