using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Millrace.Contacts.Import;

/// <summary>Encodings a CSV file may have, and how one is told from the first bytes.</summary>
internal static class TextEncodings
{
    public const string Utf8 = "utf-8";
    public const string Utf16LittleEndian = "utf-16le";
    public const string Utf16BigEndian = "utf-16be";

    /// <summary>Offered when a file is not valid UTF-8: what spreadsheets on Windows write in Western Europe and the Americas.</summary>
    public const string Suggested = "windows-1252";

    /// <summary>All that a user may choose.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        Utf8, Utf16LittleEndian, Utf16BigEndian, "windows-1252", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1257",
        "iso-8859-1", "iso-8859-2", "iso-8859-15", "shift_jis", "gb18030", "big5", "euc-kr",
    ];

    /// <summary>By byte order mark; without one, UTF-16 by the zeros of its ASCII letters; else UTF-8 is presumed.</summary>
    public static string Guess(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            return Utf16LittleEndian;
        }

        if (start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return Utf16BigEndian;
        }

        var sample = start[..(Math.Min(start.Length, 4096) & ~1)];
        var (even, odd) = (0, 0);
        for (var i = 0; i < sample.Length; i += 2)
        {
            even += sample[i] == 0 ? 1 : 0;
            odd += sample[i + 1] == 0 ? 1 : 0;
        }

        var enough = Math.Max(1, sample.Length / 4);
        return odd >= enough && even == 0 ? Utf16LittleEndian : even >= enough && odd == 0 ? Utf16BigEndian : Utf8;
    }

    /// <summary>The file as UTF-8 without byte order mark.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes the stream that wraps the other.")]
    public static async Task<Stream> ToUtf8Async(Stream file, string encoding, CancellationToken cancellationToken)
    {
        var utf8 = encoding == Utf8 ? file : Encoding.CreateTranscodingStream(file, Find(encoding), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var mark = new byte[3];
        var read = await utf8.ReadAtLeastAsync(mark, 3, throwOnEndOfStream: false, cancellationToken);
        return read == 3 && mark.AsSpan().SequenceEqual((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? utf8 : new PrefixedStream(mark.AsMemory(0, read), utf8);
    }

    private static Encoding Find(string name) => name switch
    {
        Utf16LittleEndian => Encoding.Unicode,
        Utf16BigEndian => Encoding.BigEndianUnicode,
        "iso-8859-1" => Encoding.Latin1,
        _ => CodePagesEncodingProvider.Instance.GetEncoding(name) ?? throw new ArgumentOutOfRangeException(nameof(name)),
    };
}

/// <summary>Checks, piece by piece, whether a file is valid UTF-8.</summary>
internal sealed class Utf8Check
{
    private readonly byte[] _carried = new byte[8];
    private int _carriedLength;

    public bool IsValid { get; private set; } = true;

    public void Add(ReadOnlySpan<byte> piece)
    {
        if (!IsValid || piece.IsEmpty)
        {
            return;
        }

        // The begun character of the piece before is completed with at most three bytes of this one.
        while (_carriedLength > 0 && !piece.IsEmpty)
        {
            _carried[_carriedLength++] = piece[0];
            piece = piece[1..];
            if (System.Text.Unicode.Utf8.IsValid(_carried.AsSpan(0, _carriedLength)))
            {
                _carriedLength = 0;
            }
            else if (_carriedLength == 4)
            {
                IsValid = false;
                return;
            }
        }

        var whole = piece.Length - Begun(piece);
        IsValid = System.Text.Unicode.Utf8.IsValid(piece[..whole]);
        piece[whole..].CopyTo(_carried.AsSpan(_carriedLength));
        _carriedLength += piece.Length - whole;
    }

    public void Finish() => IsValid = IsValid && _carriedLength == 0;

    /// <summary>Bytes of a character that the piece begins but does not end.</summary>
    private static int Begun(ReadOnlySpan<byte> piece)
    {
        for (var back = 1; back <= Math.Min(3, piece.Length); back++)
        {
            var lead = piece[^back];
            if ((lead & 0xC0) != 0x80)
            {
                var length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
                return length > back ? back : 0;
            }
        }

        return 0;
    }
}
