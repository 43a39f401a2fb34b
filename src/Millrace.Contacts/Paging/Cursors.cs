using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.Paging;

/// <summary>Where a page ended: the sort key and the id of its last row.</summary>
/// <param name="Key">Null when the sort key is.</param>
internal sealed record Position(long Id, string? Key);

/// <summary>
/// Cursors of keyset paging. One is good only for the listing (account, order, filters) it was made for; an edited or foreign one answers 400 <c>cursor_invalid</c>.
/// </summary>
internal sealed class Cursors(KeyRing keys)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;
    private const int MacLength = 16;

    private readonly byte[] _key = keys.Derive("cursor");

    /// <param name="listing">Everything that decides which rows follow.</param>
    public string Write(string listing, Position position)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(position);
        return Base64Url.EncodeToString([.. Mac(listing, body), .. body]);
    }

    public Position? Read(string listing, string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        byte[] bytes;
        try
        {
            bytes = cursor.Length <= 2_000 ? Base64Url.DecodeFromChars(cursor) : [];
        }
        catch (FormatException)
        {
            bytes = [];
        }

        return bytes.Length > MacLength && CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, MacLength), Mac(listing, bytes.AsSpan(MacLength)))
            ? JsonSerializer.Deserialize<Position>(bytes.AsSpan(MacLength))
            : throw new MalformedRequestException("This cursor belongs to another listing.", "cursor_invalid");
    }

    /// <summary>1 to 200; 422 beyond.</summary>
    public static int Limit(int? limit) => limit switch
    {
        null => DefaultLimit,
        >= 1 and <= MaxLimit => limit.Value,
        _ => throw new InvalidInputException("limit", "validation_failed", $"A page holds 1 to {MaxLimit} rows."),
    };

    private byte[] Mac(string listing, ReadOnlySpan<byte> body) =>
        HMACSHA256.HashData(_key, (byte[])[.. SHA256.HashData(Encoding.UTF8.GetBytes(listing)), .. body])[..MacLength];
}
