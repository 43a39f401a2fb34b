using System.ComponentModel;
using System.Text.Json.Nodes;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Mail.Addresses;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Transactional.Events;
using Millrace.Messaging.Transactional.Sending;
using Millrace.Messaging.Transactional.Templates;
using Npgsql;
using EmailAddress = Millrace.Mail.Addresses.EmailAddress;

namespace Millrace.Messaging.Automations;

/// <summary>
/// Sends a mail of a transactional template to every contact of the batch: expected by its reader, so without unsubscribe link and whatever lists it is on. It goes
/// through a stream of the template's server, is suppressed by that stream, and stands in the server's activity.
/// </summary>
[AutomationAction("transactional.send", Title = "Send a transactional e-mail", Group = "Sending", Icon = "mail",
    Description = "Sends a mail of a transactional template: a receipt, a reset, an alert. Without unsubscribe link.")]
internal sealed class SendTransactionalAction(TransactionalMailer mailer, MailTemplates templates, IMerge merge, IOutbox outbox, TransactionalEvents events)
    : AutomationAction<SendTransactionalAction.Settings>
{
    internal sealed record Settings
    {
        [Description("Template of one of your servers."), Picker("mail_template"), Says("{}")]
        public required long Template { get; init; }

        [Description("Stream of the same server; empty means the one for transactional mail."), Picker("mail_stream"), Says("")]
        public long? Stream { get; init; }

        [Description("Address it comes from; empty means the account's sender."), MaxCharacters(254), Says("")]
        public string? From { get; init; }

        [Description("One value a line: name = %FIRSTNAME%. The template has {{name}}, and {{contact.email}}, {{contact.first_name}}, {{contact.last_name}}, {{contact.phone}}, {{contact.id}} by itself."),
         Template(Long = true), MaxCharacters(20_000), Says("")]
        public string? Model { get; init; }

        [Description("Tag in the server's activity and figures."), MaxCharacters(1000), Says("")]
        public string? Tag { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var settings = batch.Settings;
        if (await PlaceAsync(batch.Transaction, batch.AccountId, settings, cancellationToken) is not { Stream: { } stream } place
            || await MailSpace.FindAsync(batch.Transaction, batch.AccountId, place.ServerId, cancellationToken) is not { } space
            || (await templates.LoadAsync(batch.Transaction, batch.AccountId, place.ServerId, [new TemplateKey(settings.Template, null)], cancellationToken))
                .GetValueOrDefault(new TemplateKey(settings.Template, null)) is not { IsLayout: false } template)
        {
            return batch.All(StepOutcome.Skip("skipped_no_template", "The template, its server or the stream is gone."));
        }

        var runs = await StepEffects.FirstTimeAsync(batch, cancellationToken);
        var sender = await CompiledMessages.SenderAsync(batch.Transaction, batch.AccountId, cancellationToken);
        var from = settings.From is { Length: > 0 } own ? own : EmailAddress.TryParse(sender.Email, out var address, out _, out _) ? MailboxList.Write(new Mailbox(address, sender.Name)) : "";
        var models = await ModelsAsync(batch, [.. runs.Select(r => r.ContactId).Distinct()], cancellationToken);
        var (outcomes, asked) = (batch.All(StepOutcome.Continue), new List<(int Index, (OutgoingMail?, MailRefusal?) Item)>());
        var first = runs.Select(r => (r.RunId, r.VisitNo)).ToHashSet();
        for (var i = 0; i < batch.Runs.Count; i++)
        {
            if (!first.Contains((batch.Runs[i].RunId, batch.Runs[i].VisitNo)))
            {
                continue;
            }

            if (models.GetValueOrDefault(batch.Runs[i].ContactId) is not { Email: { } to } of)
            {
                outcomes[i] = StepOutcome.Skip("skipped_no_address", "The contact has no e-mail address.");
                continue;
            }

            asked.Add((i, Fill(template, of.Model, new MailRequest { From = from, To = to, Stream = stream, Tag = settings.Tag, TemplateId = template.Id })));
        }

        var taken = await mailer.TakeAsync(batch.Transaction, batch.AccountId, space, [.. asked.Select(a => a.Item)], cancellationToken);
        for (var i = 0; i < taken.Count; i++)
        {
            if (taken[i].Refusal is { } refusal)
            {
                outcomes[asked[i].Index] = StepOutcome.Skip("skipped_refused", refusal.Message);
            }
        }

        outbox.Wake();
        events.Wake();
        return outcomes;
    }

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        var values = StepModel.Read(settings.Model, out var problem);
        if ((problem ?? values.Select(v => merge.Problem(v.Template, MergePlace.Text)).FirstOrDefault(p => p is not null)) is { } wrong)
        {
            yield return ("/model", wrong);
        }

        if (settings.From is { Length: > 0 } from && !EmailAddress.TryParse(from, out _, out _, out var message))
        {
            yield return ("/from", message);
        }
    }

    protected override async Task<IReadOnlyList<StepProblem>> CheckAsync(NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken) =>
        settings.Stream is not null && await PlaceAsync(transaction, accountId, settings, cancellationToken) is { Stream: null }
            ? [new StepProblem("/stream", "other_server", "This stream is of another server than the template, or takes no mail out.", IsWarning: false)]
            : [];

    private static (OutgoingMail?, MailRefusal?) Fill(LoadedTemplate template, System.Text.Json.JsonElement model, MailRequest request)
    {
        try
        {
            var (subject, html, text) = template.Render(model);
            return MailCheck.Read(request with { Subject = subject.ReplaceLineEndings(" "), Html = html, Text = text });
        }
        catch (ModelTemplateProblem e)
        {
            return (null, new MailRefusal(MailRefusal.TemplateFailed, e.Message));
        }
    }

    /// <summary>The models of contacts: a few statements for each value, whatever their number.</summary>
    private async Task<Dictionary<long, (string? Email, System.Text.Json.JsonElement Model)>> ModelsAsync(ActionBatch<Settings> batch, long[] contacts, CancellationToken cancellationToken)
    {
        var people = await Sql.Of($"""
            select id, email, first_name, last_name, phone from contacts.contact where account_id = {batch.AccountId} and id = any ({contacts})
            """).ListAsync<Person>(batch.Transaction, cancellationToken);
        var values = new List<(string Name, Dictionary<long, string> Texts)>();
        foreach (var (name, text) in StepModel.Read(batch.Settings.Model, out _))
        {
            values.Add((name, await merge.MergeAsync(batch.Transaction, batch.AccountId, text, MergePlace.Text, contacts, batch.Now, cancellationToken)));
        }

        return people.ToDictionary(p => p.Id, p => (p.Email, StepModel.Write(
            new JsonObject { ["id"] = p.Id, ["email"] = p.Email, ["first_name"] = p.FirstName, ["last_name"] = p.LastName, ["phone"] = p.Phone },
            values.Select(v => (v.Name, v.Texts.GetValueOrDefault(p.Id) ?? "")))));
    }

    private static Task<Place?> PlaceAsync(NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken) => Sql.Of($"""
        select t.server_id, s.key from messaging.mail_template t
        left join messaging.mail_stream s on s.account_id = t.account_id and s.server_id = t.server_id and s.archived_at is null and s.kind <> 'inbound'
            and case when {settings.Stream}::bigint is null then s.key = 'outbound' else s.id = {settings.Stream} end
        where t.account_id = {accountId} and t.id = {settings.Template}
        """).FirstAsync<Place>(transaction, cancellationToken);

    /// <param name="Stream">Key of the stream; null: the server has no such one.</param>
    private sealed record Place(long ServerId, string? Stream);

    private sealed record Person(long Id, string? Email, string? FirstName, string? LastName, string? Phone);
}
