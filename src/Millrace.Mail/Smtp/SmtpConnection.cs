namespace Millrace.Mail.Smtp;

/// <summary>
/// One connection to one server, for one message at a time. What the peer does is told by results; exceptions are for
/// cancellation and for callers' mistakes.
/// </summary>
public sealed class SmtpConnection : IAsyncDisposable
{
    private readonly SmtpWire _wire;
    private readonly SmtpClientOptions _options;
    private readonly TimeProvider _clock;
    private long _lastUse;
    private bool _open = true;

    internal SmtpConnection(SmtpWire wire, SmtpCapabilities capabilities, SmtpClientOptions options, TimeProvider clock)
    {
        (_wire, Capabilities, _options, _clock) = (wire, capabilities, options, clock);
        _lastUse = clock.GetTimestamp();
    }

    public SmtpCapabilities Capabilities { get; }

    /// <summary>Messages tried so far.</summary>
    public int Messages { get; private set; }

    /// <summary>False after an error, 421, the last allowed message or too long an idle time: dispose it then.</summary>
    public bool IsReusable =>
        _open && Messages < _options.MaxMessagesPerConnection && _clock.GetElapsedTime(_lastUse) < _options.MaxIdle && !_wire.IsDisturbed;

    /// <summary>Connects, says EHLO, starts TLS and logs in as the endpoint asks.</summary>
    /// <exception cref="OperationCanceledException">Only by the caller's token.</exception>
    public static Task<SmtpOpening> OpenAsync(
        SmtpEndpoint endpoint, SmtpClientOptions options, TimeProvider clock, CancellationToken cancellationToken) =>
        new SmtpGreeting(endpoint, options, clock).RunAsync(cancellationToken);

    /// <summary>
    /// Sends one message. Cancellation is heeded until the handoff begins (before the first byte when the server takes
    /// pipelined commands, else before DATA) and ignored from there on: only the server's answer or a time-out ends it.
    /// </summary>
    /// <param name="message">With CRLF line ends only; dots are doubled here.</param>
    /// <exception cref="ArgumentException">The message has a bare CR or LF.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before handoff; the connection is closed unless nothing was sent.</exception>
    public async Task<SmtpSendResult> SendAsync(SmtpEnvelope envelope, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(!_open, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (!DotStuffing.HasCleanLineEnds(message.Span))
        {
            throw new ArgumentException("A message has CRLF line ends only.", nameof(message));
        }

        if (Capabilities.MaxSize > 0 && message.Length > Capabilities.MaxSize)
        {
            return new SmtpSendResult(SmtpStage.Mail, new SmtpReply(552, "5.3.4 Larger than the server's SIZE limit (not sent)"), HandedOff: false);
        }

        Messages++;
        Begin();
        var transaction = new SmtpTransaction(_wire, Capabilities, _options, envelope, message);
        try
        {
            var result = await transaction.RunAsync(cancellationToken);
            _open = transaction.LeavesConnectionUsable;
            return result with { Dialogue = _wire.Transcript?.ToString() };
        }
        catch (Exception e)
        {
            _open = false;
            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            _wire.Transcript?.Note(e.Message);
            return new SmtpSendResult(transaction.Stage, null, transaction.MayBeAccepted, e) { Dialogue = _wire.Transcript?.ToString() };
        }
        finally
        {
            _lastUse = _clock.GetTimestamp();
        }
    }

    /// <summary>The first message's dialogue has the greeting in front; of a later one it is told that there was one.</summary>
    private void Begin()
    {
        if (_wire.Transcript is { } transcript && Messages > 1)
        {
            transcript.Restart();
            transcript.Note($"message {Messages} of this connection");
        }
    }

    /// <summary>Says QUIT when the connection is sound, without waiting for the answer.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_open)
        {
            _open = false;
            try
            {
                await _wire.WriteAsync("QUIT\r\n", TimeSpan.FromSeconds(1), CancellationToken.None); // our own end; nobody waits for it
            }
            catch (Exception e) when (e is IOException or TimeoutException or ObjectDisposedException)
            {
                // Good-bye is a courtesy.
            }
        }

        await _wire.DisposeAsync();
    }
}
