using System.Collections.Concurrent;

namespace Millrace.Activities.Contracts;

/// <summary>
/// After a crash the new owner of a bucket takes its work one by one, for an item among it may be what killed the process. Twenty items that
/// pass, or nothing left to do, put that behind us. Each pass has one of its own.
/// </summary>
public sealed class CarefulStart
{
    /// <summary>Items that must pass.</summary>
    public const int Items = 20;

    private readonly ConcurrentDictionary<(short Bucket, long Epoch), int> _passed = new();

    public bool AppliesTo(BucketSlice slice) => slice.Careful && slice.Buckets.Zip(slice.Epochs).Any(b => _passed.GetValueOrDefault(b) < Items);

    /// <param name="items">How many were done and did no harm.</param>
    /// <param name="wereAll">Nothing is left of what waited when the bucket was taken over.</param>
    public void Passed(BucketSlice slice, int items, bool wereAll)
    {
        var credit = wereAll ? Items : items;
        foreach (var bucket in slice.Buckets.Zip(slice.Epochs))
        {
            _passed.AddOrUpdate(bucket, credit, (_, before) => Math.Min(Items, before + credit));
        }
    }
}
