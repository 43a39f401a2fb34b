namespace Millrace.Messaging.Campaigns.Timing;

/// <summary>
/// Chance that falls the same way each time it is asked: of a campaign, a contact and a purpose. So a batch that is repeated after a crash decides as before.
/// </summary>
internal static class Lot
{
    /// <returns>0 or more, less than 1.</returns>
    public static double Draw(long campaignId, long contactId, ulong purpose) => (Mix(campaignId, contactId, purpose) >> 11) * (1.0 / (1UL << 53));

    // SplitMix64: every bit of the input moves every bit of the outcome.
    private static ulong Mix(long campaignId, long contactId, ulong purpose)
    {
        unchecked
        {
            var x = Finish((ulong)campaignId + (0x9E3779B97F4A7C15UL * (purpose + 1)));
            return Finish(x ^ ((ulong)contactId * 0xD1342543DE82EF95UL));
        }
    }

    private static ulong Finish(ulong x)
    {
        unchecked
        {
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
            return x ^ (x >> 31);
        }
    }
}
