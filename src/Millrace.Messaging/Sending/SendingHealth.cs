using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>
/// <c>/api/app/sending/health</c>: how the account's mail is getting on right now: what waits and since when, how fast it goes, which domains put us
/// off and in what words. Looks at a bounded number of rows, so that it answers at once however long the queue is.
/// </summary>
internal sealed class SendingHealth : IEndpoint
{
    private const int MaxOpen = 100_000;
    private const int MaxRecent = 20_000;
    private const int MaxDomains = 10;

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("sending/health", Handle).WithName("sending_health").RequirePermission(Permission.ViewMessages);

    /// <param name="Waiting">Due and on their way: nothing holds them up but the speed of the line.</param>
    /// <param name="Deferred">To be tried again later.</param>
    /// <param name="Capped">There are more than 100,000; only so many were looked at.</param>
    /// <param name="OldestDueAt">Since when the longest waiting one is due; null when none is.</param>
    /// <param name="Sent">Taken by the receiving servers in the last hour, of the newest 20,000 mails.</param>
    /// <param name="Failed">Given up in the last hour, likewise.</param>
    /// <param name="PerMinute">Mails a minute over the last five minutes.</param>
    /// <param name="Domains">The ten domains (or causes of our own) with the most deferred mails.</param>
    internal sealed record Health(
        int Waiting, int Deferred, bool Capped, DateTimeOffset? OldestDueAt, int Sent, int Failed, double PerMinute, HealthPause? Pause,
        IReadOnlyList<DeferredDomain> Domains);

    /// <param name="Until">Null: until a person lifts it.</param>
    internal sealed record HealthPause(string Reason, string Detail, DateTimeOffset PausedAt, DateTimeOffset? Until);

    /// <param name="Domain">Of the recipients.</param>
    /// <param name="Reason">Class of the commonest answer, or why we hold the mails ourselves (<c>paused</c>, <c>host_down</c>, <c>sender_not_verified</c>).</param>
    /// <param name="Reply">The newest answer of the domain's server, when it gave one.</param>
    internal sealed record DeferredDomain(string Domain, int Mails, string Reason, string? Reply, DateTimeOffset OldestAt, DateTimeOffset NextAt);

    private sealed record Open(int Waiting, int Deferred, int Looked, DateTimeOffset? OldestDueAt);

    private sealed record Recent(int Sent, int Failed, int InFive);

    private static async Task<Health> Handle(CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var open = await Sql.Of($"""
            select count(*) filter (where state <> 'deferred' and next_at <= {now})::integer, count(*) filter (where state = 'deferred')::integer,
                   count(*)::integer, min(next_at) filter (where state <> 'deferred' and next_at <= {now})
            from (select state, next_at from messaging.send where account_id = {account.Id} and next_at is not null limit {MaxOpen}) s
            """).FirstAsync<Open>(work, cancellationToken);
        var recent = await Sql.Of($"""
            select count(*) filter (where state = 'sent')::integer, count(*) filter (where state in ('failed', 'unknown'))::integer,
                   count(*) filter (where state = 'sent' and finished_at > {now.AddMinutes(-5)})::integer
            from (select state, finished_at from messaging.send where account_id = {account.Id} order by id desc limit {MaxRecent}) s
            where finished_at > {now.AddHours(-1)}
            """).FirstAsync<Recent>(work, cancellationToken);
        var pause = await Sql.Of($"""
            select reason, detail, paused_at, until from messaging.pause where account_id = {account.Id} and (until is null or until > {now})
            """).FirstAsync<HealthPause>(work, cancellationToken);
        var domains = await Sql.Of($"""
            select domain, count(*)::integer, mode() within group (order by reason), (array_agg(reply_text order by handoff_at desc nulls last))[1],
                   min(queued_at), min(next_at)
            from (select split_part(coalesce(s.sent_to, s.to_address, c.email), '@', 2) as domain, coalesce(s.reason, '') as reason, s.reply_text, s.handoff_at,
                         s.queued_at, s.next_at
                  from (select * from messaging.send where account_id = {account.Id} and next_at is not null and state = 'deferred' limit {MaxRecent}) s
                  left join contacts.contact c on c.account_id = s.account_id and c.id = s.contact_id) d
            group by domain order by count(*) desc, domain limit {MaxDomains}
            """).ListAsync<DeferredDomain>(work, cancellationToken);
        return new(
            open!.Waiting, open.Deferred, open.Looked == MaxOpen, open.OldestDueAt, recent!.Sent, recent.Failed, Math.Round(recent.InFive / 5.0, 1), pause, domains);
    }
}
