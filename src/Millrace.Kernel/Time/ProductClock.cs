using System.Diagnostics;

namespace Millrace.Kernel.Time;

/// <summary>
/// The time of the product: the database's clock, carried by the monotonic clock between two readings, plus the virtual offset of tests.
/// A host whose wall clock jumps changes nothing. Leases do not use it: they compare the database's own <c>now()</c>.
/// </summary>
public sealed class ProductClock : TimeProvider
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private DateTimeOffset _read;
    private long _readAt;

    public ProductClock()
    {
        // Until the first reading of the database there is only the host's clock.
        _read = System.GetUtcNow();
        _readAt = Stopwatch.GetTimestamp();
    }

    /// <summary>False when the database has not been heard for 30 s: then no timer may fire and nothing may be claimed.</summary>
    public bool IsTrusted
    {
        get
        {
            lock (_gate)
            {
                return Stopwatch.GetElapsedTime(_readAt) < MaxAge;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        if (Simulation.Current is { } simulation)
        {
            return simulation.Now;
        }

        lock (_gate)
        {
            return _read + Stopwatch.GetElapsedTime(_readAt);
        }
    }

    /// <summary>Takes a reading: the database's time with the virtual offset already added.</summary>
    public void Synchronise(DateTimeOffset now)
    {
        lock (_gate)
        {
            _read = now;
            _readAt = Stopwatch.GetTimestamp();
        }
    }
}
