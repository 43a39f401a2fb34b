namespace Millrace.Messaging.Links;

/// <summary>
/// The envelope's sender of one mail, so that a bounce says by its address alone whose it is: <c>b+token@return-path</c>.
/// </summary>
internal static class BounceAddress
{
    /// <param name="domain">The return path, where this server takes mail.</param>
    public static string Write(string domain, long accountId, long sendId, TokenKeys keys) =>
        TokenAddress.Write(TokenPurpose.Bounce, domain, accountId, sendId, keys);

    /// <summary>False for every address that <see cref="Write"/> did not make with one of the keys. The domain is the caller's to check.</summary>
    public static bool TryRead(ReadOnlySpan<char> address, TokenKeys keys, out long accountId, out long sendId)
    {
        var read = TokenAddress.TryRead(address, keys, out var token) && token.Purpose == TokenPurpose.Bounce;
        (accountId, sendId) = read ? (token.AccountId, token.SendId) : (0, 0);
        return read;
    }
}

/// <summary>
/// Addresses of ours that say by themselves what they belong to: a letter for the purpose, then the signed token in base32, since mail servers may change the
/// case of what stands before the @, and some do.
/// </summary>
internal static class TokenAddress
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly (char Letter, TokenPurpose Purpose)[] Letters = [('b', TokenPurpose.Bounce), ('r', TokenPurpose.Reply), ('f', TokenPurpose.Feedback)];

    public static string Write(TokenPurpose purpose, string domain, long accountId, long sendId, TokenKeys keys)
    {
        Span<byte> bytes = stackalloc byte[PublicToken.MaxBytes];
        var length = new PublicToken(purpose, accountId, sendId).WriteBytes(bytes, keys);
        return string.Concat(Array.Find(Letters, l => l.Purpose == purpose).Letter.ToString(), "+", ToBase32(bytes[..length]), "@" + domain);
    }

    /// <summary>False for every address that <see cref="Write"/> did not make with one of the keys, for the purpose that its letter says.</summary>
    public static bool TryRead(ReadOnlySpan<char> address, TokenKeys keys, out PublicToken token)
    {
        token = default;
        var at = address.LastIndexOf('@');
        var local = at < 0 ? address : address[..at];
        if (local.Length is < 3 or > 64 || local[1] != '+' || PurposeOf(local[0]) is not { } purpose)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[64];
        return TryFromBase32(local[2..], bytes, out var length) && PublicToken.TryReadBytes(bytes[..length], purpose, keys, out token);
    }

    /// <summary>What an address claims to be for by its first letter, whether or not its token holds.</summary>
    public static TokenPurpose? Claimed(string address) => address.Length > 2 && address[1] == '+' ? PurposeOf(address[0]) : null;

    private static TokenPurpose? PurposeOf(char letter)
    {
        var found = Array.Find(Letters, l => l.Letter == char.ToLowerInvariant(letter));
        return found.Letter == 0 ? null : found.Purpose;
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
