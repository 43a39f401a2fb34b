namespace Millrace.Kernel.Postgres;

internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <returns>False when <paramref name="patience"/> ran out first.</returns>
    public static async Task<bool> TrueAsync(Func<bool> condition, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        for (var begin = clock.GetTimestamp(); !condition();)
        {
            if (clock.GetElapsedTime(begin) > patience)
            {
                return false;
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }

        return true;
    }
}
