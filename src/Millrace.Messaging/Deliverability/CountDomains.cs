using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Messaging.Deliverability;

/// <summary>
/// Counts mails taken, bounced and complained about under the recipient's domain and the day on which it happened. A mail that was taken and bounces later is no
/// longer one that was taken. Deferrals are no activities; the ledger counts them itself.
/// </summary>
internal sealed class CountDomains : IReaction
{
    public IReadOnlySet<string> Kinds { get; } = new HashSet<string>(StringComparer.Ordinal) { "email.sent", "email.bounced", "email.complained" };

    public async Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken)
    {
        var facts = batch.Entries.Where(e => e.Data.TryGetProperty("send_id", out _))
            .Select(e => (Send: e.Data.GetProperty("send_id").GetInt64(), What: WhatOf(e), Day: DateOnly.FromDateTime(e.OccurredAt.UtcDateTime))).ToList();
        if (facts.Count == 0)
        {
            return;
        }

        var domains = (await Sql.Of($"""
            select s.id, split_part(lower(coalesce(s.sent_to, c.email, '')), '@', 2), s.state = 'sent'

            from unnest({facts.Select(f => f.Send).Distinct().ToArray()}) as k (id)
            cross join lateral (select id, contact_id, sent_to, state from messaging.send where account_id = {batch.AccountId} and id = k.id and source_kind <> 'test' limit 1) s
            left join lateral (select email from contacts.contact where account_id = {batch.AccountId} and id = s.contact_id limit 1) c on s.sent_to is null
            """).ListAsync<SendDomain>(batch.Transaction, cancellationToken)).ToDictionary(d => d.Id);
        await DomainTally.AddAsync(
            batch.Transaction, batch.AccountId,
            [.. facts.Where(f => domains.GetValueOrDefault(f.Send) is { Domain.Length: > 0 }).SelectMany(f => Counts(f.Day, f.What, domains[f.Send]))],
            cancellationToken);
    }

    private static IEnumerable<(DateOnly Day, string Domain, string What, long Total)> Counts(DateOnly day, string what, SendDomain send)
    {
        yield return (day, send.Domain, what, 1);
        if (send.WasTaken && what is ("hard" or "soft" or "block"))
        {
            yield return (day, send.Domain, "sent", -1);
        }
    }

    private static string WhatOf(ActivityEntry entry) => entry.Kind switch
    {
        "email.sent" => "sent",
        "email.complained" => "complained",
        _ => entry.Data.TryGetProperty("type", out var type) && type.GetString() is { } known ? known
            : entry.Data.TryGetProperty("hard", out var hard) && hard.GetBoolean() ? "hard" : "soft",
    };

    private sealed record SendDomain(long Id, string Domain, bool WasTaken);
}
