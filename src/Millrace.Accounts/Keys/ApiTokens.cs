using System.Collections.Concurrent;
using System.Diagnostics;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Accounts.Keys;

/// <summary>API keys: <c>pk_</c>, eight characters to tell them apart, 32 random ones. Only SHA-256 is stored; a key is shown once.</summary>
internal sealed class ApiTokens(NpgsqlDataSource database, TimeProvider clock) : IApiTokens
{
    private static readonly TimeSpan CacheFor = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, (Identity? Identity, long ReadAt)> _cache = new(StringComparer.Ordinal);

    /// <param name="token">A token chosen by the operator; null makes a random one.</param>
    public async Task<(long Id, string Token)> CreateAsync(
        AccountTransaction work, long accountId, long userId, string name, string? token, CancellationToken cancellationToken)
    {
        token ??= $"pk_{RandomToken.New(8)}_{RandomToken.New(32)}";
        var hash = RandomToken.Hash(token);
        var id = await Sql.Of($"""
            insert into accounts.api_key (account_id, user_id, name, prefix, hash, created_at)
            values ({accountId}, {userId}, {name}, {token[..Math.Min(11, token.Length / 3)]}, {hash}, {clock.GetUtcNow()}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        await Sql.Of($"insert into accounts.credential (hash, kind, account_id, owner_id) values ({hash}, 'api_key', {accountId}, {id})")
            .ExecuteAsync(work, cancellationToken);
        return (id, token);
    }

    /// <returns>False when there is no such living key.</returns>
    public async Task<bool> RevokeAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken)
    {
        var revoked = await Sql.Of($"""
            update accounts.api_key set revoked_at = {clock.GetUtcNow()} where account_id = {accountId} and id = {id} and revoked_at is null
            """).ExecuteAsync(work, cancellationToken);
        await Sql.Of($"delete from accounts.credential where kind = 'api_key' and account_id = {accountId} and owner_id = {id}")
            .ExecuteAsync(work, cancellationToken);
        _cache.Clear();
        return revoked > 0;
    }

    public async Task<Identity?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(token, out var known) && Stopwatch.GetElapsedTime(known.ReadAt) < CacheFor)
        {
            return known.Identity;
        }

        var identity = await ReadAsync(RandomToken.Hash(token), cancellationToken);
        if (_cache.Count > 10_000)
        {
            _cache.Clear();
        }

        _cache[token] = (identity, Stopwatch.GetTimestamp());
        return identity;
    }

    private async Task<Identity?> ReadAsync(byte[] hash, CancellationToken cancellationToken)
    {
        Owner? owner;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            owner = await Sql.Of($"select account_id, owner_id from accounts.credential where hash = {hash} and kind = 'api_key'")
                .FirstAsync<Owner>(connection, cancellationToken);
        }

        if (owner is null)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, owner.AccountId, cancellationToken);
        // Last use to the minute is enough, and spares a write per request.
        await Sql.Of($"""
            update accounts.api_key set last_used_at = {now}
            where account_id = {owner.AccountId} and id = {owner.KeyId} and (last_used_at is null or last_used_at < {now.AddMinutes(-1)})
            """).ExecuteAsync(work, cancellationToken);
        var identity = await Sql.Of($"""
            select k.account_id, u.id, u.role, a.time_zone
            from accounts.api_key k
            join accounts.app_user u on u.account_id = k.account_id and u.id = k.user_id
            join accounts.account a on a.id = k.account_id
            where k.account_id = {owner.AccountId} and k.id = {owner.KeyId} and k.revoked_at is null and u.disabled_at is null
            """).FirstAsync<Identity>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return identity;
    }

    private sealed record Owner(long AccountId, long KeyId);
}
