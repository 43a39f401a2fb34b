using System.Buffers;

namespace Millrace.Mail.Mime;

/// <summary>
/// A growing byte buffer from the array pool, with free room in front so that a signature header can be
/// put before a finished message without moving it. Not for use by several threads at once. Dispose gives the bytes back.
/// </summary>
public sealed class MailBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes;
    private int _start;
    private int _end;

    /// <param name="capacity">First size in bytes; it doubles when needed.</param>
    /// <param name="headroom">Bytes kept free in front for <see cref="Prepend"/>.</param>
    public MailBuffer(int capacity = 16 * 1024, int headroom = 1024)
    {
        Headroom = headroom;
        _bytes = ArrayPool<byte>.Shared.Rent(capacity + headroom);
        _start = _end = headroom;
    }

    private int Headroom { get; }

    public int Length => _end - _start;

    /// <summary>Valid until the next write or <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, Length);

    /// <summary>Valid until the next write or <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(_start, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - _end);
        _end += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_end);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Puts bytes before what is written; free of cost while they fit the headroom.</summary>
    public void Prepend(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _start)
        {
            Move(bytes.Length + Headroom, Length);
        }

        _start -= bytes.Length;
        bytes.CopyTo(_bytes.AsSpan(_start));
    }

    /// <summary>Empties the buffer and keeps its memory.</summary>
    public void Clear()
    {
        _start = _end = Math.Min(Headroom, _bytes.Length);
    }

    public void Dispose()
    {
        var bytes = Interlocked.Exchange(ref _bytes, []);
        _start = _end = 0;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Reserve(int size)
    {
        if (_bytes.Length - _end < Math.Max(size, 1))
        {
            Move(_start, Length + Math.Max(size, Length));
        }
    }

    private void Move(int start, int capacity)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(start + capacity));
        var length = Length;
        Span.CopyTo(larger.AsSpan(start));
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        (_bytes, _start, _end) = (larger, start, start + length);
    }
}
