using Millrace.Kernel.Data;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Suppression;

/// <summary>Why an address is not mailed, the weightiest last.</summary>
internal enum SuppressionReason
{
    Soft = 1,
    Manual = 2,
    Hard = 3,
    Unsubscribe = 4,
    Complaint = 5,
}

/// <summary>Writes and lifts suppressions. A lower reason never replaces a higher one.</summary>
internal static class SuppressionBook
{
    /// <summary>How long three soft bounces count.</summary>
    public static readonly TimeSpan SoftTerm = TimeSpan.FromDays(90);

    /// <summary>Suppresses addresses from the commit on: no hand-over can slip in between.</summary>
    public static async Task AddAsync(
        NpgsqlTransaction transaction, long accountId, string[] addresses, SuppressionReason reason, long? sendId, string detail, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await SendGate.CloseAsync(transaction, accountId, cancellationToken);
        await WriteAsync(transaction, accountId, addresses, reason, sendId, detail, now, cancellationToken);
    }

    /// <summary>The same for the ledger, whose own transaction already holds the shared side of the gate.</summary>
    /// <returns>How many addresses are stopped for a weightier reason than before.</returns>
    public static Task<int> WriteAsync(
        NpgsqlTransaction transaction, long accountId, string[] addresses, SuppressionReason reason, long? sendId, string detail, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        DateTimeOffset? until = reason == SuppressionReason.Soft ? now + SoftTerm : null;
        return Sql.Of($"""
            insert into messaging.suppression as p (account_id, address, reason, rank, until, send_id, detail, suppressed_at)
            select distinct on (lower(a)) {accountId}, lower(a), {reason}, {(short)reason}, {until}, {sendId}, {detail}, {now} from unnest({addresses}) a
            on conflict (account_id, address) do update
            set reason = excluded.reason, rank = excluded.rank, until = excluded.until, send_id = excluded.send_id, detail = excluded.detail,
                suppressed_at = excluded.suppressed_at
            where excluded.rank > p.rank or (p.until is not null and p.until <= excluded.suppressed_at)
            """).ExecuteAsync(transaction, cancellationToken);
    }
}
