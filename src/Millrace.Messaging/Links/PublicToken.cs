using System.Buffers.Text;
using System.Security.Cryptography;

namespace Millrace.Messaging.Links;

/// <summary>What a public token opens. Numbers stand in mails already sent: never change one.</summary>
internal enum TokenPurpose : byte
{
    Click = 1,
    Open = 2,
    Unsubscribe = 3,
    UnsubscribeAll = 4,
    WebCopy = 5,
    UpdateProfile = 6,
    Confirm = 7,
    Bounce = 8,
    Trap = 20,
    Archive = 21,

    /// <summary>An address that takes answers to one mail.</summary>
    Reply = 22,

    /// <summary>An address for feedback loops; of the account, not of one mail.</summary>
    Feedback = 23,

    /// <summary>The page that forwards one mail to friends.</summary>
    Forward = 24,

    /// <summary>A friend who wants no forwarded mails; of the friend's copy.</summary>
    RefuseForwards = 25,

    /// <summary>A mail's way to a social network; the link number is the network's.</summary>
    Share = 26,

    /// <summary>A mail as nobody in particular got it; in place of the send stands the version.</summary>
    PublicCopy = 27,
}

/// <summary>
/// The signed part of a public URL: version, key id, purpose, account, send and link number, then 128 bits of HMAC-SHA256 over all of that,
/// in base64url. Nothing in it can be guessed, changed or used for another purpose. The caller checks that the account owns the host.
/// </summary>
internal readonly record struct PublicToken(TokenPurpose Purpose, long AccountId, long SendId, int LinkNo = 0)
{
    /// <summary>Characters of the longest token.</summary>
    public const int MaxLength = 64;

    private const byte Version = 1;
    private const int MacLength = 16;

    /// <summary>Bytes of the longest token.</summary>
    public const int MaxBytes = 3 + 10 + 10 + 5 + MacLength;

    /// <summary>Writes the token; answers its length. <paramref name="destination"/> has at least <see cref="MaxLength"/> characters.</summary>
    public int Write(Span<char> destination, TokenKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Span<byte> bytes = stackalloc byte[MaxBytes];
        return Base64Url.EncodeToChars(bytes[..WriteBytes(bytes, keys)], destination);
    }

    /// <summary>The token before it is spelled; answers its length. <paramref name="bytes"/> has at least <see cref="MaxBytes"/>.</summary>
    public int WriteBytes(Span<byte> bytes, TokenKeys keys)
    {
        bytes[0] = Version;
        bytes[1] = keys.CurrentId;
        bytes[2] = (byte)Purpose;
        var length = 3;
        length += WriteNumber(bytes[length..], (ulong)AccountId);
        length += WriteNumber(bytes[length..], (ulong)SendId);
        length += WriteNumber(bytes[length..], (uint)LinkNo);
        Sign(keys.Find(keys.CurrentId), bytes[..length], bytes.Slice(length, MacLength));
        return length + MacLength;
    }

    public string ToText(TokenKeys keys)
    {
        Span<char> text = stackalloc char[MaxLength];
        return text[..Write(text, keys)].ToString();
    }

    /// <summary>False for anything that <see cref="Write"/> did not make with one of the keys for this purpose, character by character.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, TokenPurpose purpose, TokenKeys keys, out PublicToken token)
    {
        ArgumentNullException.ThrowIfNull(keys);
        token = default;
        Span<byte> bytes = stackalloc byte[MaxBytes];
        Span<char> canonical = stackalloc char[MaxLength];
        if (text.Length is 0 or > MaxLength
            || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out var length)
            || !canonical[..Base64Url.EncodeToChars(bytes[..length], canonical)].SequenceEqual(text))
        {
            return false;
        }

        return TryReadBytes(bytes[..length], purpose, keys, out token);
    }

    /// <summary>The same for the token's bytes.</summary>
    public static bool TryReadBytes(Span<byte> bytes, TokenPurpose purpose, TokenKeys keys, out PublicToken token)
    {
        token = default;
        if (bytes.Length is < 3 + 3 + MacLength or > MaxBytes || bytes[0] != Version)
        {
            return false;
        }

        var body = bytes[..^MacLength];
        Span<byte> mac = stackalloc byte[MacLength];
        var key = keys.Find(bytes[1]);
        Sign(key, body, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[^MacLength..]) || key.IsEmpty || bytes[2] != (byte)purpose)
        {
            return false;
        }

        var ids = body[3..];
        if (!ReadNumber(ref ids, out var account) || !ReadNumber(ref ids, out var send) || !ReadNumber(ref ids, out var link) || !ids.IsEmpty)
        {
            return false;
        }

        token = new(purpose, (long)account, (long)send, (int)link);
        return true;
    }

    private static void Sign(ReadOnlySpan<byte> key, ReadOnlySpan<byte> body, Span<byte> mac)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, body, full);
        full[..MacLength].CopyTo(mac);
    }

    private static int WriteNumber(Span<byte> destination, ulong number)
    {
        var length = 0;
        while (number >= 0x80)
        {
            destination[length++] = (byte)(number | 0x80);
            number >>= 7;
        }

        destination[length++] = (byte)number;
        return length;
    }

    private static bool ReadNumber(ref Span<byte> source, out ulong number)
    {
        number = 0;
        for (var i = 0; i < source.Length && i < 10; i++)
        {
            number |= (ulong)(source[i] & 0x7F) << (7 * i);
            if (source[i] < 0x80)
            {
                source = source[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
