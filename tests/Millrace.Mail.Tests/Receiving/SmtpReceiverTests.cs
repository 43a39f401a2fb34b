using System.Net.Sockets;
using System.Text;
using Millrace.Mail.Receiving;

namespace Millrace.Mail.Tests.Receiving;

/// <summary>What the receiver answers, by replay: our lines, then the codes that come back.</summary>
public sealed class SmtpReceiverTests
{
    private const string Hello = "EHLO me\r\n";
    private const string Good = "MAIL FROM:<a@b.cd>\r\nRCPT TO:<x@b.cd>\r\nDATA\r\n";

    [Theory]
    [InlineData(Hello + Good + "hi\r\n.\r\nQUIT\r\n", "220 250 250 250 354 250 221")]
    [InlineData(Hello + "MAIL FROM:<>\r\nRCPT TO:<x@b.cd>\r\nDATA\r\n.\r\nQUIT\r\n", "220 250 250 250 354 250 221")]
    [InlineData("MAIL FROM:<a@b.cd>\r\nQUIT\r\n", "220 503 221")]
    [InlineData(Hello + "RCPT TO:<x@b.cd>\r\nDATA\r\nQUIT\r\n", "220 250 503 503 221")]
    [InlineData(Hello + "MAIL FROM:a@b.cd\r\nMAIL FROM:<a@b.cd> SIZE=99999999999\r\nXYZ\r\n\r\nQUIT\r\n", "220 250 501 552 500 500 221")]
    [InlineData(Hello + "MAIL FROM:<a@b.cd>\r\nRCPT TO:<>\r\nDATA\r\nRSET\r\nNOOP\r\nSTARTTLS\r\nQUIT\r\n", "220 250 250 501 554 250 250 502 221")]
    [InlineData(Hello + Good + "..x\r\n.y\r\n.\r\n" + Good + "two\r\n.\r\nQUIT\r\n", "220 250 250 250 354 250 250 250 354 250 221")]
    public async Task A_session_is_answered_like_this(string lines, string codes)
    {
        await using var sink = FaultSink.Start();

        (await TalkAsync(sink, lines)).ShouldBe(codes);
    }

    [Fact]
    public async Task Only_a_dot_between_two_crlf_ends_a_message()
    {
        await using var sink = FaultSink.Start();

        await TalkAsync(sink, Hello + Good + "a\n.\nMAIL FROM:<evil@b.cd>\n\r\n.\nb\r\n..c\r\n.\r\nQUIT\r\n");

        Encoding.ASCII.GetString(sink.Messages.Single().Bytes.Span).ShouldBe("a\n.\nMAIL FROM:<evil@b.cd>\n\r\n\nb\r\n.c\r\n");
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_and_the_session_goes_on()
    {
        await using var sink = FaultSink.Start(new SmtpReceiverOptions { MaxMessageSize = 1_000 });
        var large = string.Concat(Enumerable.Repeat("0123456789\r\n.\n", 5_000)) + "\r\n";

        (await TalkAsync(sink, Hello + Good + large + ".\r\n" + Good + "hi\r\n.\r\nQUIT\r\n")).ShouldBe("220 250 250 250 354 552 250 250 354 250 221");

        sink.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Endless_lines_and_endless_errors_end_the_connection()
    {
        await using var sink = FaultSink.Start();

        (await TalkAsync(sink, new string('x', 5_000))).ShouldBe("220 500");
        (await TalkAsync(sink, string.Concat(Enumerable.Repeat("BAD\r\n", 30)))).ShouldEndWith("500 421");
    }

    [Fact]
    public async Task Too_many_connections_hear_421()
    {
        await using var sink = FaultSink.Start(new SmtpReceiverOptions { MaxConnections = 1 });
        using var first = new TcpClient();
        await first.ConnectAsync("127.0.0.1", sink.Port);
        (await new StreamReader(first.GetStream()).ReadLineAsync()).ShouldStartWith("220");

        (await TalkAsync(sink, "")).ShouldBe("421");
    }

    [Fact]
    public async Task Stopping_ends_open_sessions()
    {
        var sink = FaultSink.Start();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", sink.Port);
        var reader = new StreamReader(client.GetStream());
        await reader.ReadLineAsync();

        await sink.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

        (await reader.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Waiting_for_messages_ends_when_they_came_or_the_time_is_up()
    {
        await using var sink = FaultSink.Start();
        var waiting = sink.WaitForAsync(1, TimeSpan.FromSeconds(10));

        await TalkAsync(sink, Hello + Good + "hi\r\n.\r\nQUIT\r\n");

        await waiting;
        await Should.ThrowAsync<TimeoutException>(() => sink.WaitForAsync(2, TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task A_handler_that_fails_defers_the_message_and_keeps_the_session()
    {
        await using var receiver = SmtpReceiver.Start(new FailingHandler(), new SmtpReceiverOptions(), TimeProvider.System);

        (await TalkAsync(receiver.EndPoint.Port, Hello + Good + "hi\r\n.\r\nNOOP\r\nQUIT\r\n")).ShouldBe("220 250 250 250 354 451 250 221");
    }

    private sealed class FailingHandler : ISmtpHandler
    {
        public ValueTask<SmtpAnswer> OnMessageAsync(SmtpSession session, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("no room");
    }

    private static Task<string> TalkAsync(FaultSink sink, string lines) => TalkAsync(sink.Port, lines);

    private static async Task<string> TalkAsync(int port, string lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(lines));
        var codes = new List<string>();
        using var reader = new StreamReader(stream);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            while (await reader.ReadLineAsync(limit.Token) is { } line)
            {
                if (line is [_, _, _, not '-', ..])
                {
                    codes.Add(line[..3]);
                }
            }
        }
        catch (IOException)
        {
            // Closed with our bytes unread: a reset.
        }

        return string.Join(' ', codes);
    }
}
