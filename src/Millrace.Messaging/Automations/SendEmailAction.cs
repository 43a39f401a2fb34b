using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Json;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Senders;
using Npgsql;
using EditorAttribute = Millrace.Kernel.Extensibility.EditorAttribute;

namespace Millrace.Messaging.Automations;

/// <summary>
/// Queues the mail for every contact of the batch, and lets them go on at once. Who may not be mailed goes on too, and the trace says why not.
/// The content is frozen when the automation is published; the same content stays the same version.
/// </summary>
[AutomationAction("email.send", Title = "Send an e-mail", Group = "Sending", Description = "Sends an e-mail to the contact.", Icon = "mail")]
internal sealed class SendEmailAction(IOutbox outbox, SenderPolicy senders) : AutomationAction<SendEmailAction.Settings>
{
    internal sealed record Settings
    {
        [Description("What the recipient reads first."), Template, MaxCharacters(1000)]
        public required string Subject { get; init; }

        [Description("The line mailboxes show beside the subject."), Template, MaxCharacters(1000)]
        public string? Preheader { get; init; }

        [Description("Who it comes from; empty means the account's sender."), Editor("sender")]
        public Sender? From { get; init; }

        [Description("Where answers go, if not to the sender."), MaxCharacters(254)]
        public string? ReplyTo { get; init; }

        [Description("The design made with the editor."), Editor("email_design")]
        public JsonElement? Design { get; init; }

        [Description("HTML of your own, in place of a design."), Editor("html")]
        public string? Html { get; init; }

        [Description("The text part; empty means it is made from the HTML."), Template(Long = true)]
        public string? Text { get; init; }

        [Description("Count opens.")]
        public bool TrackOpens { get; init; } = true;

        [Description("Count clicks on links.")]
        public bool TrackClicks { get; init; } = true;

        [Description("Log answers: they come to this server first and go on to the address for answers.")]
        public bool TrackReplies { get; init; }

        public MessageContent ToContent() => new(
            MessageKind.Marketing, Subject, Preheader ?? "", From?.Name ?? "", From?.Address ?? "", ReplyTo ?? "", Html ?? "",
            Design is { ValueKind: JsonValueKind.Object } ? Design : null, Text ?? "", TrackOpens, TrackClicks, TrackReplies);
    }

    internal sealed record Sender
    {
        [Description("Name shown."), Template, MaxCharacters(200)]
        public string? Name { get; init; }

        [Description("Address, of a domain you have set up."), MaxCharacters(254)]
        public string? Address { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var version = await outbox.FreezeStepAsync(
            batch.Transaction, batch.AccountId, batch.AutomationId, batch.StepKey, batch.Settings.ToContent(), cancellationToken);
        var refused = await outbox.QueueAsync(
            batch.Transaction, batch.AccountId, version, new SendSource(SendSourceKind.Automation, batch.Now, batch.AutomationId, batch.StepKey, batch.UnsubscribeLists),
            [.. batch.Runs.Select(r => new SendRecipient(r.RunId, r.ContactId, r.VisitNo))], cancellationToken);
        outbox.Wake();
        return [.. refused.Select(reason => reason is null ? StepOutcome.Continue : StepOutcome.Skip("skipped_" + reason, WhyNot(reason)))];
    }

    /// <summary>Freezes the mail, so that whatever cannot be sent stops the publishing and not a contact.</summary>
    public override async Task<JsonElement> PublishAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, string stepKey, JsonElement settings, CancellationToken cancellationToken)
    {
        var own = JsonObject.Create(settings)!;
        own.Remove("id");
        own.Remove("type");
        await outbox.FreezeStepAsync(
            transaction, accountId, automationId, stepKey, own.Deserialize<Settings>(AppJson.Options)!.ToContent(), cancellationToken);
        return settings;
    }

    /// <summary>The mail is delivered at once, and then opened and clicked as assumed, as far as that is tracked.</summary>
    public override async Task<IReadOnlyList<AssumedActivity>> AssumeAsync(
        ActionBatch batch, object settings, IReadOnlyList<StepOutcome> outcomes, AssumedBehaviour behaviour, CancellationToken cancellationToken)
    {
        var (own, assumed) = ((Settings)settings, new List<AssumedActivity>());
        var sends = await Sql.Of($"""
            select s.contact_id, s.message_id, s.id, l.url
            from unnest({batch.RunIds}, {batch.Runs.Select(r => r.VisitNo).ToArray()}) as r (run_id, visit_no)
            join messaging.send s on s.account_id = {batch.AccountId} and s.source_kind = 'automation' and s.source_id = r.run_id and s.visit_no = r.visit_no
            left join messaging.link l on l.account_id = s.account_id and l.message_version_id = s.message_version_id and l.no = 1
            """).ListAsync<AssumedSend>(batch.Transaction, cancellationToken);
        foreach (var send in sends)
        {
            assumed.Add(new(new EmailSent(send.ContactId, send.MessageId, send.Id), batch.Now));
            if (behaviour.OpensAfter is { } opens && own.TrackOpens)
            {
                assumed.Add(new(new EmailOpened(send.ContactId, send.MessageId, send.Id), batch.Now + opens));
            }

            if (behaviour.ClicksAfter is { } clicks && own.TrackClicks && send.Url is not null)
            {
                assumed.Add(new(new EmailClicked(send.ContactId, send.MessageId, send.Id, 1, send.Url), batch.Now + clicks));
            }
        }

        return assumed;
    }

    public override Task WithdrawAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, IReadOnlyCollection<long>? runIds, CancellationToken cancellationToken) =>
        outbox.CancelAsync(transaction, accountId, automationId, runIds, cancellationToken);

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        InvalidInputException? problem = null;
        try
        {
            // Fields of the account are not known here; an unknown tag is no error, it renders empty.
            MessageFreezer.Compile(settings.ToContent(), new TagCatalogue());
        }
        catch (InvalidInputException e)
        {
            problem = e;
        }

        return problem?.Errors.Select(e => (e.Path, e.Message)) ?? [];
    }

    protected override async Task<IReadOnlyList<StepProblem>> CheckAsync(
        NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken) =>
        await senders.FindProblemAsync(transaction, accountId, settings.From?.Address ?? "", "/from/address", cancellationToken) is { } problem ? [problem] : [];

    private sealed record AssumedSend(long ContactId, long MessageId, long Id, string? Url);

    private static string WhyNot(string reason) => reason switch
    {
        "no_address" => "The contact has no e-mail address.",
        "complaint" => "The contact complained about an earlier mail.",
        "excluded" => "The address is on the exclusion list.",
        "bounced" => "Mail to this address bounced.",
        "unsubscribed" => "The contact has unsubscribed.",
        _ => "The contact may not be mailed.",
    };
}
