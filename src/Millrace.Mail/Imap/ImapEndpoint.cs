using System.Net.Security;
using System.Net.Sockets;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Imap;

/// <summary>Where a mailbox is and how to get in.</summary>
/// <param name="Password">A secret; <see cref="ToString"/> does not show it.</param>
public sealed record ImapEndpoint(string Host, int Port, SmtpTls Tls, string User, string Password)
{
    public override string ToString() => FormattableString.Invariant($"imap://{Host}:{Port}");
}

/// <summary>How a client behaves; every size that a server decides has a limit.</summary>
public sealed record ImapClientOptions
{
    /// <summary>Also covers the TLS handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>For a whole command with all its answers.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of one line, literals apart.</summary>
    public int MaxLine { get; init; } = 64 * 1024;

    /// <summary>Bytes of one literal.</summary>
    public int MaxLiteral { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of all answers to one command.</summary>
    public long MaxAnswer { get; init; } = 32 * 1024 * 1024;

    /// <summary>Lists within lists.</summary>
    public int MaxDepth { get; init; } = 20;

    /// <summary>How the server is reached. Null = by the system's name look-up.</summary>
    public Func<string, int, CancellationToken, ValueTask<Socket>>? Connect { get; init; }

    /// <summary>Null = the system's own check of the server's certificate.</summary>
    public RemoteCertificateValidationCallback? CertificateCheck { get; init; }
}

public enum ImapFault
{
    /// <summary>Not reached, or the connection ended.</summary>
    Connection,

    /// <summary>No secure connection: certificate, or no STARTTLS.</summary>
    Tls,

    /// <summary>User name or password is not taken.</summary>
    Login,

    /// <summary>The server said NO or BAD.</summary>
    Refused,

    /// <summary>What it says is not IMAP, or larger than a limit.</summary>
    Protocol,
}

/// <summary>Something went wrong with a mailbox; after all but <see cref="ImapFault.Refused"/> the connection is of no more use.</summary>
public sealed class ImapException(ImapFault fault, string message, Exception? inner = null) : IOException(message, inner)
{
    public ImapFault Fault { get; } = fault;
}
