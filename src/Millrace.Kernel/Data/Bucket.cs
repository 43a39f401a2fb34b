namespace Millrace.Kernel.Data;

/// <summary>
/// Work is spread over 256 buckets by contact, so that one worker at a time works on a contact and its order is kept.
/// The same formula as the SQL function <c>kernel.bucket_of</c>; contact ids are consecutive, so a plain remainder spreads them evenly.
/// </summary>
public static class Bucket
{
    public const int Count = 256;

    /// <param name="accountId">The tenant.</param>
    /// <param name="contactId">The contact, or 0 for work that concerns none.</param>
    public static short Of(long accountId, long contactId) => (short)(((accountId * 97) + contactId) & (Count - 1));
}
