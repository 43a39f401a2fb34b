using Millrace.Kernel.Errors;

namespace Millrace.Contacts.Import;

/// <summary>Refuses what is no text by its first bytes, whatever name and media type it came with.</summary>
internal static class FileSniffer
{
    private static readonly (byte[] Start, string What)[] Signatures =
    [
        ("PK\u0003\u0004"u8.ToArray(), "a ZIP archive or an Excel workbook (.xlsx)"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook (.xls)"),
        ([0x1F, 0x8B], "a gzip archive"),
        ("BZh"u8.ToArray(), "a bzip2 archive"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "an xz archive"),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF], "a 7-Zip archive"),
        ("Rar!"u8.ToArray(), "a RAR archive"),
        ("%PDF"u8.ToArray(), "a PDF document"),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a picture"),
        ([0xFF, 0xD8, 0xFF], "a picture"),
        ("GIF8"u8.ToArray(), "a picture"),
    ];

    /// <exception cref="UnsupportedMediaException">Names what it seems to be.</exception>
    public static void RefuseBinary(ReadOnlySpan<byte> start)
    {
        foreach (var (signature, what) in Signatures)
        {
            if (start.StartsWith(signature))
            {
                throw new UnsupportedMediaException($"This is {what}, not a CSV file; save it as CSV (UTF-8) first.");
            }
        }

        var sample = start[..Math.Min(start.Length, 4096)];
        if (TextEncodings.Guess(start) == TextEncodings.Utf8 && sample.Count((byte)0) * 10 > sample.Length)
        {
            throw new UnsupportedMediaException("This is a binary file, not a CSV file; save it as CSV (UTF-8) first.");
        }
    }
}
