using System.Buffers;

namespace Millrace.Messaging.Personalization;

/// <summary>A growing, pooled stretch of characters; reused for mail after mail by <see cref="Clear"/>. Not for two threads at once.</summary>
internal sealed class TextBuffer : IBufferWriter<char>, IDisposable
{
    /// <summary>Characters a rendered text may have.</summary>
    public const int MaxLength = 1_048_576;

    private char[] _characters = ArrayPool<char>.Shared.Rent(4096);

    public int Length { get; private set; }

    public ReadOnlySpan<char> Written => _characters.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Append(ReadOnlySpan<char> text)
    {
        text.CopyTo(GetSpan(text.Length));
        Length += text.Length;
    }

    public void Append(char character)
    {
        GetSpan(1)[0] = character;
        Length++;
    }

    public void Advance(int count) => Length += count;

    public Memory<char> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _characters.AsMemory(Length);
    }

    public Span<char> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _characters.AsSpan(Length);
    }

    public override string ToString() => Written.ToString();

    public void Dispose()
    {
        if (_characters.Length > 0)
        {
            ArrayPool<char>.Shared.Return(_characters, clearArray: true);
            _characters = [];
            Length = 0;
        }
    }

    private void Reserve(int count)
    {
        var needed = Length + Math.Max(count, 1);
        if (needed <= _characters.Length)
        {
            return;
        }

        if (needed > MaxLength + 4096)
        {
            throw new TemplateInvalidException(new("output_too_large", 1, 1, "The rendered text is longer than 1 MB."));
        }

        var larger = ArrayPool<char>.Shared.Rent(Math.Max(needed, _characters.Length * 2));
        Written.CopyTo(larger);
        ArrayPool<char>.Shared.Return(_characters, clearArray: true);
        _characters = larger;
    }
}
