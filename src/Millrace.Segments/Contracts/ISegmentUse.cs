using Millrace.Kernel.Data;

namespace Millrace.Segments.Contracts;

/// <summary>A module in which saved segments are used: it can say where, and is told when one has changed.</summary>
public interface ISegmentUse
{
    /// <summary>The places that name one of the segments, each once per segment.</summary>
    Task<IReadOnlyList<SegmentPlace>> PlacesAsync(AccountTransaction work, long accountId, long[] segmentIds, CancellationToken cancellationToken);

    /// <summary>The trees of these segments, or of segments they are made of, are different from now on. In the transaction of the change.</summary>
    Task ChangedAsync(AccountTransaction work, long accountId, long[] segmentIds, CancellationToken cancellationToken);
}

/// <summary>Where a segment is used.</summary>
/// <param name="Kind">What it is: <c>segment</c>, <c>automation</c>, <c>campaign</c> ...</param>
/// <param name="Id">Its number.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Detail">Where in it, for people: <c>trigger</c>, <c>If / else</c>; null when that needs no saying.</param>
/// <param name="Live">It works with the segment at this moment: an active automation, a scheduled campaign.</param>
public sealed record SegmentPlace(long SegmentId, string Kind, long Id, string Name, string? Detail, bool Live);
