using System.Collections.Concurrent;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Tracking.Events;

/// <summary>Names of events to ids and back. Known pairs are remembered: an event's id never changes.</summary>
internal sealed class EventNames(NpgsqlDataSource database, TimeProvider clock)
{
    public const int MaxLength = 32;
    private const int MaxNames = 1_000;
    private readonly ConcurrentDictionary<(long, string), long> _ids = new();

    /// <summary>Null when this process has not met the name yet.</summary>
    public long? Known(long accountId, string name) => _ids.TryGetValue((accountId, name.ToLowerInvariant()), out var id) ? id : null;

    /// <summary>The id of the name; made when it is new.</summary>
    public async ValueTask<long> IdOfAsync(long accountId, string name, CancellationToken cancellationToken)
    {
        var key = (accountId, name.ToLowerInvariant());
        if (_ids.TryGetValue(key, out var known))
        {
            return known;
        }

        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var id = await EnsureAsync(work, accountId, name, clock.GetUtcNow(), cancellationToken);
        await work.CommitAsync(cancellationToken);
        _ids[key] = id;
        return id;
    }

    public void Forget(long accountId, string name) => _ids.TryRemove((accountId, name.ToLowerInvariant()), out _);

    public static async Task<long> EnsureAsync(
        AccountTransaction work, long accountId, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (name.Trim().Length is 0 or > MaxLength || name.Any(char.IsControl))
        {
            throw new InvalidInputException("/event", "event_invalid", $"An event's name has 1 to {MaxLength} characters.");
        }

        if (await FindAsync(work, accountId, name, cancellationToken) is { } found)
        {
            return found;
        }

        if (await Sql.Of($"select count(*) from tracking.event_name where account_id = {accountId}").FirstAsync<long>(work, cancellationToken) >= MaxNames)
        {
            throw new ConflictException("limit_reached", $"An account may have {MaxNames} event names.");
        }

        await Sql.Of($"""
            insert into tracking.event_name (account_id, name, created_at) values ({accountId}, {name.Trim()}, {now}) on conflict do nothing
            """).ExecuteAsync(work, cancellationToken);
        return (await FindAsync(work, accountId, name, cancellationToken))!.Value;
    }

    private static Task<long?> FindAsync(AccountTransaction work, long accountId, string name, CancellationToken cancellationToken) =>
        Sql.Of($"select id from tracking.event_name where account_id = {accountId} and lower(name) = {name.Trim().ToLowerInvariant()}")
            .FirstAsync<long?>(work, cancellationToken);
}
