using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Messaging.Campaigns.Running;

/// <summary>A mail of a campaign that is to be.</summary>
/// <param name="VisitNo">0; of a date campaign the day it stands for.</param>
/// <param name="Waits">For the winner of a test: it is not due until one is chosen.</param>
internal sealed record CampaignSend(long ContactId, CampaignVariant Variant, DateTimeOffset At, int VisitNo = 0, bool Waits = false);

/// <summary>The rows of a campaign in the ledger.</summary>
internal static class CampaignSends
{
    /// <summary>Reasons of rows that are held; each is let go by the campaign alone.</summary>
    public const string Paused = "campaign_paused";
    public const string WaitsForWinner = "waits_for_winner";
    public const string Stopped = "campaign_stopped";

    /// <summary>When something that waits for a person is looked at again: never, in the life of this product.</summary>
    public static readonly DateTimeOffset Never = new(2999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    private const int SweepSize = 5_000;

    /// <summary>Puts them into the ledger; those that are there already stay as they are.</summary>
    /// <returns>How many are new.</returns>
    public static Task<int> QueueAsync(
        NpgsqlTransaction transaction, Campaign campaign, IReadOnlyList<CampaignSend> sends, DateTimeOffset now, CancellationToken cancellationToken) => sends.Count == 0
        ? Task.FromResult(0)
        : Sql.Of($"""
        insert into messaging.send (account_id, bucket, lane, contact_id, message_id, message_version_id, source_kind, source_id, visit_no, list_ids, state, reason,
            queued_at, next_at)
        select {campaign.AccountId}, kernel.bucket_of({campaign.AccountId}, r.contact_id), 3, r.contact_id, r.message_id, r.version_id, 'campaign', {campaign.Id},
               r.visit_no, {campaign.ListIds}, case when r.waits then 'deferred' else 'queued' end, case when r.waits then {WaitsForWinner} end, {now}, r.next_at
        from unnest({sends.Select(s => s.ContactId).ToArray()}, {sends.Select(s => s.Variant.MessageId).ToArray()}, {sends.Select(s => s.Variant.VersionId!.Value).ToArray()},
                    {sends.Select(s => s.VisitNo).ToArray()}, {sends.Select(s => s.Waits).ToArray()}, {sends.Select(s => s.Waits ? Never : s.At).ToArray()})
             as r (contact_id, message_id, version_id, visit_no, waits, next_at)
        order by r.contact_id, r.visit_no
        on conflict do nothing
        """).ExecuteAsync(transaction, cancellationToken);

    /// <summary>Brings the next rows in line with a campaign that was stopped.</summary>
    /// <returns>The last contact looked at; null: there is none left.</returns>
    public static Task<long?> CancelAsync(NpgsqlTransaction transaction, Campaign campaign, long after, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        with b as materialized ({Next(campaign, after)}),
        changed as (
            update messaging.send s set state = 'cancelled', next_at = null, finished_at = {now}, reason = {Stopped}
            from b where s.account_id = {campaign.AccountId} and s.id = b.id and s.state in ('queued', 'deferred') and b.open
            returning 1)
        select max(contact_id) from b
        """).FirstAsync<long?>(transaction, cancellationToken);

    /// <summary>Lets the next rows go that were held while the campaign was paused.</summary>
    /// <inheritdoc cref="CancelAsync"/>
    public static Task<long?> WakeAsync(NpgsqlTransaction transaction, Campaign campaign, long after, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        with b as materialized ({Next(campaign, after)}),
        changed as (
            update messaging.send s set state = 'queued', next_at = {now}, reason = null
            from b where s.account_id = {campaign.AccountId} and s.id = b.id and s.state = 'deferred' and s.reason = {Paused} and b.open
            returning 1)
        select max(contact_id) from b
        """).FirstAsync<long?>(transaction, cancellationToken);

    /// <summary>The next of those who wait for the winner, with what is needed to say when each gets it.</summary>
    public static Task<List<WaitingSend>> WaitingAsync(NpgsqlTransaction transaction, Campaign campaign, long after, CancellationToken cancellationToken) => Sql.Of($"""
        select b.id, b.contact_id, coalesce(b.open and b.reason = {WaitsForWinner}, false), c.time_zone, h.hour
        from ({Next(campaign, after)}) b
        left join contacts.contact c on c.account_id = {campaign.AccountId} and c.id = b.contact_id
        left join messaging.best_hour h on h.account_id = {campaign.AccountId} and h.contact_id = b.contact_id
        order by b.contact_id
        """).ListAsync<WaitingSend>(transaction, cancellationToken);

    public static Task<int> ReleaseAsync(
        NpgsqlTransaction transaction, Campaign campaign, CampaignVariant winner, IReadOnlyList<(long SendId, DateTimeOffset At)> sends, CancellationToken cancellationToken) => Sql.Of($"""
        update messaging.send s
        set state = 'queued', reason = null, next_at = r.next_at, message_id = {winner.MessageId}, message_version_id = {winner.VersionId!.Value}
        from unnest({sends.Select(s => s.SendId).ToArray()}, {sends.Select(s => s.At).ToArray()}) as r (id, next_at)
        where s.account_id = {campaign.AccountId} and s.id = r.id and s.state = 'deferred' and s.reason = {WaitsForWinner}
        """).ExecuteAsync(transaction, cancellationToken);

    /// <summary>How many of a campaign's mails are in which state. Served by the key of the ledger.</summary>
    public static Task<List<StateCount>> CountAsync(NpgsqlTransaction transaction, long accountId, long campaignId, CancellationToken cancellationToken) => Sql.Of($"""
        select state, count(*) from messaging.send
        where account_id = {accountId} and source_kind = 'campaign' and source_id = {campaignId} group by state order by state
        """).ListAsync<StateCount>(transaction, cancellationToken);

    // Down the ledger's key, so that each look costs its own rows and not the whole campaign; all mails of the last contact together.
    private static Sql Next(Campaign campaign, long after) => Sql.Of($"""
        select id, contact_id, reason, next_at is not null as open from messaging.send
        where account_id = {campaign.AccountId} and source_kind = 'campaign' and source_id = {campaign.Id} and contact_id > {after}
        order by contact_id fetch first {SweepSize} rows with ties
        """);
}

internal sealed record StateCount(string State, long Count);

internal sealed record WaitingSend(long SendId, long ContactId, bool Waits, string? TimeZone, short? BestHour);
