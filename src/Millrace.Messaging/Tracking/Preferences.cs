using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Tracking;

/// <summary>What a reader may choose among: the lists it is or has been on, and its own name. Lists it never was on are nobody's business.</summary>
internal sealed class Preferences(
    NpgsqlDataSource database, ISubscriptions subscriptions, IContactNames names, IActivityLog activities, TimeProvider clock)
{
    public const int MaxName = 100;
    private const int MaxLists = 200;

    internal sealed record ListChoice(long Id, string Name, string Reminder, bool IsActive);

    internal sealed record Choices(UnsubscribeBySend.Target Target, string FirstName, string LastName, IReadOnlyList<ListChoice> Lists);

    private sealed record Named(string FirstName, string LastName);

    /// <returns>Null: no such mail, or its reader is gone.</returns>
    public async Task<Choices?> FindAsync(long accountId, long sendId, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        return await FindAsync(work, accountId, sendId, cancellationToken);
    }

    /// <summary>Writes what was chosen. Lists that the reader was not shown stay as they are.</summary>
    /// <param name="shown">Lists that stood on the page.</param>
    /// <param name="chosen">Those of them that were ticked.</param>
    /// <param name="name">Null: not asked for.</param>
    public async Task<UnsubscribeOutcome> SaveAsync(
        long accountId, long sendId, IReadOnlyCollection<long> shown, IReadOnlyCollection<long> chosen, (string First, string Last)? name, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);

        // From the commit on nothing more goes to the lists that were left: no hand-over can slip in between.
        await SendGate.CloseAsync(work.Transaction, accountId, cancellationToken);
        if (await FindAsync(work, accountId, sendId, cancellationToken) is not { } found)
        {
            return UnsubscribeOutcome.NoSuchSend;
        }

        var target = found.Target;
        if (target.IsTest)
        {
            return UnsubscribeOutcome.WasTest;
        }

        var origin = target.AutomationId is { } automation ? new ActivityOrigin(automation, target.StepKey!) : null;
        var offered = found.Lists.Where(l => shown.Contains(l.Id)).ToList();
        foreach (var list in offered.Where(l => !l.IsActive && chosen.Contains(l.Id)))
        {
            await subscriptions.SubscribeAsync(work.Transaction, accountId, [target.ContactId], list.Id, "preferences", force: true, cancellationToken);
        }

        long[] left = [.. offered.Where(l => l.IsActive && !chosen.Contains(l.Id)).Select(l => l.Id)];
        if (left.Length > 0
            && await subscriptions.UnsubscribeAsync(work.Transaction, accountId, [target.ContactId], left, "preferences", null, cancellationToken, origin) > 0
            && await Sql.Of($"update messaging.send set unsubscribed_at = {now} where account_id = {accountId} and id = {sendId} and unsubscribed_at is null")
                .ExecuteAsync(work, cancellationToken) > 0)
        {
            await activities.AppendAsync(
                work.Transaction, accountId, [new EmailUnsubscribed(target.ContactId, target.MessageId, sendId, false, "preferences", null)], cancellationToken, origin);
        }

        if (name is { } own)
        {
            await names.ChangeAsync(work.Transaction, accountId, target.ContactId, own.First, own.Last, "UTC", cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return UnsubscribeOutcome.Unsubscribed;
    }

    private static async Task<Choices?> FindAsync(AccountTransaction work, long accountId, long sendId, CancellationToken cancellationToken)
    {
        if (await UnsubscribeBySend.FindAsync(work, accountId, sendId, cancellationToken) is not { ContactId: > 0, Address: not null } target
            || await Sql.Of($"select first_name, last_name from contacts.contact where account_id = {accountId} and id = {target.ContactId}").FirstAsync<Named>(work, cancellationToken)
                is not { } person)
        {
            return null;
        }

        var lists = await Sql.Of($"""
            select l.id, l.name, l.reminder, s.status = 'active' from contacts.subscription s
            join contacts.list l on l.account_id = s.account_id and l.id = s.list_id
            where s.account_id = {accountId} and s.contact_id = {target.ContactId} and s.status in ('active', 'unsubscribed')
            order by l.name, l.id limit {MaxLists}
            """).ListAsync<ListChoice>(work, cancellationToken);
        return new(target, person.FirstName, person.LastName, lists);
    }
}
