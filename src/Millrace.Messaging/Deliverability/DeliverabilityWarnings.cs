using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Json;
using Millrace.Messaging.Inbound;
using Millrace.Messaging.Senders.Checks;
using static Millrace.Messaging.Deliverability.DeliverabilityResource;

namespace Millrace.Messaging.Deliverability;

/// <summary>
/// What stands out, measured against what receivers put up with: of bounces 2 % is a warning and 5 % a danger, of complaints 0.08 % and 0.2 %. Fewer than two hundred
/// mails say nothing.
/// </summary>
internal sealed class DeliverabilityWarnings(InboundRecipients inbound)
{
    private const long Least = 200;
    private const long LeastOfDomain = 50;

    private sealed record Sender(string Domain, DomainState State, bool HasReturnPath, DateTimeOffset? KeyMadeAt, bool IsRotating, JsonElement Checks);

    public async Task<IReadOnlyList<Warning>> FindAsync(
        AccountTransaction work, long accountId, Figures total, IReadOnlyList<DomainFigures> domains, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var senders = await Sql.Of($"""
            select domain, state, return_path_ok, key_made_at, next_selector is not null, checks from messaging.sender_domain where account_id = {accountId} order by domain
            """).ListAsync<Sender>(work, cancellationToken);
        List<Warning> found = [.. OfFigures(total, domains), .. senders.SelectMany(s => OfSender(s, now))];
        if (inbound.Host is null && total.Tried > 0)
        {
            found.Add(new("warning", "no_inbound", "", null));
        }

        return [.. found.OrderBy(w => w.Severity, StringComparer.Ordinal)];
    }

    /// <summary>Pure: the rates alone.</summary>
    internal static IEnumerable<Warning> OfFigures(Figures total, IReadOnlyList<DomainFigures> domains)
    {
        if (total.Tried >= Least)
        {
            var bounces = Share(total.Hard + total.Soft, total.Tried);
            if (bounces >= .02)
            {
                yield return new(bounces >= .05 ? "error" : "warning", "bounces", "", bounces);
            }

            var complaints = Share(total.Complained, total.Delivered);
            if (complaints >= .0008)
            {
                yield return new(complaints >= .002 ? "error" : "warning", "complaints", "", complaints);
            }
        }

        foreach (var (domain, figures) in domains.Where(d => d.Figures.Tried >= LeastOfDomain))
        {
            var blocked = Share(figures.Block, figures.Tried);
            if (blocked >= .05)
            {
                yield return new(blocked >= .2 ? "error" : "warning", "blocked", domain, blocked);
            }

            var deferred = Share(figures.Deferred, figures.Tried + figures.Deferred);
            if (deferred >= .3)
            {
                yield return new("warning", "deferrals", domain, deferred);
            }
        }
    }

    private static IEnumerable<Warning> OfSender(Sender sender, DateTimeOffset now)
    {
        if (sender.State != DomainState.Verified)
        {
            yield return new("error", "domain_unverified", sender.Domain, null);
            yield break;
        }

        var checks = sender.Checks.Deserialize<List<RecordCheck>>(AppJson.Options) ?? [];
        if (checks.Exists(c => c is { Purpose: RecordPurpose.Dmarc, State: RecordState.Missing or RecordState.Wrong }))
        {
            yield return new("warning", "dmarc_missing", sender.Domain, null);
        }

        if (checks.Exists(c => c is { Purpose: RecordPurpose.Spf, State: RecordState.Missing or RecordState.Wrong }))
        {
            yield return new("warning", "spf_missing", sender.Domain, null);
        }

        if (!sender.HasReturnPath)
        {
            yield return new("warning", "return_path_missing", sender.Domain, null);
        }

        if (sender.KeyMadeAt < now.AddDays(-365) && !sender.IsRotating)
        {
            yield return new("warning", "key_old", sender.Domain, null);
        }
    }

    private static double Share(long part, long of) => of <= 0 ? 0 : Math.Round((double)part / of, 5);
}
