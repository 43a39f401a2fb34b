using System.Text.Json;
using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.PersonalMail.Automations;

/// <summary>
/// "Automate this e-mail": lets the contact of a 1:1 e-mail into an active automation when the mail is sent, or at its first answer. Once for each, in the transaction that takes
/// the activity off the queue; what became of it stands with the mail.
/// </summary>
internal sealed class AutomateMail(Catalogue<BulkAction> actions, IAccountSettings accounts) : IReaction
{
    private const string Action = "automation.add";
    private const string Savepoint = "automate_mail";

    private BulkAction Adding => actions.Find(Action) ?? throw new NotFoundException("There are no automations here.");

    public IReadOnlySet<string> Kinds { get; } = new HashSet<string>(StringComparer.Ordinal) { "personal.sent", "personal.replied" };

    async Task<IReadOnlySet<string>?> IReaction.WantedAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        await Sql.Of($"""
            select exists (select 1 from personal.mail where account_id = {accountId} and (start_when_sent is not null or start_when_replied is not null))
            """).FirstAsync<bool>(transaction, cancellationToken) ? Kinds : new HashSet<string>();

    /// <summary>Whether the user may have contacts enter automations.</summary>
    public bool May(CurrentAccount account) => actions.Find(Action) is { } action && account.May(action.Permission);

    /// <exception cref="DomainException">The automation takes nobody, or the user may not add to any.</exception>
    public async Task CheckAsync(NpgsqlTransaction transaction, CurrentAccount account, long? whenSent, long? whenReplied, CancellationToken cancellationToken)
    {
        foreach (var (path, automation) in new[] { ("/start_when_sent", whenSent), ("/start_when_replied", whenReplied) })
        {
            if (automation is not { } id)
            {
                continue;
            }

            if (!May(account))
            {
                throw new ForbiddenException("You may not add contacts to automations.");
            }

            try
            {
                await Adding.CheckAsync(transaction, account.Id, Settings(id), cancellationToken);
            }
            catch (InvalidInputException e)
            {
                throw new InvalidInputException(path, e.Errors[0].Code, e.Errors[0].Message);
            }
        }
    }

    public async Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken)
    {
        var facts = batch.Entries.Where(e => e.SubjectId is not null && e.ContactId > 0)
            .Select(e => (Mail: e.SubjectId!.Value, e.ContactId, Cause: e.Kind["personal.".Length..])).DistinctBy(f => (f.Mail, f.Cause)).ToList();

        // A colleague of the contact may answer in its place: the one who was written to enters.
        var fresh = await Sql.Of($"""
            insert into personal.mail_start (account_id, mail_id, cause, automation_id, contact_id, started_at)
            select {batch.AccountId}, m.id, f.cause, case f.cause when 'sent' then m.start_when_sent else m.start_when_replied end, m.contact_id, {batch.Now}
            from unnest({facts.Select(f => f.Mail).ToArray()}, {facts.Select(f => f.Cause).ToArray()}) as f (mail_id, cause)
            join personal.mail m on m.account_id = {batch.AccountId} and m.id = f.mail_id
            where case f.cause when 'sent' then m.start_when_sent else m.start_when_replied end is not null
            order by m.id, f.cause
            on conflict (account_id, mail_id, cause) do nothing returning mail_id, cause, automation_id, contact_id
            """).ListAsync<Start>(batch.Transaction, cancellationToken);
        foreach (var group in fresh.GroupBy(f => f.AutomationId).OrderBy(g => g.Key))
        {
            await EnterAsync(batch, group.Key, [.. group], cancellationToken);
        }
    }

    private async Task EnterAsync(ReactionBatch batch, long automationId, List<Start> starts, CancellationToken cancellationToken)
    {
        Dictionary<long, string?> reasons;
        await batch.Transaction.SaveAsync(Savepoint, cancellationToken);
        try
        {
            var account = await accounts.GetAsync(batch.AccountId, cancellationToken);
            long[] contacts = [.. starts.Select(s => s.ContactId).Distinct().Order()];
            reasons = (await Adding.ExecuteAsync(
                new BulkBatch(batch.Transaction, batch.AccountId, null, account.TimeZone, batch.Now, contacts), Settings(automationId), cancellationToken))
                .DistinctBy(o => o.ContactId).ToDictionary(o => o.ContactId, o => o.Reason);
            await batch.Transaction.ReleaseAsync(Savepoint, cancellationToken);
        }
        catch (DomainException)
        {
            await batch.Transaction.RollbackAsync(Savepoint, cancellationToken);
            reasons = starts.Select(s => s.ContactId).Distinct().ToDictionary(id => id, string? (_) => "automation_inactive");
        }

        var left = starts.Where(s => !reasons.TryGetValue(s.ContactId, out var reason) || reason is not null).ToList();
        if (left.Count > 0)
        {
            await Sql.Of($"""
                update personal.mail_start s set reason = l.reason
                from unnest({left.Select(l => l.MailId).ToArray()}, {left.Select(l => l.Cause).ToArray()}, {left.Select(l => reasons.GetValueOrDefault(l.ContactId, BulkOutcome.Gone)!).ToArray()})
                     as l (mail_id, cause, reason)
                where s.account_id = {batch.AccountId} and s.mail_id = l.mail_id and s.cause = l.cause
                """).ExecuteAsync(batch.Transaction, cancellationToken);
        }
    }

    private object Settings(long automationId) => BulkSettings.FromStored(Adding, JsonSerializer.SerializeToElement(new { automation = automationId }));

    private sealed record Start(long MailId, string Cause, long AutomationId, long ContactId);
}
