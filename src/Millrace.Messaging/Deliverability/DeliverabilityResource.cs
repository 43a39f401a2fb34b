using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Messaging.Deliverability;

/// <summary><c>/api/app/deliverability</c>: how well mail arrives, by the recipients' domain and by day, with warnings and what to do about them.</summary>
internal sealed class DeliverabilityResource : IEndpoint
{
    private const int MaxDomains = 50;

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapGet("deliverability", Handle).WithName("deliverability").RequirePermission(Permission.ViewMessages);

    /// <summary>Counts of mails.</summary>
    /// <param name="Tried">Taken or refused for good.</param>
    /// <param name="Delivered">Taken and not come back.</param>
    /// <param name="Complained">Reported as spam: of those delivered.</param>
    /// <param name="Deferred">Attempts that were put off; one mail may be put off often.</param>
    internal sealed record Figures(long Tried, long Delivered, long Hard, long Soft, long Block, long Complained, long Deferred);

    internal sealed record DomainFigures(string Domain, Figures Figures);

    internal sealed record DayFigures(DateOnly Day, Figures Figures);

    /// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
    /// <param name="Code"><c>bounces</c>, <c>complaints</c>, <c>blocked</c>, <c>deferrals</c>, <c>domain_unverified</c>, <c>dmarc_missing</c>, <c>spf_missing</c>, <c>return_path_missing</c>, <c>key_old</c>, <c>no_inbound</c>, <c>sender_held</c>.</param>
    /// <param name="Subject">The domain it is about; empty: all mail.</param>
    /// <param name="Share">Of what is measured, 0 to 1; null where nothing is.</param>
    internal sealed record Warning(string Severity, string Code, string Subject, double? Share);

    /// <param name="OtherDomains">How many domains there are beyond the fifty with the most mails.</param>
    internal sealed record Deliverability(
        DateOnly From, DateOnly Until, Figures Total, IReadOnlyList<DayFigures> Days, IReadOnlyList<DomainFigures> Domains, int OtherDomains, IReadOnlyList<Warning> Warnings,
        IReadOnlyList<SenderHold> Holds);

    /// <summary>Mail that waits because a receiving side refuses its sender; single mails probe until one passes.</summary>
    /// <param name="ToDomain">Where it is refused; empty: the server refuses the sender itself, for all recipients.</param>
    /// <param name="Reason"><c>auth_failed</c> (SPF, DKIM or DMARC) or <c>sender_config</c> (the address of the sender).</param>
    /// <param name="Reply">The newest refusal in the server's words, without addresses.</param>
    /// <param name="ProbeAt">When the next mail tries.</param>
    internal sealed record SenderHold(string SenderDomain, string ToDomain, string Reason, string Reply, DateTimeOffset HeldAt, DateTimeOffset ProbeAt);

    private sealed record Row(DateOnly Day, string Domain, string What, long Total);

    /// <param name="days">Days up to today, 1 to 365; 30 unless told.</param>
    /// <param name="domain">Only mail to this domain.</param>
    private static async Task<Deliverability> Handle(
        CurrentAccount account, NpgsqlDataSource database, DeliverabilityWarnings warnings, TimeProvider clock, CancellationToken cancellationToken, int days = 30, string? domain = null)
    {
        if (days is < 1 or > 365)
        {
            throw new InvalidInputException("days", "validation_failed", "From 1 to 365 days.");
        }

        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var from = today.AddDays(1 - days);
        var only = domain?.Trim().ToLowerInvariant();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select day, domain, what, sum(total)::bigint from messaging.domain_tally
            where account_id = {account.Id} and day >= {from} and day <= {today} and ({only} is null or domain = {only}) group by 1, 2, 3
            """).ListAsync<Row>(work, cancellationToken);
        var byDay = rows.GroupBy(r => r.Day).ToDictionary(g => g.Key, g => Sum(g));
        var byDomain = rows.GroupBy(r => r.Domain, StringComparer.Ordinal).Select(g => new DomainFigures(g.Key, Sum(g)))
            .OrderByDescending(d => d.Figures.Tried + d.Figures.Deferred).ThenBy(d => d.Domain, StringComparer.Ordinal).ToList();
        var total = Sum(rows);
        var holds = await Sql.Of($"""
            select sender_domain, to_domain, reason, reply, held_at, probe_at from messaging.sending_hold where account_id = {account.Id} and probe_at > {clock.GetUtcNow().AddDays(-3)} order by held_at, sender_domain, to_domain limit {MaxDomains}
            """).ListAsync<SenderHold>(work, cancellationToken);
        var found = await warnings.FindAsync(work, account.Id, total, byDomain, clock.GetUtcNow(), cancellationToken);
        return new(
            from, today, total, [.. Enumerable.Range(0, days).Select(from.AddDays).Select(d => new DayFigures(d, byDay.GetValueOrDefault(d) ?? Sum([])))],
            [.. byDomain.Take(MaxDomains)], Math.Max(0, byDomain.Count - MaxDomains), [.. holds.Select(h => new Warning("error", "sender_held", h.ToDomain.Length == 0 ? h.SenderDomain : $"{h.SenderDomain} → {h.ToDomain}", null)), .. found], holds);
    }

    private static Figures Sum(IEnumerable<Row> rows)
    {
        var by = rows.GroupBy(r => r.What, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(r => r.Total), StringComparer.Ordinal);
        var (sent, hard, soft, block) = (by.GetValueOrDefault("sent"), by.GetValueOrDefault("hard"), by.GetValueOrDefault("soft"), by.GetValueOrDefault("block"));

        // What was taken and came back later stands under its bounce alone.
        return new(sent + hard + soft + block, sent, hard, soft, block, by.GetValueOrDefault("complained"), by.GetValueOrDefault("deferred"));
    }
}
