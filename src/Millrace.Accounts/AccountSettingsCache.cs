using System.Collections.Concurrent;
using System.Diagnostics;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Accounts;

internal sealed class AccountSettingsCache(NpgsqlDataSource database) : IAccountSettings
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<long, (AccountSettings Settings, long ReadAt)> _cache = new();

    public async Task<AccountSettings> GetAsync(long accountId, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(accountId, out var known) && Stopwatch.GetElapsedTime(known.ReadAt) < MaxAge)
        {
            return known.Settings;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var settings = await Sql.Of($"""
            select id, name, time_zone, sender_name, sender_email, sender_address, event_key, created_at from accounts.account where id = {accountId}
            """).FirstAsync<AccountSettings>(connection, cancellationToken) ?? throw new NotFoundException();
        _cache[accountId] = (settings, Stopwatch.GetTimestamp());
        return settings;
    }
}
