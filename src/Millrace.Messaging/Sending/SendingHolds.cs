using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>What a refusal was for: then all mail of its kind would be refused as well.</summary>
internal enum HoldScope
{
    None,

    /// <summary>The sender's domain (SPF, DKIM, DMARC), at the recipients' domain.</summary>
    Domain,

    /// <summary>The sender itself (refused at MAIL), by the server that was asked.</summary>
    Route,
}

/// <summary>
/// Holds up what a receiving side refuses for its sender. While a hold stands, one mail at a time probes: after five minutes, then after twice as long each time,
/// an hour at most. The first that passes ends the hold, and what waited goes at once. The hand-over asks too, so mails that are already in memory wait as well.
/// </summary>
internal sealed class SendingHolds
{
    /// <summary>Reason of a send that waits only for its hold.</summary>
    public const string Held = "sender_held";
    private const int MaxReply = 300;
    private const int MaxReleased = 10_000;
    private static readonly TimeSpan FirstProbe = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly ILookup<(long AccountId, string SenderDomain), Hold> _holds;

    private SendingHolds(IEnumerable<Hold> holds) => _holds = holds.ToLookup(h => (h.AccountId, h.SenderDomain));

    public static async Task<SendingHolds> LoadAsync(NpgsqlTransaction transaction, long[] accountIds, CancellationToken cancellationToken) => new(await Sql.Of($"""
        select account_id, sender_domain, to_domain, server_id, probe_at, probe_send_id from messaging.sending_hold where account_id = any ({accountIds})
        """).ListAsync<Hold>(transaction, cancellationToken));

    /// <summary>Null: it may go. Otherwise when to look again.</summary>
    /// <remarks>A mail whose time to probe has come takes that place in the database, where no other can have it any more.</remarks>
    public async Task<DateTimeOffset?> WaitAsync(
        NpgsqlTransaction transaction, DueSend send, string senderDomain, string toDomain, long serverId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var hold in _holds[(send.AccountId, senderDomain)].Where(h => h.Covers(toDomain, serverId) && h.ProbeSendId != send.Id))
        {
            if (hold.ProbeAt > now || hold.IsTaken)
            {
                return Later(hold.ProbeAt > now ? hold.ProbeAt : now + FirstProbe, send);
            }

            hold.IsTaken = true;
            var taken = await Sql.Of($"""
                update messaging.sending_hold set probe_send_id = {send.Id}, probe_at = {now + FirstProbe}
                where account_id = {hold.AccountId} and sender_domain = {hold.SenderDomain} and to_domain = {hold.ToDomain} and server_id = {hold.ServerId} and probe_at <= {now}
                """).ExecuteAsync(transaction, cancellationToken);
            if (taken == 0)
            {
                return Later(now + FirstProbe, send);
            }

            hold.ProbeSendId = send.Id;
        }

