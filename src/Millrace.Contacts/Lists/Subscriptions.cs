using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Counting;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Contacts.Lists;

/// <inheritdoc cref="ISubscriptions"/>
internal sealed class Subscriptions(IActivityLog activities, TimeProvider clock) : ISubscriptions
{
    public async Task<IReadOnlyList<long>> SubscribeAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<long> contactIds, long listId, string source, bool force,
        CancellationToken cancellationToken, ActivityOrigin? origin = null)
    {
        var now = clock.GetUtcNow();
        var subscribed = await Sql.Of($"""
            insert into contacts.subscription as s (account_id, contact_id, list_id, status, subscribed_at, source, created_at, updated_at)
            select {accountId}, c.id, l.id, 'active', {now}, {source}, {now}, {now}
            from contacts.contact c, contacts.list l
            where c.account_id = {accountId} and c.id = any({contactIds.ToArray()}) and l.account_id = {accountId} and l.id = {listId}
            order by c.id
            on conflict (account_id, contact_id, list_id) do update
            set status = 'active', subscribed_at = excluded.subscribed_at, unsubscribed_at = null, reason = null,
                source = excluded.source, updated_at = excluded.updated_at
            where s.status <> 'active'
              and ({force} or s.status = 'unconfirmed' or (s.status = 'unsubscribed' and s.source = any({ContactSource.Ours})))
            returning s.contact_id
            """).ListAsync<long>(transaction, cancellationToken);
        await activities.AppendAsync(
            transaction, accountId, [.. subscribed.Select(id => new ListSubscribed(id, listId, source))], cancellationToken, origin);
        return subscribed;
    }

    public Task<int> UnsubscribeAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<long> contactIds, IReadOnlyList<long>? listIds, string source, string? reason,
        CancellationToken cancellationToken, ActivityOrigin? origin = null) =>
        UnsubscribeAsync(transaction, accountId, contactIds, listIds, source, reason, react: true, cancellationToken, origin);

    /// <param name="react">False: nothing reacts to it; counts are kept all the same.</param>
    public async Task<int> UnsubscribeAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<long> contactIds, IReadOnlyList<long>? listIds, string source, string? reason,
        bool react, CancellationToken cancellationToken, ActivityOrigin? origin = null)
    {
        var now = clock.GetUtcNow();
        var these = listIds is null ? Sql.Empty : Sql.Of($"and list_id = any({listIds.ToArray()})");
        var ended = await Sql.Of($"""
            with before as (
                select contact_id, list_id, status from contacts.subscription
                where account_id = {accountId} and contact_id = any({contactIds.ToArray()}) and status <> 'unsubscribed' {these}
                order by contact_id, list_id for update)
            update contacts.subscription s
            set status = 'unsubscribed', unsubscribed_at = {now}, reason = {reason}, source = {source}, updated_at = {now}
            from before b
            where s.account_id = {accountId} and s.contact_id = b.contact_id and s.list_id = b.list_id
            returning s.contact_id, s.list_id, b.status = 'active'
            """).ListAsync<Ended>(transaction, cancellationToken);
        if (!ContactSource.Ours.Contains(source, StringComparer.Ordinal))
        {
            // We had ended it before, and now the contact says so too: from here on nobody else may take it back.
            await Sql.Of($"""
                update contacts.subscription set reason = {reason}, source = {source}, updated_at = {now}
                where account_id = {accountId} and contact_id = any({contactIds.ToArray()}) {these}
                  and status = 'unsubscribed' and source = any({ContactSource.Ours})
                """).ExecuteAsync(transaction, cancellationToken);
        }

        if (react)
        {
            await activities.AppendAsync(
                transaction, accountId, [.. ended.Select(e => new ListUnsubscribed(e.ContactId, e.ListId, source, reason, e.WasActive))], cancellationToken, origin);
            return ended.Count;
        }

        await activities.AppendFromAsync(transaction, accountId, "list.unsubscribed", Sql.Of($"""
            select e.contact_id, e.list_id, jsonb_build_object('contact_id', e.contact_id, 'list_id', e.list_id, 'source', {source}, 'reason', {reason}, 'was_active', e.was_active)
            from unnest({ended.ConvertAll(e => e.ContactId).ToArray()}, {ended.ConvertAll(e => e.ListId).ToArray()}, {ended.ConvertAll(e => e.WasActive).ToArray()})
                 as e (contact_id, list_id, was_active)
            """), react: false, cancellationToken);
        await Counters.AddAsync(
            transaction, accountId,
            ended.Where(e => e.WasActive).GroupBy(e => e.ListId).ToDictionary(g => (CounterKind.List, g.Key), g => -g.LongCount()), cancellationToken);
        return ended.Count;
    }

    public async Task LiftBounceAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyList<long> contactIds, CancellationToken cancellationToken)
    {
        var (now, ids) = (clock.GetUtcNow(), contactIds.ToArray());
        await Sql.Of($"update contacts.contact set bounced_at = null where account_id = {accountId} and id = any({ids}) and bounced_at is not null")
            .ExecuteAsync(transaction, cancellationToken);
        await Sql.Of($"""
            update contacts.subscription set status = 'active', updated_at = {now}
            where account_id = {accountId} and contact_id = any({ids}) and status = 'bounced'
            """).ExecuteAsync(transaction, cancellationToken);
    }

    public async Task MarkBouncedAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyList<long> contactIds, CancellationToken cancellationToken)
    {
        var (now, ids) = (clock.GetUtcNow(), contactIds.ToArray());
        await Sql.Of($"""
            update contacts.contact set bounced_at = {now}
            where account_id = {accountId} and bounced_at is null
              and id in (select id from contacts.contact where account_id = {accountId} and id = any({ids}) order by id for no key update)
            """).ExecuteAsync(transaction, cancellationToken);
        var bounced = await Sql.Of($"""
            with before as (
                select contact_id, list_id from contacts.subscription
                where account_id = {accountId} and contact_id = any({ids}) and status = 'active'
                order by contact_id, list_id for update)
            update contacts.subscription s set status = 'bounced', updated_at = {now}
            from before b
            where s.account_id = {accountId} and s.contact_id = b.contact_id and s.list_id = b.list_id
            returning s.contact_id, s.list_id
            """).ListAsync<ListBounced>(transaction, cancellationToken);
        await activities.AppendAsync(transaction, accountId, bounced, cancellationToken);
    }

    /// <summary>
    /// Puts contacts who are not on the list on it with a status that sends nothing: unconfirmed (not yet asked), unsubscribed or bounced (known from elsewhere).
    /// </summary>
    /// <returns>Those it was done for.</returns>
    public Task<List<long>> AddInactiveAsync(
        NpgsqlTransaction transaction, long accountId, long[] contactIds, long listId, SubscriptionStatus status, string source,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? ended = status == SubscriptionStatus.Unsubscribed ? now : null;
        return Sql.Of($"""
            insert into contacts.subscription (account_id, contact_id, list_id, status, unsubscribed_at, source, created_at, updated_at)
            select {accountId}, c.id, l.id, {status}, {ended}, {source}, {now}, {now}
            from contacts.contact c, contacts.list l
            where c.account_id = {accountId} and c.id = any({contactIds}) and l.account_id = {accountId} and l.id = {listId}
            order by c.id
            on conflict do nothing
            returning contact_id
            """).ListAsync<long>(transaction, cancellationToken);
    }

    public static async Task<bool> ListExistsAsync(NpgsqlTransaction transaction, long accountId, long listId, CancellationToken cancellationToken) =>
        await Sql.Of($"select exists (select 1 from contacts.list where account_id = {accountId} and id = {listId})")
            .FirstAsync<bool>(transaction, cancellationToken);

    /// <exception cref="InvalidInputException">422 <c>not_found</c> at <paramref name="path"/>: one of the lists is not there.</exception>
    public static async Task CheckListsAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<long> listIds, string path, CancellationToken cancellationToken)
    {
        var wanted = listIds.Distinct().ToArray();
        if (wanted.Length > 0 && await Sql.Of($"select count(*) from contacts.list where account_id = {accountId} and id = any({wanted})")
            .FirstAsync<long>(transaction, cancellationToken) != wanted.Length)
        {
            throw new InvalidInputException(path, "not_found", "There is no such list.");
        }
    }

    private sealed record Ended(long ContactId, long ListId, bool WasActive);
}
