namespace Millrace.Mail.Smtp;

/// <summary>How far a transaction came.</summary>
public enum SmtpStage
{
    Connect,
    Banner,
    Ehlo,
    Tls,
    Auth,
    Mail,
    Rcpt,
    Data,

    /// <summary>The message's bytes, before the block that ends it.</summary>
    Body,

    /// <summary>The final block is (perhaps) out, its reply awaited.</summary>
    FinalDot,
    Done,
}

/// <summary>What became of one message, or of opening a connection.</summary>
/// <param name="Stage">Where it ended; <see cref="SmtpStage.Done"/> = accepted.</param>
/// <param name="Reply">The reply that decided, if one came.</param>
/// <param name="HandedOff">The other side has accepted the message, or may have: sending it again can make a second copy.</param>
/// <param name="Exception">Why there is no reply: I/O, time-out, malformed reply (<see cref="SmtpProtocolException"/>).</param>
public sealed record SmtpSendResult(SmtpStage Stage, SmtpReply? Reply, bool HandedOff, Exception? Exception = null)
{
    public bool Accepted => Stage == SmtpStage.Done;

    /// <summary>The conversation, where the client's options ask for it: a line each, milliseconds, who spoke, what.</summary>
    public string? Dialogue { get; init; }
}

/// <summary>The peer said something that is not SMTP, or not an answer to what we asked.</summary>
public sealed class SmtpProtocolException(string message) : IOException(message);

/// <summary>Opening gave a connection, or a result that says why not.</summary>
public readonly record struct SmtpOpening(SmtpConnection? Connection, SmtpSendResult? Failure);
