using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Millrace.Mail.Receiving;

/// <summary>Limits and offers of a receiver.</summary>
public sealed record SmtpReceiverOptions
{
    /// <summary>Port 0 = any free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    public string HostName { get; init; } = "localhost";

    /// <summary>Bytes, default 10 MB; larger messages get 552 5.3.4.</summary>
    public int MaxMessageSize { get; init; } = 10 * 1024 * 1024;

    public int MaxRecipients { get; init; } = 100;

    /// <summary>Further connections get 421.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>A peer that says nothing for so long is cut off.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>With a certificate, STARTTLS is offered.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The same with its chain, asked for anew by each connection, so that a renewed one is shown without a restart. Null, or what it returns: see <see cref="Certificate"/>.</summary>
    public Func<SslStreamCertificateContext?>? CertificateSource { get; init; }

    /// <summary>What TLS is to show now; null: STARTTLS is not offered.</summary>
    internal SslServerAuthenticationOptions? Tls() => CertificateSource?.Invoke() is { } context ? new() { ServerCertificateContext = context }
        : Certificate is not null ? new() { ServerCertificate = Certificate } : null;

    /// <summary>Who is let in by user name and password; with it AUTH PLAIN is offered, and asked of nobody. For tests.</summary>
    public Func<string, string, bool>? Login { get; init; }
}
