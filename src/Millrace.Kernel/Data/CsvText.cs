using System.Buffers;
using System.Text;

namespace Millrace.Kernel.Data;

/// <summary>
/// How text travels in the CSV files we make. Every cell is quoted; one that a spreadsheet would take for a formula gets an apostrophe in front,
/// which an import takes off again.
/// </summary>
public static class CsvText
{
    private const string Dangerous = "=+-@\t\r\n\0＝＋－＠";

    /// <summary>The cell as it is written, without its quotes.</summary>
    /// <remarks>A text that begins with an apostrophe and would be restored to something else gets one more.</remarks>
    public static string Neutralise(string text) => text.Length > 0 && (IsDangerous(text[0]) || IsNeutralised(text)) ? "'" + text : text;

    /// <summary>The opposite of <see cref="Neutralise"/>.</summary>
    public static string Restore(string text) => IsNeutralised(text) ? text[1..] : text;

    /// <summary>Appends one row, with CRLF as RFC 4180 has it.</summary>
    public static void AppendRow(IBufferWriter<byte> output, ReadOnlySpan<string?> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            output.Write(i == 0 ? "\""u8 : ",\""u8);
            var cell = Neutralise(cells[i] ?? string.Empty);
            Encoding.UTF8.GetBytes(cell.Contains('"', StringComparison.Ordinal) ? cell.Replace("\"", "\"\"", StringComparison.Ordinal) : cell, output);
            output.Write("\""u8);
        }

        output.Write("\r\n"u8);
    }

    // "''=1" was "'=1" before: any number of apostrophes in front of something dangerous.
    private static bool IsNeutralised(string text)
    {
        var first = text.AsSpan().IndexOfAnyExcept('\'');
        return first > 0 && IsDangerous(text[first]);
    }

    private static bool IsDangerous(char first) => Dangerous.Contains(first, StringComparison.Ordinal);
}