        return null;
    }

    public bool IsProbe(DueSend send, string senderDomain) => _holds[(send.AccountId, senderDomain)].Any(h => h.ProbeSendId == send.Id);

    /// <summary>Follows rows <c>g</c> with account_id, id, sender_domain, to_domain and server_id: whether a hold forbids the hand-over.</summary>
    public static readonly Sql Forbids = Sql.Of($"""
        exists (select 1 from messaging.sending_hold h
                where h.account_id = g.account_id and h.sender_domain = g.sender_domain and h.to_domain in ('', g.to_domain) and h.server_id in (-1, g.server_id)
                  and h.probe_send_id is distinct from g.id)
        """);

    /// <summary>Begins holds, puts off the next probe of those that stand, ends those whose probe has passed.</summary>
    public static async Task WriteAsync(AccountTransaction work, long accountId, IReadOnlyList<SendResult> results, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var group in results.Where(r => r.Holds != HoldScope.None).GroupBy(r => KeyOf(r)).OrderBy(g => g.Key))
        {
            var ((sender, to, server), last) = (group.Key, group.Last());
            await Sql.Of($"""
                insert into messaging.sending_hold as h (account_id, sender_domain, to_domain, server_id, reason, reply, held_at, probe_at)
                values ({accountId}, {sender}, {to}, {server}, {last.Class}, {Shown(last.Reply?.ToString())}, {now}, {now + FirstProbe})
                on conflict (account_id, sender_domain, to_domain, server_id) do update
                set reply = excluded.reply, probe_send_id = null,
                    -- Only a probe counts: what was under way when the hold began says nothing new.
                    failures = h.failures + case when h.probe_send_id = any ({group.Select(r => r.Parcel.Send.Id).ToArray()}) then 1 else 0 end,
                    probe_at = case when h.probe_send_id = any ({group.Select(r => r.Parcel.Send.Id).ToArray()})
                        then {now} + least({LongestWait}, {FirstProbe} * power(2, least(h.failures, 10))) else greatest(h.probe_at, excluded.probe_at) end
                where h.probe_send_id is null or h.probe_send_id = any ({group.Select(r => r.Parcel.Send.Id).ToArray()})
                """).ExecuteAsync(work, cancellationToken);
        }

        var passed = results.Where(r => r.Parcel.IsProbe && r.Passed).ToList();
        if (passed.Count > 0)
        {
            await ReleaseAsync(work, accountId, passed, now, cancellationToken);
        }
    }

    /// <summary>Words of a server without the addresses in them: they are shown long after the mail, and to everybody who sees the page.</summary>
    internal static string Shown(string? reply)
    {
        var text = string.Join(' ', (reply ?? "").Split(' ').Select(w => w.Contains('@', StringComparison.Ordinal) ? "…" : w));
        return StorableText.Cut(text, MaxReply);
    }

    private static async Task ReleaseAsync(AccountTransaction work, long accountId, List<SendResult> passed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // MAIL was taken: that is all a hold of the route wants to know. One for its signature must be taken whole.
        var ended = await Sql.Of($"""
            delete from messaging.sending_hold h using unnest({passed.Select(r => r.Parcel.Send.Id).ToArray()}, {passed.Select(r => r.State == SendState.Sent).ToArray()}) as p (id, whole)
            where h.account_id = {accountId} and h.probe_send_id = p.id and (p.whole or h.reason = 'sender_config')
            """).ExecuteAsync(work, cancellationToken);
        if (ended > 0)
        {
            // Those that another hold still stops are put off again by the next claim. The rest of very many comes at its own time, within the hour.
            await Sql.Of($"""
                update messaging.send s set next_at = {now}
                from (select id from messaging.send where account_id = {accountId} and next_at > {now} and state = 'deferred' and reason = {Held} limit {MaxReleased}) w
                where s.account_id = {accountId} and s.id = w.id
                """).ExecuteAsync(work, cancellationToken);
        }
    }

    private static (string Sender, string To, long Server) KeyOf(SendResult result) =>
        result.Holds == HoldScope.Route ? (result.Parcel.SenderDomain, "", result.Parcel.ServerId) : (result.Parcel.SenderDomain, result.Parcel.Domain, -1);

    /// <summary>Not all in one second.</summary>
    private static DateTimeOffset Later(DateTimeOffset at, DueSend send) => at.AddMilliseconds(send.Id % 10_000);

    private sealed record Hold(long AccountId, string SenderDomain, string ToDomain, long ServerId, DateTimeOffset ProbeAt, long? ProbeSendId)
    {
        public long? ProbeSendId { get; set; } = ProbeSendId;

        /// <summary>By another mail of the same batch.</summary>
        public bool IsTaken { get; set; }

        public bool Covers(string toDomain, long serverId) =>
            (ToDomain.Length == 0 || string.Equals(ToDomain, toDomain, StringComparison.Ordinal)) && (ServerId == -1 || ServerId == serverId);
    }
}
