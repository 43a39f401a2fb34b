using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Millrace.Mail.Receiving;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Tests.Smtp;

public sealed class SmtpTlsTests
{
    private static readonly SmtpClientOptions Trusting = SmtpClientKit.Options with { CertificateCheck = (_, certificate, _, _) => certificate?.Subject == "CN=127.0.0.1" };

    [Fact]
    public async Task Mail_travels_encrypted_after_starttls()
    {
        await using var sink = Sink();

        await using var connection = (await OpenAsync(sink, Trusting)).Connection!;
        var result = await connection.SendAsync(new SmtpEnvelope("a@b.cd", "x@b.cd"), SmtpClientKit.Message, CancellationToken.None);

        result.Accepted.ShouldBeTrue();
        connection.Capabilities.StartTls.ShouldBeFalse("asked again after TLS");
        sink.Messages[0].Bytes.ToArray().ShouldBe(SmtpClientKit.Message);
    }

    [Theory]
    [InlineData("nostarttls")]
    [InlineData("noext")]
    public async Task Without_tls_there_is_no_mail(string directives)
    {
        await using var sink = Sink();
        sink.Directives = directives;

        var failure = (await OpenAsync(sink, Trusting)).Failure!;

        (failure.Stage, ReplyClassifier.Classify(failure).Class).ShouldBe((SmtpStage.Tls, ReplyClass.Tls));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        await using var sink = Sink();

        var failure = (await OpenAsync(sink, SmtpClientKit.Options)).Failure!;

        (failure.Stage, ReplyClassifier.Classify(failure).Class).ShouldBe((SmtpStage.Tls, ReplyClass.Tls));
        sink.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_plain_reply_slipped_in_after_starttls_ends_the_connection()
    {
        await using var sink = Sink();
        sink.Directives = "notls-after-starttls";

        var failure = (await OpenAsync(sink, Trusting)).Failure!;

        (failure.Stage, failure.Exception).ShouldSatisfyAllConditions(
            f => f.Stage.ShouldBe(SmtpStage.Tls),
            f => f.Exception.ShouldBeOfType<SmtpProtocolException>());
    }

    [Fact]
    public async Task Commands_that_came_along_in_clear_text_are_no_part_of_the_encrypted_session()
    {
        await using var sink = Sink();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", sink.Port, TestContext.Current.CancellationToken);
        var plain = client.GetStream();

        await plain.WriteAsync("EHLO me\r\nSTARTTLS\r\nEHLO other\r\nMAIL FROM:<evil@b.cd>\r\nRCPT TO:<x@b.cd>\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var greeting = new StringBuilder();
        while (!greeting.ToString().Contains("220 go ahead", StringComparison.Ordinal) || greeting[^1] != '\n')
        {
            var bytes = new byte[1];
            await plain.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
            greeting.Append((char)bytes[0]);
        }

        await using var tls = new SslStream(plain, false, (_, certificate, _, _) => certificate?.Subject == "CN=127.0.0.1");
        await tls.AuthenticateAsClientAsync("127.0.0.1");
        using var reader = new StreamReader(tls);
        await tls.WriteAsync("RCPT TO:<x@b.cd>\r\nMAIL FROM:<a@b.cd>\r\nQUIT\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var answers = new List<string>();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            answers.Add(line[..3]);
        }

        answers.ShouldBe(["503", "503", "221"], "neither EHLO nor MAIL has been said since TLS began");
    }

    private static Task<SmtpOpening> OpenAsync(FaultSink sink, SmtpClientOptions options) =>
        SmtpConnection.OpenAsync(SmtpClientKit.EndpointOf(sink, SmtpTls.StartTls), options, TimeProvider.System, CancellationToken.None);

    private static FaultSink Sink()
    {
        using var key = RSA.Create(2_048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return FaultSink.Start(new SmtpReceiverOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null),
        });
    }
}
