using System.Text;
using Millrace.Mail.Receiving;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Tests.Smtp;

internal static class SmtpClientKit
{
    public static readonly byte[] Message = Encoding.ASCII.GetBytes("Subject: x\r\n\r\n.dot\r\n..\r\nend\r\n");

    /// <summary>Time-outs of a second: what is late in the table is later than that.</summary>
    public static readonly SmtpClientOptions Options = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        CommandTimeout = TimeSpan.FromSeconds(1),
        DataTimeout = TimeSpan.FromSeconds(1),
        BlockTimeout = TimeSpan.FromSeconds(5),
        FinalDotTimeout = TimeSpan.FromSeconds(1),
    };

    public static SmtpEndpoint EndpointOf(FaultSink sink, SmtpTls tls = SmtpTls.None) => new("127.0.0.1", sink.Port, tls);

    public static Task<SmtpOpening> OpenAsync(FaultSink sink) =>
        SmtpConnection.OpenAsync(EndpointOf(sink), Options, TimeProvider.System, CancellationToken.None);
}
