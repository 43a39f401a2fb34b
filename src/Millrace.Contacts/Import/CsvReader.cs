using System.Buffers;

namespace Millrace.Contacts.Import;

/// <summary>What is wrong with a record as such.</summary>
internal enum CsvProblem
{
    None,

    /// <summary>A quote is never closed. Only the line where the record begins is given up; reading goes on with the next one.</summary>
    UnclosedQuote,

    /// <summary>Longer than <see cref="CsvReader.MaxRecordBytes"/>; skipped to the end of its first line.</summary>
    TooLong,
}

/// <summary>
/// Reads UTF-8 CSV (RFC 4180, and what people send instead: LF or CR line ends, any delimiter, text after a closing quote) from a stream.
/// One buffer, no allocation per field. Lines without any character are no records.
/// </summary>
internal sealed class CsvReader(Stream source, byte delimiter) : IAsyncDisposable
{
    /// <summary>The longest record; also what bounds the memory.</summary>
    public const int MaxRecordBytes = 1 << 20;

    private readonly SearchValues<byte> _stops = SearchValues.Create([delimiter, (byte)'\n', (byte)'\r']);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
    private (int Start, int Length, bool Quoted)[] _fields = new (int, int, bool)[64];
    private byte[] _unquoted = new byte[256];
    private int _recordStart;
    private int _recordLength;
    private int _position;
    private int _filled;
    private int _needed;
    private bool _ended;
    private bool _skipping;
    private long _nextLine = 1;

    /// <summary>Number of the line in which the present record begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Bytes of the stream up to the end of the present record.</summary>
    public long Consumed { get; private set; }

    public CsvProblem Problem { get; private set; }

    public int FieldCount { get; private set; }

    /// <summary>The present record as it stands in the file, without its line end.</summary>
    public ReadOnlySpan<byte> Raw => _buffer.AsSpan(_recordStart, _recordLength);

    /// <summary>One field without its quotes. Valid until the next call of anything here.</summary>
    public ReadOnlySpan<byte> Field(int index)
    {
        var (start, length, quoted) = _fields[index];
        var text = _buffer.AsSpan(start, length);
        return quoted ? Unquote(text) : text;
    }

    /// <summary>Goes to the next record within what is buffered.</summary>
    /// <returns>False when more bytes are needed.</returns>
    private bool TryRead()
    {
        SkipEmptyLines();
        if (_position == _filled || (!_ended && _filled < _needed))
        {
            return false;
        }

        _recordStart = _position;
        Line = _nextLine;
        Problem = CsvProblem.None;
        var end = Scan();
        if (end < 0 && !_ended && _filled - _recordStart < MaxRecordBytes)
        {
            _needed = _filled + 1;
            return false;
        }

        if (end < 0)
        {
            end = GiveUpFirstLine();
        }

        _recordLength = end - _recordStart;
        _nextLine += CountLines(Raw);
        Advance(end);
        return true;
    }

    /// <summary>Goes to the next record.</summary>
    /// <returns>False at the end of the file.</returns>
    public ValueTask<bool> MoveAsync(CancellationToken cancellationToken) =>
        TryRead() ? ValueTask.FromResult(true) : FillAndMoveAsync(cancellationToken);

    private async ValueTask<bool> FillAndMoveAsync(CancellationToken cancellationToken)
    {
        while (await FillAsync(cancellationToken))
        {
            if (TryRead())
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return false;
        }

        MakeRoom();
        var read = await source.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
        _filled += read;
        _ended = read == 0;
        return _filled > _position;
    }

