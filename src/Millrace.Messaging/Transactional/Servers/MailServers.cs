using System.Collections.Concurrent;
using System.Diagnostics;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Transactional.Servers;

/// <summary>Who calls with a server's token.</summary>
internal sealed record ServerCaller(long AccountId, long ServerId, long TokenId);

internal sealed record ServerDraft(string Name, string Color, bool TrackOpens, LinkTracking TrackLinks);

/// <summary>Servers and their tokens. A token is shown once; only its hash is kept.</summary>
internal sealed class MailServers(NpgsqlDataSource database, ICredentials credentials, TimeProvider clock)
{
    public const string Credential = "mail_server";
    private const int MaxServers = 100;
    private const int MaxTokens = 20;
    private static readonly TimeSpan CacheFor = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, (ServerCaller? Caller, long ReadAt)> _cache = new(StringComparer.Ordinal);

    /// <summary>A new server has a stream of each kind.</summary>
    public async Task<long> AddAsync(AccountTransaction work, long accountId, ServerDraft draft, CancellationToken cancellationToken)
    {
        Check(draft);
        var now = clock.GetUtcNow();
        var count = await Sql.Of($"select count(*) from messaging.mail_server where account_id = {accountId} and archived_at is null").FirstAsync<long>(work, cancellationToken);
        if (count >= MaxServers)
        {
            throw new ConflictException("too_many_servers", $"An account has at most {MaxServers} servers.");
        }

        var version = await BlankVersion.FindAsync(work.Transaction, accountId, now, cancellationToken);
        var id = await Sql.Of($"""
            insert into messaging.mail_server (account_id, name, color, track_opens, track_links, message_id, version_id, created_at, updated_at)
            values ({accountId}, {draft.Name}, {draft.Color}, {draft.TrackOpens}, {draft.TrackLinks}, {version.MessageId}, {version.VersionId}, {now}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        await Sql.Of($"""
            insert into messaging.mail_stream (account_id, server_id, key, name, description, kind, unsubscribe, created_at, updated_at)
            select {accountId}, {id}, s.key, s.name, s.description, s.kind, s.unsubscribe, {now}, {now}
            from (values (1, 'outbound', 'Transactional', 'Mails that somebody waits for.', 'transactional', 'none'),
                         (2, 'broadcast', 'Broadcasts', 'The same to many.', 'broadcasts', 'postmark'),
                         (3, 'inbound', 'Inbound', 'Mails that come in.', 'inbound', 'none')) s (no, key, name, description, kind, unsubscribe)
            order by s.no
            """).ExecuteAsync(work, cancellationToken);
        return id;
    }

    public async Task SaveAsync(AccountTransaction work, long accountId, long id, ServerDraft draft, CancellationToken cancellationToken)
    {
        Check(draft);
        await Sql.Of($"""
            update messaging.mail_server
            set name = {draft.Name}, color = {draft.Color}, track_opens = {draft.TrackOpens}, track_links = {draft.TrackLinks}, updated_at = {clock.GetUtcNow()}
            where account_id = {accountId} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
    }

    /// <returns>The token itself: it is nowhere else.</returns>
    public async Task<(long Id, string Token)> AddTokenAsync(AccountTransaction work, long accountId, long serverId, string name, CancellationToken cancellationToken)
    {
        var count = await Sql.Of($"select count(*) from messaging.mail_token where account_id = {accountId} and server_id = {serverId} and revoked_at is null")
            .FirstAsync<long>(work, cancellationToken);
        if (count >= MaxTokens)
        {
            throw new ConflictException("too_many_tokens", $"A server has at most {MaxTokens} tokens.");
        }

        var token = $"ms_{RandomToken.New(6)}_{RandomToken.New(32)}";
        var id = await Sql.Of($"""
            insert into messaging.mail_token (account_id, server_id, name, prefix, created_at) values ({accountId}, {serverId}, {name}, {token[..9]}, {clock.GetUtcNow()}) returning id
            """).FirstAsync<long>(work, cancellationToken);
        await credentials.AddAsync(work, RandomToken.Hash(token), Credential, accountId, id, cancellationToken);
        return (id, token);
    }

    /// <returns>False when there is no such living token.</returns>
    public async Task<bool> RevokeAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken)
    {
        var revoked = await Sql.Of($"update messaging.mail_token set revoked_at = {clock.GetUtcNow()} where account_id = {accountId} and id = {id} and revoked_at is null")
            .ExecuteAsync(work, cancellationToken);
        await credentials.RemoveAsync(work, Credential, accountId, id, cancellationToken);
        _cache.Clear();
        return revoked > 0;
    }

    /// <summary>Nothing is sent through it any more and its tokens open nothing; what was sent stays to be seen.</summary>
    public async Task ArchiveAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await Sql.Of($"update messaging.mail_server set archived_at = {now}, updated_at = {now} where account_id = {accountId} and id = {id}").ExecuteAsync(work, cancellationToken);
        foreach (var token in await Sql.Of($"select id from messaging.mail_token where account_id = {accountId} and server_id = {id} and revoked_at is null").ListAsync<long>(work, cancellationToken))
        {
            await RevokeAsync(work, accountId, token, cancellationToken);
        }
    }

    /// <returns>Null for an unknown or revoked token.</returns>
    public async Task<ServerCaller?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(token, out var known) && Stopwatch.GetElapsedTime(known.ReadAt) < CacheFor)
        {
            return known.Caller;
        }

        var caller = await ReadAsync(token, cancellationToken);
        if (_cache.Count > 10_000)
        {
            _cache.Clear();
        }

        _cache[token] = (caller, Stopwatch.GetTimestamp());
        return caller;
    }

    private async Task<ServerCaller?> ReadAsync(string token, CancellationToken cancellationToken)
    {
        if (await credentials.FindAsync(RandomToken.Hash(token), Credential, cancellationToken) is not { } owner)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, owner.AccountId, cancellationToken);
        // Last use to the minute is enough, and spares a write per request.
        await Sql.Of($"""
            update messaging.mail_token set last_used_at = {now}
            where account_id = {owner.AccountId} and id = {owner.OwnerId} and (last_used_at is null or last_used_at < {now.AddMinutes(-1)})
            """).ExecuteAsync(work, cancellationToken);
        var server = await Sql.Of($"""
            select s.id from messaging.mail_token t join messaging.mail_server s on s.account_id = t.account_id and s.id = t.server_id
            where t.account_id = {owner.AccountId} and t.id = {owner.OwnerId} and t.revoked_at is null and s.archived_at is null
            """).FirstAsync<long?>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return server is { } id ? new ServerCaller(owner.AccountId, id, owner.OwnerId) : null;
    }

    private static void Check(ServerDraft draft)
    {
        if (draft.Name.Trim().Length is 0 or > 200)
        {
            throw new InvalidInputException("/name", "length", "A server's name has 1 to 200 characters.");
        }

        if (draft.Color.Length is 0 or > 30 || !draft.Color.All(char.IsAsciiLetter))
        {
            throw new InvalidInputException("/color", "validation_failed", "A colour is a word, for example blue.");
        }
    }
}
