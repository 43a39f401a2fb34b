using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Millrace.Mail.Receiving;

/// <summary>A small SMTP server. Dispose stops it: no new connections, open sessions end after the command they are at.</summary>
public sealed class SmtpReceiver : IAsyncDisposable
{
    private readonly ConcurrentDictionary<SmtpSession, Task> _sessions = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener;
    private readonly ISmtpHandler _handler;
    private readonly SmtpReceiverOptions _options;
    private readonly TimeProvider _clock;
    private readonly Task _accepting;

    private SmtpReceiver(Socket listener, ISmtpHandler handler, SmtpReceiverOptions options, TimeProvider clock)
    {
        (_listener, _handler, _options, _clock) = (listener, handler, options, clock);
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, with the port chosen.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public int Connections => _sessions.Count;

    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public static SmtpReceiver Start(ISmtpHandler handler, SmtpReceiverOptions options, TimeProvider clock)
    {
        var listener = new Socket(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(options.Listen);
            listener.Listen(512);
            return new SmtpReceiver(listener, handler, options, clock);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_sessions.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                socket.NoDelay = true;
                var session = new SmtpSession(socket, _handler, _options, _clock, isRefused: _sessions.Count >= _options.MaxConnections);
                var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _sessions[session] = RunAsync(session, start.Task);
                start.SetResult();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // One caller gone before it was accepted, or the listener closed: the loop's condition knows which.
            }
        }
    }

    private async Task RunAsync(SmtpSession session, Task registered)
    {
        await registered;
        try
        {
            await session.RunAsync(_stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or System.Security.Authentication.AuthenticationException)
        {
            // The peer left, stayed silent too long, or the receiver stops.
        }
        finally
        {
            session.Dispose();
            _sessions.TryRemove(session, out _);
        }
    }
}
