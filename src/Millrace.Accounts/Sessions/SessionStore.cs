using System.Collections.Concurrent;
using System.Diagnostics;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Accounts.Sessions;

/// <summary>Who is behind a session cookie. Only the hash of the cookie's token is stored; idle for 12 h or 7 days old, a session is over.</summary>
internal sealed class SessionStore(NpgsqlDataSource database, TimeProvider clock)
{
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(7);
    private static readonly TimeSpan MaxIdle = TimeSpan.FromHours(12);
    private static readonly TimeSpan CacheFor = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, (Identity Identity, long ReadAt)> _cache = new(StringComparer.Ordinal);

    /// <returns>The token for the cookie: 256 random bits.</returns>
    public async Task<string> BeginAsync(AccountTransaction work, long accountId, long userId, CancellationToken cancellationToken)
    {
        var (token, now) = (RandomToken.New(), clock.GetUtcNow());
        var id = await Sql.Of($"""
            insert into accounts.session (account_id, user_id, hash, created_at, seen_at)
            values ({accountId}, {userId}, {RandomToken.Hash(token)}, {now}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        await Sql.Of($"""
            insert into accounts.credential (hash, kind, account_id, owner_id) values ({RandomToken.Hash(token)}, 'session', {accountId}, {id})
            """).ExecuteAsync(work, cancellationToken);
        return token;
    }

    /// <returns>Null when the token is unknown, ended or too old, or its user disabled.</returns>
    public async Task<Identity?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(token, out var known) && Stopwatch.GetElapsedTime(known.ReadAt) < CacheFor)
        {
            return known.Identity;
        }

        var (hash, now) = (RandomToken.Hash(token), clock.GetUtcNow());
        var accountId = await AccountOfAsync(hash, cancellationToken);
        if (accountId is null)
        {
            return null;
        }

        await using var work = await AccountTransaction.BeginAsync(database, accountId.Value, cancellationToken);
        var identity = await Sql.Of($"""
            update accounts.session s set seen_at = {now}
            from accounts.app_user u, accounts.account a
            where s.account_id = {accountId} and s.hash = {hash} and s.ended_at is null
              and s.created_at > {now - MaxAge} and s.seen_at > {now - MaxIdle}
              and u.account_id = s.account_id and u.id = s.user_id and u.disabled_at is null and a.id = s.account_id
            returning s.account_id, u.id, u.role, a.time_zone
            """).FirstAsync<Identity>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        if (identity is not null)
        {
            Remember(token, identity);
        }

        return identity;
    }

    /// <summary>As <see cref="FindAsync"/>, but looking does not count as use.</summary>
    public async Task<Identity?> LookAsync(string token, CancellationToken cancellationToken)
    {
        var (hash, now) = (RandomToken.Hash(token), clock.GetUtcNow());
        if (await AccountOfAsync(hash, cancellationToken) is not { } accountId)
        {
            return null;
        }

        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        return await Sql.Of($"""
            select s.account_id, u.id, u.role, a.time_zone
            from accounts.session s
            join accounts.app_user u on u.account_id = s.account_id and u.id = s.user_id and u.disabled_at is null
            join accounts.account a on a.id = s.account_id
            where s.account_id = {accountId} and s.hash = {hash} and s.ended_at is null and s.created_at > {now - MaxAge} and s.seen_at > {now - MaxIdle}
            """).FirstAsync<Identity>(work, cancellationToken);
    }

    public async Task EndAsync(string token, CancellationToken cancellationToken)
    {
        _cache.TryRemove(token, out _);
        var hash = RandomToken.Hash(token);
        if (await AccountOfAsync(hash, cancellationToken) is { } accountId)
        {
            await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
            await Sql.Of($"update accounts.session set ended_at = {clock.GetUtcNow()} where account_id = {accountId} and hash = {hash}")
                .ExecuteAsync(work, cancellationToken);
            await Sql.Of($"delete from accounts.credential where hash = {hash}").ExecuteAsync(work, cancellationToken);
            await LiveChanges.TellSessionsAsync(work.Transaction, accountId, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }
    }

    /// <summary>Ends a user's other sessions, as a new password or a lost role asks for.</summary>
    public async Task EndOthersAsync(AccountTransaction work, long accountId, long userId, string? exceptToken, CancellationToken cancellationToken)
    {
        var keep = exceptToken is null ? [] : RandomToken.Hash(exceptToken);
        await Sql.Of($"""
            with ended as (
                update accounts.session set ended_at = {clock.GetUtcNow()}
                where account_id = {accountId} and user_id = {userId} and ended_at is null and hash <> {keep} returning hash)
            delete from accounts.credential c using ended where c.hash = ended.hash
            """).ExecuteAsync(work, cancellationToken);
        await LiveChanges.TellSessionsAsync(work.Transaction, accountId, cancellationToken);
        _cache.Clear();
    }

    private async Task<long?> AccountOfAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await Sql.Of($"select account_id from accounts.credential where hash = {hash} and kind = 'session'")
            .FirstAsync<long?>(connection, cancellationToken);
    }

    private void Remember(string token, Identity identity)
    {
        if (_cache.Count > 10_000)
        {
            _cache.Clear();
        }

        _cache[token] = (identity, Stopwatch.GetTimestamp());
    }
}
