using System.ComponentModel;
using System.Net;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Mail.Addresses;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Senders;
using Npgsql;

namespace Millrace.Messaging.Automations;

/// <summary>Mails people of the account about the contact: users, the contact's owner, typed addresses.</summary>
[AutomationAction("user.notify", Title = "Notify someone", Group = "Sending", Description = "Mails a colleague about the contact.", Icon = "bell")]
internal sealed class NotifyUserAction(IOutbox outbox, SenderPolicy senders) : AutomationAction<NotifyUserAction.Settings>
{
    private const int MaxRecipients = 20;

    internal sealed record Settings
    {
        [Description("Users to tell."), Picker("user")]
        public long[]? Users { get; init; }

        [Description("Also the contact's owner.")]
        public bool Owner { get; init; }

        [Description("Further addresses.")]
        public string[]? Addresses { get; init; }

        [Description("Subject of the mail."), Template, MaxCharacters(1000)]
        public required string Subject { get; init; }

        [Description("What it says."), Template(Long = true), MaxCharacters(50_000)]
        public required string Text { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var settings = batch.Settings;
        var html = $"<p>{WebUtility.HtmlEncode(settings.Text).ReplaceLineEndings("<br>")}</p>";
        var version = await outbox.FreezeStepAsync(
            batch.Transaction, batch.AccountId, batch.AutomationId, batch.StepKey,
            new MessageContent(MessageKind.Transactional, settings.Subject, "", "", "", "", html, null, settings.Text, TrackOpens: false, TrackClicks: false),
            cancellationToken);
        var users = await Sql.Of($"""
            select email from accounts.app_user where account_id = {batch.AccountId} and id = any ({settings.Users ?? []}) and disabled_at is null order by id
            """).ListAsync<string>(batch.Transaction, cancellationToken);
        var owners = !settings.Owner ? [] : (await Sql.Of($"""
            select c.id, u.email from contacts.contact c join accounts.app_user u on u.account_id = c.account_id and u.id = c.owner_id
            where c.account_id = {batch.AccountId} and c.id = any ({batch.ContactIds}) and u.disabled_at is null
            """).ListAsync<Owner>(batch.Transaction, cancellationToken)).ToDictionary(o => o.ContactId, o => o.Email);
        string[] fixedOnes = [.. users, .. settings.Addresses ?? []];
        var recipients = new List<SendRecipient>();
        var outcomes = batch.All(StepOutcome.Continue);
        for (var i = 0; i < batch.Runs.Count; i++)
        {
            var run = batch.Runs[i];
            var to = fixedOnes.Append(owners.GetValueOrDefault(run.ContactId) ?? "").Where(a => a.Length > 0)
                .Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxRecipients).ToList();
            recipients.AddRange(to.Select((address, no) => new SendRecipient(run.RunId, run.ContactId, run.VisitNo, (short)no, address)));
            outcomes[i] = to.Count > 0 ? StepOutcome.Continue : StepOutcome.Skip("skipped_nobody", "There is nobody to notify.");
        }

        await outbox.QueueAsync(
            batch.Transaction, batch.AccountId, version, new SendSource(SendSourceKind.Notify, batch.Now, batch.AutomationId, batch.StepKey), recipients,
            cancellationToken);
        outbox.Wake();
        return outcomes;
    }

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        if (settings.Users is not { Length: > 0 } && !settings.Owner && settings.Addresses is not { Length: > 0 })
        {
            yield return ("/users", "Say who is to be notified.");
        }

        for (var i = 0; i < (settings.Addresses?.Length ?? 0); i++)
        {
            if (!EmailAddress.TryParse(settings.Addresses![i], out _, out _, out var message))
            {
                yield return ($"/addresses/{i}", message);
            }
        }

        if (Problem(settings.Subject, TemplateKind.Header) is { } subject)
        {
            yield return ("/subject", subject);
        }

        if (Problem(settings.Text, TemplateKind.Text) is { } text)
        {
            yield return ("/text", text);
        }
    }

    protected override async Task<IReadOnlyList<StepProblem>> CheckAsync(
        NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken) =>
        await senders.FindProblemAsync(transaction, accountId, "", "/subject", cancellationToken) is { } problem ? [problem] : [];

    private static string? Problem(string source, TemplateKind kind)
    {
        if (source.Trim().Length == 0)
        {
            return "This cannot be empty.";
        }

        try
        {
            TemplateProgram.Compile(source, kind, new TagCatalogue());
            return null;
        }
        catch (TemplateInvalidException e)
        {
            return e.Problem.Message;
        }
    }

    private sealed record Owner(long ContactId, string Email);
}
