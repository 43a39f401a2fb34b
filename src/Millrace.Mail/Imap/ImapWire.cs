using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Millrace.Mail.Imap;

/// <summary>One answer: its line with marks where literals were, and the literals.</summary>
internal sealed record ImapLine(byte[] Bytes, IReadOnlyList<byte[]> Literals)
{
    public string Text => Encoding.Latin1.GetString(Bytes);
}

/// <summary>Bytes out, lines in, each within its limits. After any exception the connection is of no more use.</summary>
internal sealed class ImapWire(Socket socket, ImapClientOptions options) : IAsyncDisposable
{
    private readonly byte[] _input = new byte[16 * 1024];
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private int _start;
    private int _end;
    private long _answer;

    /// <summary>Bytes that came without being asked for.</summary>
    public bool HasUnreadInput => _end > _start;

    public async Task StartTlsAsync(string host, CancellationToken cancellationToken)
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = tls;
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = options.CertificateCheck }, cancellationToken);
        }
        catch (AuthenticationException e)
        {
            throw new ImapException(ImapFault.Tls, $"No secure connection: {e.Message}", e);
        }
    }

    /// <summary>Begins a command: its answers together have a limit.</summary>
    public void Begin() => _answer = 0;

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WriteAsync(bytes, cancellationToken);
            await _stream.FlushAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new ImapException(ImapFault.Connection, "The mail server closed the connection.", e);
        }
    }

    public async Task<ImapLine> ReadAsync(CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        var literals = new List<byte[]>();
        while (true)
        {
            await ReadLineAsync(line, cancellationToken);
            if (LiteralLength(line) is not { } length)
            {
                return new([.. line], literals);
            }

            if (length > options.MaxLiteral)
            {
                throw new ImapException(ImapFault.Protocol, "The mail server sent more than was asked for.");
            }

            var literal = new byte[length];
            await FillAsync(literal, cancellationToken);
            literals.Add(literal);
            line.Add(ImapParser.Literal);
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>Cuts <c>{123}</c> off the end of the line and gives its number; null when there is none.</summary>
    private static int? LiteralLength(List<byte> line)
    {
        if (line.Count < 3 || line[^1] != '}')
        {
            return null;
        }

        var open = line.LastIndexOf((byte)'{');
        var digits = open < 0 ? "" : Encoding.ASCII.GetString([.. line.Skip(open + 1).Take(line.Count - open - 2)]).TrimEnd('+');
        if (open < 0 || digits.Length == 0 || !digits.All(char.IsAsciiDigit))
        {
            return null;
        }

        line.RemoveRange(open, line.Count - open);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : int.MaxValue;
    }

    /// <summary>Adds bytes up to the line's end, which is CRLF or, of sloppy servers, LF.</summary>
    private async Task ReadLineAsync(List<byte> line, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = _input.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var end = found < 0 ? _end : _start + found;
            for (var i = _start; i < end; i++)
            {
                if (_input[i] == 0)
                {
                    throw new ImapException(ImapFault.Protocol, "The mail server's answer is not IMAP.");
                }

                line.Add(_input[i]);
            }

            if (line.Count > options.MaxLine)
            {
                throw new ImapException(ImapFault.Protocol, "The mail server's answer is too long.");
            }

            if (found >= 0)
            {
                _start = end + 1;
                if (line.Count > 0 && line[^1] == '\r')
                {
                    line.RemoveAt(line.Count - 1);
                }

                return;
            }

            await ReceiveAsync(cancellationToken);
        }
    }

    private async Task FillAsync(byte[] literal, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < literal.Length)
        {
            if (_start == _end)
            {
                await ReceiveAsync(cancellationToken);
            }

            var take = Math.Min(literal.Length - filled, _end - _start);
            _input.AsSpan(_start, take).CopyTo(literal.AsSpan(filled));
            (_start, filled) = (_start + take, filled + take);
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        (_start, _end) = (0, 0);
        try
        {
            _end = await _stream.ReadAsync(_input, cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new ImapException(ImapFault.Connection, "The mail server closed the connection.", e);
        }

        if (_end == 0)
        {
            throw new ImapException(ImapFault.Connection, "The mail server closed the connection.");
        }

        _answer += _end;
        if (_answer > options.MaxAnswer)
        {
            throw new ImapException(ImapFault.Protocol, "The mail server's answer is too long.");
        }
    }
}
