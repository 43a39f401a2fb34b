using System.Buffers;
using System.Text;

namespace Millrace.Mail.Receiving;

/// <summary>Bytes received and not yet used, in one pooled array.</summary>
internal sealed class SmtpInput : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int _start;
    private int _end;

    public ReadOnlySpan<byte> Pending => _bytes.AsSpan(_start, _end - _start);

    public int Length => _end - _start;

    public ReadOnlyMemory<byte> Slice(int length) => _bytes.AsMemory(_start, length);

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
        }
    }

    /// <returns>False at the end of the stream.</returns>
    public async ValueTask<bool> FillAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (_end == _bytes.Length)
        {
            MakeRoom();
        }

        var read = await stream.ReadAsync(_bytes.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }

    /// <summary>Takes a line off, without its line end.</summary>
    public bool TryReadLine(out string line)
    {
        var end = Pending.IndexOf((byte)'\n');
        if (end < 0)
        {
            line = "";
            return false;
        }

        line = Encoding.UTF8.GetString(Pending[..end].TrimEnd((byte)'\r'));
        Consume(end + 1);
        return true;
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

    private void MakeRoom()
    {
        if (_start > _bytes.Length / 2)
        {
            Pending.CopyTo(_bytes);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
            Pending.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        (_start, _end) = (0, Length);
    }
}
