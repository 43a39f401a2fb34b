namespace Millrace.Messaging.Links;

/// <summary>
/// The envelope's sender of one mail, so that a bounce says by its address alone whose it is: <c>b+token@return-path</c>. The token is that of
/// the public links, with a purpose of its own, in base32: mail servers may change the case of what stands before the @, and some do.
/// </summary>
internal static class BounceAddress
{
    private const string Prefix = "b+";
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <param name="domain">The return path, where this server takes mail.</param>
    public static string Write(string domain, long accountId, long sendId, TokenKeys keys)
    {
        Span<byte> bytes = stackalloc byte[PublicToken.MaxBytes];
        var length = new PublicToken(TokenPurpose.Bounce, accountId, sendId).WriteBytes(bytes, keys);
        return string.Concat(Prefix, ToBase32(bytes[..length]), "@", domain);
    }

    /// <summary>False for every address that <see cref="Write"/> did not make with one of the keys. The domain is the caller's to check.</summary>
    public static bool TryRead(ReadOnlySpan<char> address, TokenKeys keys, out long accountId, out long sendId)
    {
        (accountId, sendId) = (0, 0);
        var at = address.LastIndexOf('@');
        var local = at < 0 ? address : address[..at];
        if (local.Length > 64 || !local.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[64];
        if (!TryFromBase32(local[Prefix.Length..], bytes, out var length)
            || !PublicToken.TryReadBytes(bytes[..length], TokenPurpose.Bounce, keys, out var token))
        {
            return false;
        }

        (accountId, sendId) = (token.AccountId, token.SendId);
        return true;
    }

    private static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[(bytes.Length * 8 + 4) / 5];
        for (var i = 0; i < text.Length; i++)
        {
            var bit = i * 5;
            var pair = (bytes[bit / 8] << 8) | (bit / 8 + 1 < bytes.Length ? bytes[bit / 8 + 1] : 0);
            text[i] = Alphabet[(pair >> (11 - bit % 8)) & 31];
        }

        return text.ToString();
    }

    private static bool TryFromBase32(ReadOnlySpan<char> text, Span<byte> bytes, out int length)
    {
        length = 0;
        var (held, bits) = (0, 0);
        foreach (var c in text)
        {
            var value = Alphabet.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (value < 0 || length == bytes.Length)
            {
                return false;
            }

            (held, bits) = ((held << 5) | value, bits + 5);
            if (bits >= 8)
            {
                bits -= 8;
                bytes[length++] = (byte)(held >> bits);
                held &= (1 << bits) - 1;
            }
        }

        // Nothing may be left over: one token has one spelling.
        return bits < 5 && held == 0;
    }
}
