using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Inbound;
using Millrace.Messaging.Links;
using Millrace.Messaging.Tests.Senders;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Inbound;

/// <summary>The product with its receiver on, a mail sink and a name server.</summary>
public sealed class InboundProduct : DomainProduct
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
        [.. base.Settings, new("Millrace:Inbound:Smtp", "127.0.0.1:0"), new("Millrace:Inbound:MaxSize", "2048"), new("Millrace:Inbound:UnmatchedPerDay", "3"),
            new("Millrace:Transactional:InboundDomain", "in.example"), new("Millrace:Inbound:Certificate", Certificate.File), new("Millrace:Inbound:CertificateKey", Certificate.KeyFile)];

    /// <summary>What the receiver shows with STARTTLS.</summary>
    public CertificateFiles Certificate { get; } = new();

    public int InboundPort => Services.GetRequiredService<InboundListener>().Port!.Value;

    /// <summary>Hands a mail to the receiver over SMTP, as another server does.</summary>
    public async Task<SmtpSendResult> ReceiveAsync(string to, string raw, string from = "")
    {
        var (connection, failure) = await SmtpConnection.OpenAsync(
            new SmtpEndpoint("127.0.0.1", InboundPort, SmtpTls.None), new SmtpClientOptions(), TimeProvider.System, CancellationToken.None);
        failure.ShouldBeNull();
        await using (connection)
        {
            return await connection!.SendAsync(
                new SmtpEnvelope(from, to), Encoding.UTF8.GetBytes(raw.ReplaceLineEndings("\r\n")), CancellationToken.None);
        }
    }

    public string AddressFor(TestAccount account, long send, bool reply = false) =>
        TokenAddress.Write(reply ? TokenPurpose.Reply : TokenPurpose.Bounce, "mail.example.test", account.Id, send, Services.GetRequiredService<TokenKeys>());
}

/// <summary>An inbound mail as tests look at it.</summary>
public sealed record InboundRowSeen(long Id, string Kind, string? Reason, string Sender, long? SendId, long? ContactId, string? ForwardState);

internal static class InboundMails
{
    public static async Task<List<InboundRowSeen>> InboundAsync(this TestAccount account)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"""
            select id, kind, reason, sender, send_id, contact_id, forward_state from messaging.inbound_mail where account_id = {account.Id} order by id
            """).ListAsync<InboundRowSeen>(work, CancellationToken.None);
    }

    /// <summary>Waits until so many have come in and all are worked on.</summary>
    public static async Task<List<InboundRowSeen>> WorkedOnAsync(this TestAccount account, int count)
    {
        List<InboundRowSeen> rows = [];
        await Product.EventuallyAsync(
            async () => (rows = await account.InboundAsync()).Count == count && rows.TrueForAll(r => r.Kind != "new"), $"{count} inbound mails are worked on");
        return rows;
    }

    public static async Task<T> AskAsync<T>(this TestAccount account, Sql question)
    {
        await using var work = await account.BeginAsync();
        return (await question.FirstAsync<T>(work, CancellationToken.None))!;
    }

    public static async Task ExecuteAsync(this TestAccount account, Sql change)
    {
        await using var work = await account.BeginAsync();
        await change.ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    public static string Dsn(string status, string diagnostic, string action = "failed", string recipient = "bob@there.example") => $"""
        From: Mail Delivery System <MAILER-DAEMON@mx.there.example>
        To: bounces@mail.example.test
        Subject: Undelivered Mail Returned to Sender
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="B"

        --B
        Content-Type: text/plain

        I'm sorry to have to inform you.

        --B
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.there.example
        Arrival-Date: Thu, 01 Jan 2026 00:00:00 +0000

        Final-Recipient: rfc822; {recipient}
        Action: {action}
        Status: {status}
        Remote-MTA: dns; in.there.example
        Diagnostic-Code: smtp; {diagnostic}

        --B--
        """;

    public static string Arf(string headers, string type = "abuse") => $"""
        From: <feedback@isp.example>
        To: fbl@mail.example.test
        Subject: complaint
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="A"

        --A
        Content-Type: text/plain

        A person pressed the button.

        --A
        Content-Type: message/feedback-report

        Feedback-Type: {type}
        User-Agent: ISP-Loop/1.0
        Version: 1

        --A
        Content-Type: message/rfc822

        {headers}
        Subject: Hello

        Hi

        --A--
        """;

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
