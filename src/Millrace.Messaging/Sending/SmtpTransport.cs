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

    private sealed class Line(SmtpPool pool, SmtpConnection connection) : IMailLine
    {
        public bool IsReusable => connection.IsReusable;

        // Past the hand-over only the server's answer or a time-out ends it.
        public Task<SmtpSendResult> SendAsync(Parcel parcel) => connection.SendAsync(parcel.Envelope, parcel.Bytes.Memory, CancellationToken.None);

        public ValueTask DisposeAsync() => pool.ReturnAsync(connection);
    }
}
