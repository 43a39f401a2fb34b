using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Millrace.Mail.Smtp;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Inbound;

/// <summary>A certificate of an issuer between it and the root, in PEM files as they are renewed on a server.</summary>
public sealed class CertificateFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-tls-");
    private readonly RSA _rootKey = RSA.Create(2_048);
    private readonly RSA _betweenKey = RSA.Create(2_048);
    private readonly X509Certificate2 _between;
    private DateTime _written = DateTime.UtcNow.AddHours(-1);

    public CertificateFiles()
    {
        Root = Authority("CN=Test root", _rootKey).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(9));
        _between = Authority("CN=Test issuer", _betweenKey).Create(Root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(8), [1]);
        Renew("first");
    }

    public X509Certificate2 Root { get; }

    public string File => Path.Combine(_folder.FullName, "chain.pem");

    public string KeyFile => Path.Combine(_folder.FullName, "key.pem");

    /// <summary>Writes another certificate for localhost.</summary>
    /// <param name="keyToo">False: as in the moment between the two files.</param>
    public void Renew(string name, bool keyToo = true)
    {
        using var key = RSA.Create(2_048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var issuer = _between.CopyWithPrivateKey(_betweenKey);
        using var leaf = request.Create(issuer, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(90), RandomNumberGenerator.GetBytes(8));
        Write(File, leaf.ExportCertificatePem() + "\n" + _between.ExportCertificatePem() + "\n");
        if (keyToo)
        {
            Write(KeyFile, key.ExportPkcs8PrivateKeyPem());
        }
    }

    public void Dispose()
    {
        _rootKey.Dispose();
        _betweenKey.Dispose();
        _between.Dispose();
        Root.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Write(string file, string text)
    {
        System.IO.File.WriteAllText(file, text);
        System.IO.File.SetLastWriteTimeUtc(file, _written = _written.AddSeconds(1));
    }

    private static CertificateRequest Authority(string name, RSA key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }
}

public sealed partial class InboundTests
{
    [Fact]
    public async Task Mail_comes_in_over_tls_with_the_whole_chain_and_a_renewed_certificate_is_shown_without_a_restart()
    {
        var (account, _, send) = await SentAsync("tls@hard.example");

        (await ReceiveByTlsAsync(product.AddressFor(account, send), InboundMails.Dsn("5.1.1", "550 5.1.1 unknown"))).ShouldBe("CN=first");
        (await account.WorkedOnAsync(1))[0].Kind.ShouldBe("bounce");

        product.Certificate.Renew("torn", keyToo: false);
        await Task.Delay(TimeSpan.FromSeconds(1.1), Token);
        (await ReceiveByTlsAsync(product.AddressFor(account, send), "Subject: x\n\nx\n")).ShouldBe("CN=first", "a certificate without its key is none");

        product.Certificate.Renew("second");
        await Product.EventuallyAsync(
            async () => await ReceiveByTlsAsync(product.AddressFor(account, send), "Subject: x\n\nx\n") == "CN=second", "the renewed certificate is shown");
    }

    /// <returns>Subject of the certificate that the receiver showed, when a client that trusts the root alone has handed its mail over.</returns>
    private async Task<string> ReceiveByTlsAsync(string to, string raw)
    {
        string? subject = null;
        var options = new SmtpClientOptions
        {
            CertificateCheck = (_, certificate, chain, errors) =>
            {
                subject = certificate!.Subject;
                using var own = new X509Chain();
                own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                own.ChainPolicy.CustomTrustStore.Add(product.Certificate.Root);
                // What the server sent besides its own.
                own.ChainPolicy.ExtraStore.AddRange(chain!.ChainPolicy.ExtraStore);
                return !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && own.Build((X509Certificate2)certificate);
            },
        };
        var (connection, failure) = await SmtpConnection.OpenAsync(new SmtpEndpoint("localhost", product.InboundPort, SmtpTls.StartTls), options, TimeProvider.System, Token);
        failure.ShouldBeNull();
        await using (connection)
        {
            (await connection!.SendAsync(new SmtpEnvelope("", to), Encoding.UTF8.GetBytes(raw.ReplaceLineEndings("\r\n")), Token)).Accepted.ShouldBeTrue();
        }

        return subject!;
    }
}
