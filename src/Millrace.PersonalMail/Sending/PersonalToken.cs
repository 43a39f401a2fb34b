using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Millrace.Kernel.Security;

namespace Millrace.PersonalMail.Sending;

internal enum PersonalTokenKind : byte
{
    Open = 1,
    Link = 2,
    File = 3,
}

/// <summary>What stands in the addresses of a personal mail: which mail, and which of its links or files. Signed, so that nobody can make one up.</summary>
internal readonly record struct PersonalToken(PersonalTokenKind Kind, long AccountId, long MailId, short No)
{
    private const int Plain = 19;
    private const int Seal = 12;

    public string Write(byte[] key)
    {
        Span<byte> bytes = stackalloc byte[Plain + Seal];
        bytes[0] = (byte)Kind;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], AccountId);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], MailId);
        BinaryPrimitives.WriteInt16BigEndian(bytes[17..], No);
        HMACSHA256.HashData(key, bytes[..Plain])[..Seal].CopyTo(bytes[Plain..]);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryRead(string text, PersonalTokenKind kind, byte[] key, out PersonalToken token)
    {
        token = default;
        Span<byte> bytes = stackalloc byte[Plain + Seal + 3];
        if (text.Length > 60 || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length != Plain + Seal || bytes[0] != (byte)kind
            || !CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, bytes[..Plain]).AsSpan(0, Seal), bytes[Plain..length]))
        {
            return false;
        }

        token = new(kind, BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadInt64BigEndian(bytes[9..]), BinaryPrimitives.ReadInt16BigEndian(bytes[17..]));
        return true;
    }
}

/// <summary>The key of these tokens.</summary>
internal sealed class PersonalKeys(KeyRing keys)
{
    public byte[] Key { get; } = keys.Derive("personal-mail");
}
