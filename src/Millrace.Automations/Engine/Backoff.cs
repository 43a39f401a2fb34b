namespace Millrace.Automations.Engine;

/// <summary>When a step that failed is tried again; after the tenth time the run is parked.</summary>
internal static class Backoff
{
    public const int MaxAttempts = 10;

    /// <summary>Deaths of the process on one run after which it is parked.</summary>
    public const int MaxCrashes = 5;

    private static readonly int[] Seconds = [10, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200];

    /// <param name="attempts">Failures so far, from 1.</param>
    /// <returns>The time of the next try, give or take a fifth; null: give up.</returns>
    public static DateTimeOffset? Next(int attempts, DateTimeOffset now) => attempts >= MaxAttempts
        ? null
        : now + TimeSpan.FromSeconds(Seconds[Math.Clamp(attempts - 1, 0, Seconds.Length - 1)] * (0.8 + (0.4 * Random.Shared.NextDouble())));
}
