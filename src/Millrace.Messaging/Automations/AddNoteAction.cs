using System.ComponentModel;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Automations;

/// <summary>Writes a note on every contact of the batch, its personalization tags filled in. Stands here because tags do.</summary>
[AutomationAction("note.add", Title = "Add a note", Group = "Contacts", Icon = "note", Description = "Writes a note on the contact.")]
internal sealed class AddNoteAction(INotes notes, IMerge merge) : AutomationAction<AddNoteAction.Settings>
{
    internal sealed record Settings
    {
        [Description("What it says."), Says("{}"), Template(Long = true), MaxCharacters(20_000)]
        public required string Text { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var runs = await StepEffects.FirstTimeAsync(batch, cancellationToken);
        if (runs.Count > 0)
        {
            var texts = await merge.MergeAsync(
                batch.Transaction, batch.AccountId, batch.Settings.Text, MergePlace.Text, [.. runs.Select(r => r.ContactId).Distinct()], batch.Now, cancellationToken);
            await notes.AddAsync(
                batch.Transaction, batch.AccountId, [.. runs.Where(r => texts.ContainsKey(r.ContactId)).Select(r => (r.ContactId, texts[r.ContactId]))], batch.Now,
                cancellationToken, new ActivityOrigin(batch.AutomationId, batch.StepKey));
        }

        return batch.All(StepOutcome.Continue);
    }

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings) =>
        merge.Problem(settings.Text, MergePlace.Text) is { } problem ? [("text", problem)] : [];
}
