using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Millrace.Messaging.Inbound;

/// <summary>
/// A certificate with its chain from PEM files, read again when one of them has changed: what renews certificates replaces files and restarts nobody. While the new files
/// do not fit together (half written, the key still the old one) the old certificate stays.
/// </summary>
internal sealed partial class CertificateFile : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly string _certificate;
    private readonly string _key;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();

    // Whoever is in a handshake with a replaced one still needs it, so those are left to the finaliser.
    private SslStreamCertificateContext _context;
    private (DateTime, DateTime) _read;
    private long _lookedAt;

    /// <param name="key">Null or empty: it stands in the same file.</param>
    /// <exception cref="CryptographicException">No certificate, no key, or one of another.</exception>
    public CertificateFile(string certificate, string? key, TimeProvider clock, ILogger logger)
    {
        (_certificate, _key, _clock, _logger) = (certificate, string.IsNullOrEmpty(key) ? certificate : key, clock, logger);
        _read = Stamps();
        _context = Read();
        _lookedAt = clock.GetTimestamp();
    }

    public SslStreamCertificateContext Current()
    {
        lock (_gate)
        {
            if (_clock.GetElapsedTime(_lookedAt) >= LookAgain)
            {
                _lookedAt = _clock.GetTimestamp();
                ReadAgain();
            }

            return _context;
        }
    }

    public void Dispose() => _context.TargetCertificate.Dispose();

    private void ReadAgain()
    {
        var stamps = Stamps();
        if (stamps == _read)
        {
            return;
        }

        _read = stamps;
        try
        {
            _context = Read();
            LogRead(_certificate, _context.TargetCertificate.NotAfter);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            LogNotRead(e, _certificate);
        }
    }

    private (DateTime, DateTime) Stamps() => (File.GetLastWriteTimeUtc(_certificate), File.GetLastWriteTimeUtc(_key));

    private SslStreamCertificateContext Read()
    {
        var leaf = X509Certificate2.CreateFromPemFile(_certificate, _key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_certificate);

        // Others cannot check a certificate whose issuer's they do not have; but nobody's is fetched from here.
        return SslStreamCertificateContext.Create(leaf, [.. chain.Skip(1)], offline: true);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate of {File} was read again; it is good until {Until}")]
    private partial void LogRead(string file, DateTime until);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The changed certificate of {File} cannot be used; the one before stays")]
    private partial void LogNotRead(Exception exception, string file);
}
