namespace Millrace.Mail.Smtp;

/// <summary>When a deferred message is tried again. Jitter of 20 % either way keeps retries from marching in step.</summary>
public sealed class RetrySchedule
{
    private readonly TimeSpan[] _delays;

    private RetrySchedule(TimeSpan giveUpAfter, params TimeSpan[] delays) => (GiveUpAfter, _delays) = (giveUpAfter, delays);

    /// <summary>5 m, 15 m, 30 m, 1 h, 2 h, then every 4 h, for 72 h.</summary>
    public static RetrySchedule Bulk { get; } = new(Hours(72), Minutes(5), Minutes(15), Minutes(30), Hours(1), Hours(2), Hours(4));

    /// <summary>1 m, 2 m, 5 m, 15 m, 30 m, then every hour, for 24 h.</summary>
    public static RetrySchedule Transactional { get; } = new(Hours(24), Minutes(1), Minutes(2), Minutes(5), Minutes(15), Minutes(30), Hours(1));

    /// <summary>10 s, 30 s, 1 m, 2 m, 5 m, within 10 minutes.</summary>
    public static RetrySchedule OneTimeCode { get; } =
        new(Minutes(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), Minutes(1), Minutes(2), Minutes(5));

    public TimeSpan GiveUpAfter { get; }

    /// <param name="attempt">Failed attempts so far, from 1.</param>
    /// <param name="queuedAt">When the message was first due.</param>
    /// <param name="atLeast">A verdict's delay; it wins when longer, up to 24 hours.</param>
    /// <returns>When to try again; null when that would be later than <see cref="GiveUpAfter"/> allows.</returns>
    public DateTimeOffset? Next(int attempt, DateTimeOffset queuedAt, DateTimeOffset now, Random random, TimeSpan? atLeast = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        var delay = _delays[Math.Min(attempt, _delays.Length) - 1];
        if (atLeast > delay)
        {
            delay = atLeast.Value < Hours(24) ? atLeast.Value : Hours(24);
        }

        var next = now + (delay * (0.8 + (0.4 * random.NextDouble())));
        return next - queuedAt > GiveUpAfter ? null : next;
    }

    private static TimeSpan Minutes(int n) => TimeSpan.FromMinutes(n);

    private static TimeSpan Hours(int n) => TimeSpan.FromHours(n);
}
