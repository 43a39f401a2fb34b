using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Segments.Contracts;

namespace Millrace.Segments.Saved;

/// <summary>All modules in which segments are used, as one.</summary>
internal sealed class SegmentUses(IServiceProvider services)
{
    // Asked for late: those who use segments use conditions, too.
    private IEnumerable<ISegmentUse> All => services.GetServices<ISegmentUse>();

    public async Task<IReadOnlyList<SegmentPlace>> PlacesAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken)
    {
        var places = new List<SegmentPlace>();
        foreach (var use in All)
        {
            places.AddRange(await use.PlacesAsync(work, accountId, ids, cancellationToken));
        }

        return places;
    }

    public async Task ChangedAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken)
    {
        foreach (var use in All)
        {
            await use.ChangedAsync(work, accountId, ids, cancellationToken);
        }
    }
}

/// <summary>Segments that are made of other segments.</summary>
internal sealed class UsedInSegments(SegmentBook book) : ISegmentUse
{
    public async Task<IReadOnlyList<SegmentPlace>> PlacesAsync(AccountTransaction work, long accountId, long[] segmentIds, CancellationToken cancellationToken)
    {
        var segments = await book.OfAsync(work.Transaction, accountId, cancellationToken);
        return [.. segments.All.SelectMany(s => s.Uses.Intersect(segmentIds).Select(used => new SegmentPlace(used, "segment", s.Id, s.Name, Detail: null, Live: true)))];
    }

    // They are looked up anew whenever they are asked for.
    public Task ChangedAsync(AccountTransaction work, long accountId, long[] segmentIds, CancellationToken cancellationToken) => Task.CompletedTask;
}
