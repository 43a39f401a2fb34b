using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Workers;
using Millrace.Mail.Receiving;

namespace Millrace.Messaging.Inbound;

/// <summary>The SMTP receiver of the product, when <c>Millrace:Inbound:Smtp</c> says where.</summary>
internal sealed partial class InboundListener(
    InboundHandler handler, InboundRecipients recipients, ProcessRoles roles, IOptions<InboundOptions> options, ILogger<InboundListener> logger) : IHostedService, IAsyncDisposable
{
    private SmtpReceiver? _receiver;
    private CertificateFile? _certificate;

    /// <summary>The port it listens on; null while it does not.</summary>
    public int? Port => _receiver?.EndPoint.Port;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var wanted = options.Value;
        if (!wanted.Listens || !roles.Web)
        {
            return Task.CompletedTask;
        }

        try
        {
            _certificate = wanted.Certificate is { Length: > 0 } file ? new CertificateFile(file, wanted.CertificateKey, TimeProvider.System, logger) : null;
            // Its own time-outs are of the network, not of the product's (virtual) time.
            _receiver = SmtpReceiver.Start(
                handler,
                new SmtpReceiverOptions
                {
                    Listen = wanted.EndPoint!,
                    HostName = recipients.Host ?? "localhost",
                    MaxMessageSize = wanted.MaxSize * 1024,
                    MaxRecipients = 20,
                    MaxConnections = wanted.Connections,
                    IdleTimeout = TimeSpan.FromMinutes(2),
                    CertificateSource = _certificate is null ? null : _certificate.Current,
                },
                TimeProvider.System);
        }
        catch (Exception e) when (e is SocketException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Millrace:Inbound:Smtp: cannot listen on {wanted.Smtp}: {e.Message}");
        }

        LogListening(_receiver.EndPoint.ToString(), _certificate is not null);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _receiver, null) is { } receiver)
        {
            await receiver.DisposeAsync();
        }

        _certificate?.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Takes bounces and replies on {EndPoint} (TLS offered: {Tls})")]
    private partial void LogListening(string endPoint, bool tls);
}
