using Npgsql;

namespace Millrace.Activities.Contracts;

/// <summary>A background pass over the buckets that this worker leases. Nobody else touches their work, so no row locks are needed and the order per contact is kept.</summary>
public interface IBucketPass
{
    /// <summary>
    /// One bounded batch. Its transaction begins with <see cref="BucketSlice.FenceAsync"/>.
    /// </summary>
    /// <returns>How much was done; zero means idle.</returns>
    Task<int> RunOnceAsync(BucketSlice slice, CancellationToken cancellationToken);
}

/// <summary>Leased buckets with the epoch under which each is held.</summary>
/// <param name="Buckets">Numbers, ascending.</param>
/// <param name="Epochs">In the same order.</param>
/// <param name="Careful">Some lease was taken over from a crashed owner: one item per transaction until that is behind us.</param>
public sealed record BucketSlice(short[] Buckets, long[] Epochs, bool Careful)
{
    public bool IsEmpty => Buckets.Length == 0;

    /// <summary>
    /// The fence: proves in this transaction that the leases are still ours, and keeps a successor waiting until it ends. Renewals are not
    /// held up by it. A plain read would be no fence: a stalled owner could commit after the new owner had taken over.
    /// </summary>
    /// <exception cref="FenceLostException">Another worker has taken over; touch nothing.</exception>
    public async Task FenceAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var held = await Kernel.Data.Sql.Of($"""
            select count(*) from (
                select 1 from activities.bucket_lease l
                join unnest({Buckets}, {Epochs}) as mine (bucket, epoch) on l.bucket = mine.bucket and l.epoch = mine.epoch
                for key share of l) held
            """).FirstAsync<long>(transaction, cancellationToken);
        if (held != Buckets.Length)
        {
            throw new FenceLostException();
        }
    }
}

/// <summary>The lease of a bucket was lost in the middle of a batch. The batch rolls back; the buckets belong to another worker now.</summary>
public sealed class FenceLostException() : Exception("The buckets of this batch belong to another worker now.");
