using System.ComponentModel;
using System.Net;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Senders;
using Npgsql;

namespace Millrace.Messaging.Bulk;

/// <summary>Mails a colleague about each of the contacts: a user, or whoever looks after the contact. The content is a version of the message that tests are sent from.</summary>
[BulkAction("user.notify", Title = "Notify someone", Icon = "bell", Order = 80, Description = "Mails a colleague about every chosen contact, one mail for each.")]
internal sealed class NotifyUserBulk(IOutbox outbox, MessageFreezer freezer, SenderPolicy senders, IMerge merge) : BulkAction<NotifyUserBulk.Settings>
{
    internal sealed record Settings
    {
        [Description("Whom to tell; empty means only the contact's owner."), Picker("user")]
        public long? User { get; init; }

        [Description("Also the contact's owner.")]
        public bool Owner { get; init; }

        [Description("Subject of the mail."), Template, MaxCharacters(1000)]
        public required string Subject { get; init; }

        [Description("What it says."), Template(Long = true), MaxCharacters(50_000)]
        public required string Text { get; init; }
    }

    public override IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["nobody"] = "There is nobody to notify",
    };

    protected override string Describe(Settings settings, Func<string, long, string> nameOf) => (settings.User, settings.Owner) switch
    {
        ({ } user, true) => $"Notify {nameOf("user", user)} and the owner",
        ({ } user, _) => $"Notify {nameOf("user", user)}",
        _ => "Notify the owner",
    };

    protected override async Task CheckAsync(NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken)
    {
        if (settings.User is null && !settings.Owner)
        {
            throw new InvalidInputException("/settings/user", "required", "Say who is to be notified.");
        }

        foreach (var (path, text, place) in new[] { ("/settings/subject", settings.Subject, MergePlace.Line), ("/settings/text", settings.Text, MergePlace.Text) })
        {
            if ((text.Trim().Length == 0 ? "This cannot be empty." : merge.Problem(text, place)) is { } problem)
            {
                throw new InvalidInputException(path, "template_invalid", problem);
            }
        }

        await senders.RequireAsync(transaction, accountId, "", "/settings/subject", cancellationToken);
    }

    protected override async Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, Settings settings, CancellationToken cancellationToken)
    {
        var told = await Sql.Of($"""
            select distinct c.id, u.email from unnest({batch.ContactIds}) as k (id)
            join contacts.contact c on c.account_id = {batch.AccountId} and c.id = k.id
            join accounts.app_user u on u.account_id = c.account_id and u.disabled_at is null and (u.id = {settings.User} or ({settings.Owner} and u.id = c.owner_id))
            order by 1, 2
            """).ListAsync<Told>(batch.Transaction, cancellationToken);
        if (told.Count > 0)
        {
            var html = $"<p>{WebUtility.HtmlEncode(settings.Text).ReplaceLineEndings("<br>")}</p>";
            var version = await SendTest.FreezeHiddenAsync(
                batch.Transaction, batch.AccountId,
                new MessageContent(MessageKind.Transactional, settings.Subject, "", "", "", "", html, null, settings.Text, TrackOpens: false, TrackClicks: false),
                freezer, batch.Now, cancellationToken);
            var number = await Sql.Of($"select nextval('messaging.test_no')").FirstAsync<long>(batch.Transaction, cancellationToken);
            await outbox.QueueAsync(
                batch.Transaction, batch.AccountId, version, new SendSource(SendSourceKind.Notify, batch.Now),
                // Apart from the numbers of runs, which are positive.
                [.. told.GroupBy(t => t.ContactId).SelectMany(g => g.Select((t, no) => new SendRecipient(-number, t.ContactId, 0, (short)no, t.Email)))], cancellationToken);
        }

        var reached = told.Select(t => t.ContactId).ToHashSet();
        return [.. batch.ContactIds.Select(id => new BulkOutcome(id, reached.Contains(id) ? null : "nobody"))];
    }

    private sealed record Told(long ContactId, string Email);
}
