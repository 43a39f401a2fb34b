using System.ComponentModel;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Sending;

namespace Millrace.Messaging.Automations;

/// <summary>Writes a note on every contact of the batch, its personalization tags filled in. Stands here because tags do.</summary>
[AutomationAction("note.add", Title = "Add a note", Group = "Contacts", Icon = "note", Description = "Writes a note on the contact.")]
internal sealed class AddNoteAction(INotes notes) : AutomationAction<AddNoteAction.Settings>
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
            var texts = await TextsAsync(batch, [.. runs.Select(r => r.ContactId).Distinct()], cancellationToken);
            await notes.AddAsync(
                batch.Transaction, batch.AccountId, [.. runs.Where(r => texts.ContainsKey(r.ContactId)).Select(r => (r.ContactId, texts[r.ContactId]))], batch.Now,
                cancellationToken, new ActivityOrigin(batch.AutomationId, batch.StepKey));
        }

        return batch.All(StepOutcome.Continue);
    }

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        string? problem = null;
        try
        {
            TemplateProgram.Compile(settings.Text, TemplateKind.Text, new TagCatalogue());
        }
        catch (TemplateInvalidException e)
        {
            problem = e.Problem.Message;
        }

        return problem is null ? [] : [("text", problem)];
    }

    private static async Task<Dictionary<long, string>> TextsAsync(ActionBatch<Settings> batch, long[] contactIds, CancellationToken cancellationToken)
    {
        var tags = await AccountTags.LoadAsync(batch.Transaction, batch.AccountId, cancellationToken);
        var sender = await CompiledMessages.SenderAsync(batch.Transaction, batch.AccountId, cancellationToken);
        var message = new CompiledMessage(
            new VersionRow(batch.AccountId, 0, 0, MessageKind.Transactional, "", "", "", "", "", batch.Settings.Text), [], sender, tags);
        var people = await Sql.Of($"""
            select id, email, first_name, last_name, phone, ip_address, time_zone from contacts.contact
            where account_id = {batch.AccountId} and id = any ({contactIds})
            """).ListAsync<Person>(batch.Transaction, cancellationToken);
        var facts = await Recipients.LoadAsync(batch.Transaction, [.. people.Select(p => (batch.AccountId, p.Id, message))], cancellationToken);
        return people.ToDictionary(p => p.Id, p => message.Text.Render(message.Merge(
            new DueSend(
                batch.AccountId, 0, 0, 2, p.Id, 0, 0, SendSourceKind.Test, null, null, null, null, SendState.Queued, 0, 0, batch.Now, null, null,
                p.Email, p.FirstName, p.LastName, p.Phone, p.IpAddress, p.TimeZone),
            facts, tracking: null, batch.Now)));
    }

    private sealed record Person(long Id, string? Email, string? FirstName, string? LastName, string? Phone, string? IpAddress, string? TimeZone);
}