    public ValueTask DisposeAsync()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        return source.DisposeAsync();
    }

    /// <returns>Where the record ends, or -1 when the buffer ends first.</returns>
    private int Scan()
    {
        FieldCount = 0;
        var at = _position;
        while (true)
        {
            var start = at;
            var quoted = at < _filled && _buffer[at] == '"';
            if (quoted && (at = ClosingQuote(at + 1)) < 0)
            {
                return -1;
            }

            var stop = _buffer.AsSpan(at, _filled - at).IndexOfAny(_stops);
            if (stop < 0 && !_ended)
            {
                return -1;
            }

            at = stop < 0 ? _filled : at + stop;
            // A CR as the last byte may be half of a CRLF.
            if (at == _filled - 1 && _buffer[at] == '\r' && !_ended)
            {
                return -1;
            }

            Add(start, at - start, quoted);
            if (at == _filled || _buffer[at] != delimiter)
            {
                return at;
            }

            at++;
        }
    }

    /// <returns>The place behind the quote that closes the field, or -1.</returns>
    private int ClosingQuote(int from)
    {
        while (true)
        {
            var quote = _buffer.AsSpan(from, _filled - from).IndexOf((byte)'"');
            if (quote < 0)
            {
                return -1;
            }

            from += quote + 1;
            if (from == _filled)
            {
                return _ended ? from : -1;
            }

            if (_buffer[from] != '"')
            {
                return from;
            }

            from++;
        }
    }

    private int GiveUpFirstLine()
    {
        Problem = _filled - _recordStart >= MaxRecordBytes && !HasLineEnd() ? CsvProblem.TooLong : CsvProblem.UnclosedQuote;
        FieldCount = 0;
        _skipping = Problem == CsvProblem.TooLong;
        var stop = _buffer.AsSpan(_recordStart, _filled - _recordStart).IndexOfAny((byte)'\n', (byte)'\r');
        return stop < 0 ? _filled : _recordStart + stop;
    }

    private bool HasLineEnd() => _buffer.AsSpan(_recordStart, _filled - _recordStart).IndexOfAny((byte)'\n', (byte)'\r') >= 0;

    private void SkipEmptyLines()
    {
        if (_skipping)
        {
            var stop = _buffer.AsSpan(_position, _filled - _position).IndexOfAny((byte)'\n', (byte)'\r');
            _skipping = stop < 0;
            Step(stop < 0 ? _filled - _position : stop);
        }

        while (_position < _filled && _buffer[_position] is (byte)'\n' or (byte)'\r')
        {
            if (_buffer[_position] == '\r' && _position + 1 == _filled && !_ended)
            {
                // Perhaps the LF is still to come; then the two are one line end.
                _needed = _filled + 1;
                return;
            }

            Step(LineEnd(_position));
            _nextLine++;
        }
    }

    private void Step(int length)
    {
        _position += length;
        Consumed += length;
    }

    private void Advance(int end)
    {
        Step(end - _position);
        if (end < _filled && !_skipping)
        {
            Step(LineEnd(end));
            _nextLine++;
        }
    }

    private int LineEnd(int at) => _buffer[at] == '\n' ? 1 : _buffer[at] != '\r' ? 0 : at + 1 < _filled && _buffer[at + 1] == '\n' ? 2 : 1;

    private static int CountLines(ReadOnlySpan<byte> record)
    {
        // Line ends inside quotes; CRLF is one.
        var count = record.Count((byte)'\n');
        for (var cr = record.IndexOf((byte)'\r'); cr >= 0;)
        {
            count += cr + 1 < record.Length && record[cr + 1] == '\n' ? 0 : 1;
            var next = record[(cr + 1)..].IndexOf((byte)'\r');
            cr = next < 0 ? -1 : cr + 1 + next;
        }

        return count;
    }

    private void Add(int start, int length, bool quoted)
    {
        if (FieldCount == _fields.Length)
        {
            Array.Resize(ref _fields, _fields.Length * 2);
        }

        _fields[FieldCount++] = (start, length, quoted);
    }

    private void MakeRoom()
    {
        if (_position > 0)
        {
            _buffer.AsSpan(_position, _filled - _position).CopyTo(_buffer);
            _needed -= _position;
            _filled -= _position;
            _position = 0;
            _recordStart = 0;
            _recordLength = 0;
        }

        if (_filled == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }

    /// <summary><c>"a ""b"" c"</c> is <c>a "b" c</c>; what stands behind the closing quote is kept as it is.</summary>
    private ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> text)
    {
        var inner = text[1..];
        var quote = inner.IndexOf((byte)'"');
        if (quote == inner.Length - 1)
        {
            return inner[..quote];
        }

        if (_unquoted.Length < inner.Length)
        {
            _unquoted = new byte[inner.Length * 2];
        }

        var (written, open) = (0, true);
        for (var i = 0; i < inner.Length; i++)
        {
            if (open && inner[i] == '"')
            {
                open = i + 1 < inner.Length && inner[i + 1] == '"';
                if (!open)
                {
                    continue;
                }

                i++;
            }

            _unquoted[written++] = inner[i];
        }

        return _unquoted.AsSpan(0, written);
    }
}
