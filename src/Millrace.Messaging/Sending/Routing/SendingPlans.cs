using System.Collections.Concurrent;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.Mail.Smtp;
using Npgsql;

namespace Millrace.Messaging.Sending.Routing;

/// <summary>The accounts' plans in memory, for five seconds: most have none, and every batch of mails asks.</summary>
internal sealed class SendingPlans(KeyRing keys, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, (SendingPlan Plan, long ReadAt)> _plans = new();

    public static string Place(long accountId) => $"{accountId}:messaging.smtp_server.password";

    /// <summary>What was changed by this process counts at once.</summary>
    public void Forget(long accountId) => _plans.TryRemove(accountId, out _);

    public async Task<IReadOnlyDictionary<long, SendingPlan>> LoadAsync(NpgsqlTransaction transaction, long[] accountIds, CancellationToken cancellationToken)
    {
        var missing = accountIds.Where(a => !_plans.TryGetValue(a, out var known) || clock.GetElapsedTime(known.ReadAt) >= Life).ToArray();
        if (missing.Length > 0)
        {
            await ReadAsync(transaction, missing, cancellationToken);
        }

        return accountIds.ToDictionary(a => a, a => _plans.TryGetValue(a, out var known) ? known.Plan : SendingPlan.None);
    }

    private async Task ReadAsync(NpgsqlTransaction transaction, long[] accountIds, CancellationToken cancellationToken)
    {
        var servers = (await Sql.Of($"""
            select account_id, id, host, port, tls, user_name, password from messaging.smtp_server where account_id = any ({accountIds}) and is_on order by id
            """).ListAsync<Server>(transaction, cancellationToken)).ToLookup(s => s.AccountId);
        var routes = (await Sql.Of($"""
            select account_id, lane, domain, server_ids, shares from messaging.smtp_route where account_id = any ({accountIds}) order by account_id, position
            """).ListAsync<Route>(transaction, cancellationToken)).ToLookup(r => r.AccountId);
        var limits = (await Sql.Of($"""
            select account_id, domain, per_second::float8, connections from messaging.domain_limit where account_id = any ({accountIds})
            """).ListAsync<Limit>(transaction, cancellationToken)).ToLookup(l => l.AccountId);
        var warmUps = (await Sql.Of($"""
            select account_id, id, server_id, domain, starts_on, first_volume, growth, target from messaging.warm_up where account_id = any ({accountIds}) order by id
            """).ListAsync<Warm>(transaction, cancellationToken)).ToLookup(w => w.AccountId);
        var now = clock.GetTimestamp();
        foreach (var account in accountIds)
        {
            _plans[account] = (new(
                [.. servers[account].Select(s => new PlannedServer(s.Id, Endpoint(s)))], [.. routes[account].Select(r => new PlannedRoute(r.Lane, r.Domain, r.ServerIds, r.Shares))],
                limits[account].ToDictionary(l => l.Domain, l => new DomainCap { PerSecond = l.PerSecond, Connections = l.Connections }, StringComparer.Ordinal),
                [.. warmUps[account].Select(w => new WarmUp(w.Id, w.ServerId, w.Domain, w.StartsOn, w.FirstVolume, w.Growth, w.Target))]), now);
        }
    }

    private SmtpEndpoint Endpoint(Server s) =>
        new(s.Host, s.Port, s.Tls, s.UserName, s.Password is null ? null : keys.Open(s.Password, Place(s.AccountId)));

    private sealed record Server(long AccountId, long Id, string Host, int Port, SmtpTls Tls, string? UserName, byte[]? Password);

    private sealed record Route(long AccountId, short? Lane, string? Domain, long[] ServerIds, short[] Shares);

    private sealed record Limit(long AccountId, string Domain, double PerSecond, short Connections);

    private sealed record Warm(long AccountId, long Id, long? ServerId, string? Domain, DateOnly StartsOn, int FirstVolume, decimal Growth, int Target);
}
