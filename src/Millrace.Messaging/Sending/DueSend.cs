using Millrace.Kernel.Data;
using Millrace.Messaging.Campaigns;
using Millrace.Messaging.Contracts;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>States of a send; which may follow which stands in the ledger's statements.</summary>
internal enum SendState
{
    Queued,
    Handoff,
    Ambiguous,
    Deferred,
    Sent,
    Failed,
    Suppressed,
    Cancelled,
    Unknown,
}

/// <summary>A due row of the ledger with what is known of its recipient.</summary>
/// <param name="LastClass">Class of the last attempt's reply; null before the first.</param>
/// <param name="Refusal">Why it may not go; null when it may.</param>
/// <param name="Campaign">State of the campaign it belongs to; null: it is of none.</param>
internal sealed record DueSend(
    long AccountId, long Id, short Bucket, short Lane, long ContactId, long MessageId, long VersionId, SendSourceKind SourceKind, long? AutomationId,
    string? StepKey, long[]? ListIds, string? ToAddress, SendState State, short Attempts, short Ambiguities, DateTimeOffset QueuedAt, string? LastClass, string? Refusal,
    string? Email, string? FirstName, string? LastName, string? Phone, string? IpAddress, string? TimeZone, CampaignStatus? Campaign = null,
    long SourceId = 0, short RecipientNo = 0)
{
    public SendKey Key => new(AccountId, Id);

    /// <summary>Where it goes.</summary>
    public string Address => ToAddress ?? Email!;

    /// <summary>
    /// The most urgent rows of these buckets, <paramref name="perBucket"/> of each at most: lane by lane, so that a million bulk mails
    /// in front do not hide one that somebody waits for. Rows already in this process's hands are left out.
    /// </summary>
    public static Task<List<DueSend>> ListAsync(
        NpgsqlTransaction transaction, short[] buckets, IReadOnlyCollection<SendKey> inHand, DateTimeOffset now, int perBucket, int limit,
        CancellationToken cancellationToken) => Sql.Of($"""
        select s.account_id, s.id, s.bucket, s.lane, s.contact_id, s.message_id, s.message_version_id, s.source_kind, s.automation_id, s.step_key,
               s.list_ids, s.to_address, s.state, s.attempts, s.ambiguities, s.queued_at, s.reason, {SendGate.ReasonOfSend},
               c.email, c.first_name, c.last_name, c.phone, c.ip_address, c.time_zone,
               case when s.source_kind = 'campaign' then (select k.status from messaging.campaign k where k.account_id = s.account_id and k.id = s.source_id) end,
               s.source_id, s.recipient_no
        from (select d.* from unnest({new short[] { 1, 2, 3 }}) as lanes (lane)
              cross join unnest({buckets}) as mine (bucket)
              cross join lateral (
                  select s.* from messaging.send s
                  where s.bucket = mine.bucket and s.lane = lanes.lane and s.next_at is not null and s.next_at <= {now}
                    and s.id not in (select h from unnest({inHand.Select(k => k.SendId).ToArray()}) h)
                  order by s.next_at, s.id limit {perBucket}) d
              order by lanes.lane, d.next_at, d.id limit {limit}) s
        {SendGate.Joins(now)}
        order by s.lane, s.next_at, s.id
        """).ListAsync<DueSend>(transaction, cancellationToken);
}

/// <summary>Identity of a send.</summary>
internal readonly record struct SendKey(long AccountId, long SendId);
