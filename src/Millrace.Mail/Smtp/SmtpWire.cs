using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Millrace.Mail.Smtp;

/// <summary>Bytes out, replies in, each with its time-out. After any exception the connection is of no more use.</summary>
internal sealed class SmtpWire(Socket socket, SmtpTranscript? transcript = null) : IAsyncDisposable
{
    private readonly byte[] _input = new byte[4096];
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private CancellationTokenSource _timer = new();
    private int _start;
    private int _end;

    /// <summary>Null: nothing is written down.</summary>
    public SmtpTranscript? Transcript => transcript;

    /// <summary>Bytes that came without being asked for.</summary>
    public bool HasUnreadInput => _end > _start;

    /// <summary>True when the peer has closed, or has said something, while nothing was asked.</summary>
    public bool IsDisturbed => HasUnreadInput || socket.Poll(0, SelectMode.SelectRead);

    public async Task StartTlsAsync(string host, RemoteCertificateValidationCallback? check, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = tls;
        var options = new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = check };
        await WithTimeoutAsync(timeout, token => new ValueTask(tls.AuthenticateAsClientAsync(options, token)), cancellationToken);
    }

    /// <param name="shown">What is written down instead, where the command holds a secret.</param>
    public Task WriteAsync(string command, TimeSpan timeout, CancellationToken cancellationToken, string? shown = null)
    {
        transcript?.Sent(shown ?? command);
        return WriteAsync(Encoding.ASCII.GetBytes(command), timeout, cancellationToken);
    }

    public Task WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan timeout, CancellationToken cancellationToken) =>
        WithTimeoutAsync(timeout, token => _stream.WriteAsync(bytes, token), cancellationToken);

    /// <exception cref="SmtpProtocolException">Not a reply, or longer than 2,000 bytes.</exception>
    /// <exception cref="TimeoutException">Not complete in time.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    public async Task<SmtpReply> ReadReplyAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (true)
        {
            switch (SmtpReplyParser.Read(_input.AsSpan(_start, _end - _start), out var consumed, out var reply))
            {
                case SmtpReplyParser.Outcome.Complete:
                    _start += consumed;
                    transcript?.Received(reply!);
                    return reply!;
                case SmtpReplyParser.Outcome.Malformed:
                    throw new SmtpProtocolException("The server's reply is not SMTP or is too long.");
            }

            if (_start > 0)
            {
                _input.AsSpan(_start, _end - _start).CopyTo(_input);
                (_start, _end) = (0, _end - _start);
            }

            // The time-out is for the whole reply: a byte now and then does not stretch it.
            var left = TimeSpan.FromMilliseconds(Math.Max(0, deadline - Environment.TickCount64));
            var read = 0;
            await WithTimeoutAsync(left, async token => read = await _stream.ReadAsync(_input.AsMemory(_end), token), cancellationToken);
            if (read == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            _end += read;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _stream.DisposeAsync();
    }

    private async Task WithTimeoutAsync(TimeSpan timeout, Func<CancellationToken, ValueTask> operation, CancellationToken cancellationToken)
    {
        if (!_timer.TryReset())
        {
            _timer.Dispose();
            _timer = new CancellationTokenSource();
        }

        using var registration = cancellationToken.UnsafeRegister(static timer => ((CancellationTokenSource)timer!).Cancel(), _timer);
        _timer.CancelAfter(timeout);
        try
        {
            await operation(_timer.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer from the server within {timeout.TotalSeconds:0.###} s.", e);
        }
        finally
        {
            _timer.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }
}
