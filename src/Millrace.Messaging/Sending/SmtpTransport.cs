using Millrace.Mail.Smtp;

namespace Millrace.Messaging.Sending;

/// <summary>A mail server.</summary>
internal sealed class SmtpTransport(SmtpEndpoint endpoint, int maxLines, SmtpClientOptions options, TimeProvider clock) : IMailTransport
{
    private readonly SmtpPool _pool = new(endpoint, maxLines, options, clock);

    public int MaxLines => maxLines;

    public bool IsPaced => true;

    public async Task<(IMailLine? Line, SmtpSendResult? Failure)> OpenAsync(CancellationToken cancellationToken)
    {
        var (connection, failure) = await _pool.RentAsync(cancellationToken);
        return (connection is null ? null : new Line(_pool, connection), failure);
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private sealed class Line(SmtpPool pool, SmtpConnection first) : IMailLine
    {
        private SmtpConnection? _connection = first;

        public bool IsReusable => _connection is { IsReusable: true };

        // Past the hand-over only the server's answer or a time-out ends it.
        public async Task<SmtpSendResult> SendAsync(Parcel parcel)
        {
            while (true)
            {
                var isUsed = _connection!.Messages > 0;
                var result = await _connection.SendAsync(parcel.Envelope, parcel.Bytes.Memory, CancellationToken.None);
                if (!isUsed || !IsGoodBye(result))
                {
                    return result;
                }

                // A server may end a connection between two messages, and we may write just then: that says nothing of this message.
                await pool.ReturnAsync(_connection);
                (_connection, var failure) = await pool.RentAsync(CancellationToken.None); // has its own time-outs
                if (_connection is null)
                {
                    return failure!;
                }
            }
        }

        public ValueTask DisposeAsync() => _connection is null ? ValueTask.CompletedTask : pool.ReturnAsync(_connection);

        /// <summary>Closed, or 421 (RFC 5321, 3.8), before a word about the message.</summary>
        private static bool IsGoodBye(SmtpSendResult result) =>
            result is { Stage: SmtpStage.Mail, HandedOff: false } and ({ Reply.Code: 421 } or { Reply: null, Exception: IOException and not SmtpProtocolException });
    }
}
