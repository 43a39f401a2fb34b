using Millrace.Mail.Smtp;

namespace Millrace.Mail.Receiving;

/// <summary>
/// Decides over incoming mail. Called in order within a session, from many sessions at once. A positive answer to
/// <see cref="OnMessageAsync"/> takes responsibility: store first, then return.
/// </summary>
public interface ISmtpHandler
{
    private static readonly SmtpAnswer Ok = SmtpReply.Ok;

    /// <summary>Answers a new connection.</summary>
    ValueTask<SmtpAnswer> OnConnectAsync(SmtpSession session, CancellationToken cancellationToken) =>
        ValueTask.FromResult(session.Banner);

    /// <summary>Answers EHLO; <paramref name="offer"/> is what the receiver would say.</summary>
    ValueTask<SmtpAnswer> OnEhloAsync(SmtpSession session, SmtpReply offer, CancellationToken cancellationToken) =>
        ValueTask.FromResult<SmtpAnswer>(offer);

    /// <summary>Answers STARTTLS; TLS begins after a 220.</summary>
    ValueTask<SmtpAnswer> OnStartTlsAsync(SmtpSession session, CancellationToken cancellationToken) =>
        ValueTask.FromResult<SmtpAnswer>(new SmtpReply(220, "2.0.0 Go ahead"));

    /// <param name="from">Unchecked text between the angle brackets; empty for bounces.</param>
    ValueTask<SmtpAnswer> OnMailAsync(SmtpSession session, string from, CancellationToken cancellationToken) => ValueTask.FromResult(Ok);

    /// <param name="to">Unchecked text between the angle brackets.</param>
    ValueTask<SmtpAnswer> OnRcptAsync(SmtpSession session, string to, CancellationToken cancellationToken) => ValueTask.FromResult(Ok);

    /// <summary>Answers DATA.</summary>
    ValueTask<SmtpAnswer> OnDataAsync(SmtpSession session, CancellationToken cancellationToken) => ValueTask.FromResult(session.GoAhead);

    /// <summary>Called with each piece of the body as it arrives; false cuts the connection.</summary>
    ValueTask<bool> OnBodyAsync(SmtpSession session, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    /// <remarks>An exception answers 451 and ends the transaction, not the session.</remarks>
    /// <param name="message">Dots taken out. Valid until the task ends: copy what is kept.</param>
    ValueTask<SmtpAnswer> OnMessageAsync(SmtpSession session, ReadOnlyMemory<byte> message, CancellationToken cancellationToken);
}
