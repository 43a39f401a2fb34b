namespace Millrace.Contacts.Import;

/// <summary>
/// Rows of a CSV file by its bytes, while it is being uploaded: line feeds outside of quotes. UTF-8, UTF-16 and the Windows code pages all write a line
/// feed with the byte 10 and a quote with the byte 34, and where another character holds one of them a few rows more or less do not matter.
/// </summary>
internal sealed class RowCount
{
    private bool _quoted;

    /// <summary>Line feeds so far; the header's is one of them.</summary>
    public long Count { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOfAny((byte)'"', (byte)'\n') is >= 0 and var at)
        {
            if (bytes[at] == '"')
            {
                _quoted = !_quoted;
            }
            else if (!_quoted)
            {
                Count++;
            }

            bytes = bytes[(at + 1)..];
        }
    }
}
