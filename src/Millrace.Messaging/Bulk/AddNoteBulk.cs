using System.ComponentModel;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Messaging.Bulk;

/// <summary>Writes a note on many contacts, its personalization tags filled in. Stands here because tags do.</summary>
[BulkAction("note.add", Title = "Add note", Icon = "note", Order = 55, Description = "Writes a note on every chosen contact.")]
internal sealed class AddNoteBulk(INotes notes, IMerge merge) : BulkAction<AddNoteBulk.Settings>
{
    internal sealed record Settings
    {
        [Description("What it says."), Template(Long = true), MaxCharacters(20_000)]
        public required string Text { get; init; }
    }

    public override IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["empty"] = "The note would be empty",
    };

    protected override string Describe(Settings settings, Func<string, long, string> nameOf) =>
        $"Note “{(settings.Text.Length > 60 ? settings.Text[..59] + "…" : settings.Text)}”";

    protected override Task CheckAsync(NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken)
    {
        var problem = settings.Text.Trim().Length == 0 ? "This cannot be empty." : merge.Problem(settings.Text, MergePlace.Text);
        return problem is null ? Task.CompletedTask : throw new InvalidInputException("/settings/text", "template_invalid", problem);
    }

    protected override async Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, Settings settings, CancellationToken cancellationToken)
    {
        var texts = await merge.MergeAsync(batch.Transaction, batch.AccountId, settings.Text, MergePlace.Text, batch.ContactIds, batch.Now, cancellationToken);
        var written = texts.Where(t => !string.IsNullOrWhiteSpace(t.Value)).Select(t => (t.Key, t.Value)).ToList();
        await notes.AddAsync(batch.Transaction, batch.AccountId, written, batch.Now, cancellationToken);
        return [.. texts.Select(t => new BulkOutcome(t.Key, string.IsNullOrWhiteSpace(t.Value) ? "empty" : null))];
    }
}
