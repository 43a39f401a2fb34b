using System.Buffers.Binary;

namespace Millrace.Messaging.Images;

/// <summary>What the first bytes of a picture say: enough to refuse it before anything decodes it.</summary>
/// <param name="Format">png, jpg, gif or webp.</param>
internal readonly record struct ImageHeader(string Format, int Width, int Height)
{
    /// <summary>A little file can be a picture of gigabytes.</summary>
    public const long MaxPixels = 40_000_000;

    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    public long Pixels => (long)Width * Height;

    /// <summary>Null: it is none of the four kinds, whatever its name says, or its size is not where it must be.</summary>
    public static ImageHeader? Read(ReadOnlySpan<byte> file)
    {
        var header = file switch
        {
            _ when file.StartsWith(Png) && file.Length >= 33 && file[12..16].SequenceEqual("IHDR"u8) =>
                new ImageHeader("png", BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..])),
            [0xff, 0xd8, 0xff, ..] => Jpeg(file),
            _ when (file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8)) && file.Length >= 13 =>
                new ImageHeader("gif", BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..])),
            _ when file.StartsWith("RIFF"u8) && file.Length >= 30 && file[8..12].SequenceEqual("WEBP"u8) => Webp(file),
            _ => default,
        };
        return header is { Width: > 0, Height: > 0 } ? header : null;
    }

    /// <summary>The first frame header; what stands before it is passed over by its length.</summary>
    private static ImageHeader Jpeg(ReadOnlySpan<byte> file)
    {
        var at = 2;
        while (at + 9 < file.Length && file[at] == 0xff)
        {
            var marker = file[at + 1];
            if (marker == 0xff)
            {
                at++;
                continue;
            }

            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
            {
                return new ImageHeader("jpg", BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]));
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || marker is 0xd9 or 0xda)
            {
                break;
            }

            at += 2 + length;
        }

        return default;
    }

    private static ImageHeader Webp(ReadOnlySpan<byte> file)
    {
        var kind = file[12..16];
        if (kind.SequenceEqual("VP8X"u8))
        {
            return new ImageHeader("webp", 1 + (file[24] | (file[25] << 8) | (file[26] << 16)), 1 + (file[27] | (file[28] << 8) | (file[29] << 16)));
        }

        if (kind.SequenceEqual("VP8L"u8) && file[20] == 0x2f)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(file[21..]);
            return new ImageHeader("webp", 1 + (int)(bits & 0x3fff), 1 + (int)((bits >> 14) & 0x3fff));
        }

        return kind.SequenceEqual("VP8 "u8) && file[23..26].SequenceEqual((ReadOnlySpan<byte>)[0x9d, 0x01, 0x2a])
            ? new ImageHeader("webp", BinaryPrimitives.ReadUInt16LittleEndian(file[26..]) & 0x3fff, BinaryPrimitives.ReadUInt16LittleEndian(file[28..]) & 0x3fff)
            : default;
    }
}
