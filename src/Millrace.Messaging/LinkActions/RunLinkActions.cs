using System.Text.Json;
using Microsoft.Extensions.Logging;
using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Messaging.LinkActions;

/// <summary>
/// Does what a mail's author wants done with those who open it or follow its links: once for each contact and link, in the transaction that takes the open or
/// click off the queue. What does not count as the contact's doing sets nothing off. What cannot be done (its tag is gone) is noted and holds nobody up.
/// </summary>
internal sealed partial class RunLinkActions(Catalogue<BulkAction> actions, IAccountSettings accounts, ILogger<RunLinkActions> logger) : IReaction
{
    private const string Savepoint = "link_action";

    public IReadOnlySet<string> Kinds { get; } = new HashSet<string>(StringComparer.Ordinal) { "email.opened", "email.clicked" };

    async Task<IReadOnlySet<string>?> IReaction.WantedAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        (await Sql.Of($"select distinct 'email.' || cause from messaging.link_action where account_id = {accountId}").ListAsync<string>(transaction, cancellationToken))
            .ToHashSet(StringComparer.Ordinal);

    public async Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken)
    {
        var facts = batch.Entries.Where(e => e.SubjectId is not null && e.ContactId > 0 && Text(e, "machine") is null)
            .Select(e => (Message: e.SubjectId!.Value, e.ContactId, Cause: e.Kind["email.".Length..], Url: Text(e, "url"))).Distinct().ToList();
        if (facts.Count == 0)
        {
            return;
        }

        var wanted = await Sql.Of($"""
            select id, message_id, cause, url, action, settings from messaging.link_action
            where account_id = {batch.AccountId} and message_id = any ({facts.Select(f => f.Message).Distinct().ToArray()}) order by id
            """).ListAsync<Wanted>(batch.Transaction, cancellationToken);
        foreach (var action in wanted)
        {
            var mine = facts.Where(f => f.Message == action.MessageId && f.Cause == action.Cause && (action.Url is null || action.Url == f.Url)).ToList();
            if (mine.Count > 0)
            {
                await RunAsync(batch, action, [.. mine.Select(f => f.ContactId)], [.. mine.Select(f => action.Cause == "clicked" && action.Url is null ? f.Url ?? "" : "")], cancellationToken);
            }
        }
    }

    private async Task RunAsync(ReactionBatch batch, Wanted wanted, long[] contacts, string[] links, CancellationToken cancellationToken)
    {
        var fresh = await Sql.Of($"""
            insert into messaging.link_action_done (account_id, link_action_id, contact_id, link, done_at)
            select distinct {batch.AccountId}::bigint, {wanted.Id}::bigint, f.contact_id, case when f.url = '' then '' else md5(f.url) end, {batch.Now}
            from unnest({contacts}, {links}) as f (contact_id, url) order by 3, 4
            on conflict (account_id, link_action_id, contact_id, link) do nothing returning contact_id
            """).ListAsync<long>(batch.Transaction, cancellationToken);
        if (fresh.Count == 0)
        {
            return;
        }

        await DoAsync(batch, wanted, [.. fresh.Distinct()], cancellationToken);
    }

    /// <summary>
    /// One contact of whom the database will not have it must cost neither the others their action nor the batch its other reactions: what fails is halved until it
    /// stands alone. A lost connection, a deadlock and the like are no fault of the action; they undo the batch, which comes again.
    /// </summary>
    private async Task DoAsync(ReactionBatch batch, Wanted wanted, long[] due, CancellationToken cancellationToken)
    {
        await batch.Transaction.SaveAsync(Savepoint, cancellationToken);
        try
        {
            var action = actions.Find(wanted.Action) ?? throw new NotFoundException($"There is no action {wanted.Action}.");
            var account = await accounts.GetAsync(batch.AccountId, cancellationToken);
            await action.ExecuteAsync(
                new BulkBatch(batch.Transaction, batch.AccountId, null, account.TimeZone, batch.Now, due), BulkSettings.FromStored(action, wanted.Settings), cancellationToken);
            await batch.Transaction.ReleaseAsync(Savepoint, cancellationToken);
        }
        catch (Exception e) when (e is DomainException or PostgresException { IsTransient: false } or JsonException)
        {
            await batch.Transaction.RollbackAsync(Savepoint, cancellationToken);
            if (e is PostgresException && due.Length > 1)
            {
                await DoAsync(batch, wanted, due[..(due.Length / 2)], cancellationToken);
                await DoAsync(batch, wanted, due[(due.Length / 2)..], cancellationToken);
                return;
            }

            var failure = e is DomainException ? e.Message : "It could not be done.";
            await Sql.Of($"""
                update messaging.link_action_done set failure = {failure}
                where account_id = {batch.AccountId} and link_action_id = {wanted.Id} and contact_id = any ({due}) and done_at = {batch.Now}
                """).ExecuteAsync(batch.Transaction, cancellationToken);
            LogFailed(logger, wanted.Id, batch.AccountId, due.Length, e);
        }
    }

    private static string? Text(ActivityEntry entry, string name) =>
        entry.Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed record Wanted(long Id, long MessageId, string Cause, string? Url, string Action, JsonElement Settings);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Link action {Id} of account {Account} could not be done for {Contacts} contacts")]
    private static partial void LogFailed(ILogger logger, long id, long account, int contacts, Exception e);
}
