using System.Net;
using System.Net.Sockets;
using System.Text;
using Millrace.Mail.Imap;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Tests.Imap;

/// <summary>Servers that lie, flood, or are no IMAP servers at all: each ends with a fault, soon, and holds nothing.</summary>
public sealed class ImapHostileTests
{
    private const string Good = "* OK hi\r\n";
    private const string Capability = "* CAPABILITY IMAP4rev1\r\nA1 OK\r\n";

    private static readonly ImapClientOptions Small = new()
    {
        MaxLine = 4_000,
        MaxLiteral = 10_000,
        MaxAnswer = 100_000,
        CommandTimeout = TimeSpan.FromSeconds(20),
        ConnectTimeout = TimeSpan.FromSeconds(20),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("220 smtp.example ESMTP\r\n", ImapFault.Protocol)]
    [InlineData("* BYE too busy\r\n", ImapFault.Connection)]
    [InlineData("", ImapFault.Connection)]
    [InlineData(Good + "A1 BAD what\r\n", ImapFault.Refused)]
    [InlineData(Good + "A2 OK not yours\r\n", ImapFault.Protocol)]
    [InlineData(Good + "+ go on\r\n", ImapFault.Protocol)]
    [InlineData(Good + "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nA1 OK\r\n", ImapFault.Tls)]
    [InlineData(Good + Capability + "A2 NO wrong password\r\n", ImapFault.Login)]
    [InlineData(Good + "* CAPABILITY \u0000\r\nA1 OK\r\n", ImapFault.Protocol)]
    [InlineData(Good + "* LIST {99999999999}\r\n", ImapFault.Protocol)]
    [InlineData(Good + "* LIST {20000}\r\n", ImapFault.Protocol)]
    public async Task Before_anybody_is_in(string says, ImapFault fault) =>
        (await Should.ThrowAsync<ImapException>(() => OpenAsync(says))).Fault.ShouldBe(fault);

    [Fact]
    public async Task A_line_or_an_answer_without_end_is_cut_off()
    {
        (await Should.ThrowAsync<ImapException>(() => OpenAsync(Good + "* CAPABILITY " + new string('x', 5_000)))).Fault.ShouldBe(ImapFault.Protocol);
        var flood = new StringBuilder(Good);
        for (var i = 0; i < 9_000; i++)
        {
            flood.Append("* 1 EXISTS and more to read\r\n");
        }

        (await Should.ThrowAsync<ImapException>(() => OpenAsync(flood.ToString()))).Fault.ShouldBe(ImapFault.Protocol);
    }

    [Fact]
    public async Task StartTls_with_something_behind_its_answer_or_let_in_before_it_is_refused()
    {
        const string offer = "* CAPABILITY IMAP4rev1 STARTTLS\r\nA1 OK\r\n";
        foreach (var says in new[] { Good + offer + "A2 OK begin\r\n* OK injected\r\n", "* PREAUTH welcome\r\n" + offer, Good + Capability })
        {
            (await Should.ThrowAsync<ImapException>(() => OpenAsync(says, SmtpTls.StartTls))).Fault.ShouldBe(ImapFault.Tls);
        }
    }

    [Fact]
    public async Task What_was_not_asked_for_is_passed_over_and_odd_shapes_are_read()
    {
        await using var connection = await OpenAsync(
            Good + Capability + "A2 OK in\r\n"
            + "* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY 7] ok\r\n* 3 EXISTS\r\n* OK [UIDNEXT 12]\r\nA3 OK [READ-ONLY] done\r\n"
            + "* SEARCH 5 3 x 4294967296 9\r\n* SEARCH\r\nA4 OK\r\n"
            + "* 1 FETCH (UID 3 RFC822.SIZE 10 BODY[HEADER.FIELDS (FROM)] {13}\r\nFrom: a@b\r\n\r\n)\r\n* 2 FETCH (FLAGS (\\Seen) UID 99 BODY[] \"no\")\r\n* 3 FETCH (UID 3 BODY[] \"twice\")\r\n* 9 EXPUNGE\r\nA5 OK\r\n"
            + "* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent \\\"Things\\\"\"\r\n* LIST () NIL {4}\r\nOdd{\r\n* LIST (((((((((((((((((((((((((\r\nA6 OK\r\n");
        (await connection.ExamineAsync("INBOX", Token)).ShouldBe(new ImapStatus(7, 12, 3));
        (await connection.SearchAsync("ALL", Token)).ShouldBe([3u, 5u, 9u]);
        var mail = (await connection.FetchHeadersAsync([3], "FROM", Token)).ShouldHaveSingleItem();
        (mail.Uid, mail.Size, Encoding.ASCII.GetString(mail.Content)).ShouldBe((3u, 10u, "From: a@b\r\n\r\n"));
        (await Should.ThrowAsync<ImapException>(() => connection.ListAsync(Token))).Fault.ShouldBe(ImapFault.Protocol);
    }

    [Theory]
    [InlineData("a\r\nA9 DELETE INBOX")]
    [InlineData("a\u0000b")]
    [InlineData("sent\u00e9")]
    public void A_name_that_would_break_out_of_its_command_is_not_sent(string name) =>
        Should.Throw<ImapException>(() => ImapConnection.Quote(name)).Fault.ShouldBe(ImapFault.Refused);

    [Fact]
    public void Quotes_and_backslashes_are_escaped() => ImapConnection.Quote("a\"b\\c").ShouldBe("\"a\\\"b\\\\c\"");

    [Fact]
    public void Any_bytes_are_read_or_refused_within_their_limits()
    {
        var random = new Random(7);
        var cases = int.TryParse(Environment.GetEnvironmentVariable("MILLRACE_FUZZ"), out var many) ? many : 3_000;
        const string alphabet = "*() \"\\[]{}<>ABC019NIL\u0000\u00ff.";
        for (var i = 0; i < cases; i++)
        {
            var bytes = new byte[random.Next(60)];
            for (var j = 0; j < bytes.Length; j++)
            {
                bytes[j] = (byte)alphabet[random.Next(alphabet.Length)];
            }

            try
            {
                new ImapParser(bytes, [[1, 2], [3]], 20).All();
            }
            catch (ImapException e)
            {
                e.Fault.ShouldBe(ImapFault.Protocol);
            }
        }
    }

    /// <summary>A server that says its piece at once, whatever it is asked, and closes.</summary>
    private static async Task<ImapConnection> OpenAsync(string says, SmtpTls tls = SmtpTls.None)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = SpeakAsync(listener, Encoding.Latin1.GetBytes(says));
        return await ImapConnection.OpenAsync(new ImapEndpoint("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, tls, "ann", "secret"), Small, Token);
    }

    private static async Task SpeakAsync(TcpListener listener, byte[] says)
    {
        try
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            await stream.WriteAsync(says);
            client.Client.Shutdown(SocketShutdown.Send);

            // What it is told is read to the end, or its own words could be lost with the connection.
            var told = new byte[4096];
            while (await stream.ReadAsync(told) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The client has had enough.
        }
    }
}
