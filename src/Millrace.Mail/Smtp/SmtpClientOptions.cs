using System.Net.Security;
using System.Net.Sockets;

namespace Millrace.Mail.Smtp;

/// <summary>How a client behaves; the defaults are those of the product.</summary>
public sealed record SmtpClientOptions
{
    /// <summary>What we call ourselves. ASCII without blanks or controls.</summary>
    public string EhloName { get; init; } = "localhost";

    /// <summary>Also covers the TLS handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Banner, EHLO, AUTH, MAIL, RCPT, RSET.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan DataTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>For each block of the body.</summary>
    public TimeSpan BlockTimeout { get; init; } = TimeSpan.FromSeconds(180);

    public TimeSpan FinalDotTimeout { get; init; } = TimeSpan.FromSeconds(600);

    public int MaxMessagesPerConnection { get; init; } = 100;

    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Results carry the conversation, without passwords and bodies.</summary>
    public bool KeepsDialogue { get; init; }

    /// <summary>The same with all time-outs multiplied.</summary>
    public SmtpClientOptions WithPatience(double factor) => this with
    {
        ConnectTimeout = ConnectTimeout * factor,
        CommandTimeout = CommandTimeout * factor,
        DataTimeout = DataTimeout * factor,
        BlockTimeout = BlockTimeout * factor,
        FinalDotTimeout = FinalDotTimeout * factor,
    };

    /// <summary>How the server is reached, for callers who choose addresses themselves. Null = by the system's name look-up.</summary>
    public Func<string, int, CancellationToken, ValueTask<Socket>>? Connect { get; init; }

    /// <summary>Null = the system's own check of the server's certificate.</summary>
    public RemoteCertificateValidationCallback? CertificateCheck { get; init; }
}
