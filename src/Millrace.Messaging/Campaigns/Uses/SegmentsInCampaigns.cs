using Millrace.Kernel.Data;
using Millrace.Segments.Contracts;

namespace Millrace.Messaging.Campaigns.Uses;

/// <summary>Which campaigns are for a segment, or leave one out. Those that are over use nothing any more.</summary>
internal sealed class SegmentsInCampaigns : ISegmentUse
{
    public async Task<IReadOnlyList<SegmentPlace>> PlacesAsync(AccountTransaction work, long accountId, long[] segmentIds, CancellationToken cancellationToken) =>
        await Sql.Of($"""
            select k.segment, 'campaign', k.id, k.name, k.detail, k.status in ('scheduled', 'sending', 'paused') from (
                select segment_id as segment, id, name, 'audience' as detail, status from messaging.campaign where account_id = {accountId} and segment_id = any ({segmentIds})
                union all
                select exclude_segment_id, id, name, 'left out', status from messaging.campaign where account_id = {accountId} and exclude_segment_id = any ({segmentIds})) k
            where k.status not in ('completed', 'stopped') order by k.name, k.id
            """).ListAsync<SegmentPlace>(work, cancellationToken);

    // An audience is asked for anew in each batch.
    public Task ChangedAsync(AccountTransaction work, long accountId, long[] segmentIds, CancellationToken cancellationToken) => Task.CompletedTask;
}
