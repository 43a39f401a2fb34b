using System.Text;
using Millrace.Mail.Mime;
using Millrace.Mail.Receiving;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Tests.Smtp;

public sealed class SmtpPoolTests
{
    [Fact]
    public async Task Connections_are_reused_and_never_more_than_the_pool_holds()
    {
        await using var sink = FaultSink.Start();
        await using var pool = new SmtpPool(SmtpClientKit.EndpointOf(sink), 3, SmtpClientKit.Options, TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 60).Select(n => SendAsync(pool, $"u{n}@b.cd")));

        (sink.Count, sink.Connections <= 3).ShouldBe((60, true));
        sink.Messages.Select(m => m.To[0]).Distinct(StringComparer.Ordinal).Count().ShouldBe(60);
    }

    [Fact]
    public async Task A_connection_ends_after_its_hundred_messages()
    {
        await using var sink = FaultSink.Start();
        await using var pool = new SmtpPool(SmtpClientKit.EndpointOf(sink), 1, SmtpClientKit.Options, TimeProvider.System);

        for (var i = 0; i < 101; i++)
        {
            await SendAsync(pool, "x@b.cd");
        }

        (sink.Count, sink.Connections).ShouldBe((101, 2));
    }

    [Fact]
    public async Task An_idle_connection_is_not_used_again()
    {
        var clock = new ManualClock();
        await using var sink = FaultSink.Start();
        await using var pool = new SmtpPool(SmtpClientKit.EndpointOf(sink), 1, SmtpClientKit.Options, clock);

        await SendAsync(pool, "x@b.cd");
        clock.Elapsed = TimeSpan.FromSeconds(29);
        await SendAsync(pool, "x@b.cd");
        clock.Elapsed += TimeSpan.FromSeconds(31);
        await SendAsync(pool, "x@b.cd");

        (sink.Count, sink.Connections).ShouldBe((3, 2));
    }

    [Fact]
    public async Task A_server_that_closes_in_between_costs_no_message()
    {
        await using var sink = FaultSink.Start();
        await using var pool = new SmtpPool(SmtpClientKit.EndpointOf(sink), 1, SmtpClientKit.Options, TimeProvider.System);
        var opening = await pool.RentAsync(CancellationToken.None);
        (await opening.Connection!.SendAsync(new SmtpEnvelope("a@b.cd", "idleclose@b.cd"), SmtpClientKit.Message, CancellationToken.None)).Accepted.ShouldBeTrue();
        SpinWait.SpinUntil(() => !opening.Connection.IsReusable, TimeSpan.FromSeconds(5)).ShouldBeTrue();

        await pool.ReturnAsync(opening.Connection);
        await SendAsync(pool, "x@b.cd");

        (sink.Count, sink.Connections).ShouldBe((2, 2));
    }

    [Fact]
    public async Task A_failed_opening_holds_no_place()
    {
        await using var sink = FaultSink.Start();
        await using var pool = new SmtpPool(SmtpClientKit.EndpointOf(sink), 1, SmtpClientKit.Options, TimeProvider.System);
        sink.Directives = "drop-banner";

        (await pool.RentAsync(CancellationToken.None)).Failure.ShouldNotBeNull();
        sink.Directives = "";

        await SendAsync(pool, "x@b.cd");
        sink.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_arrives_byte_for_byte()
    {
        await using var sink = FaultSink.Start();
        await using var pool = new SmtpPool(SmtpClientKit.EndpointOf(sink), 1, SmtpClientKit.Options, TimeProvider.System);
        var random = new Random(9);
        for (var i = 0; i < 100; i++)
        {
            var message = Encoding.ASCII.GetBytes(string.Concat(random.GetItems(["\r\n", ".", "..", "a", "\r\n.\r\n", "\r\n..\r\n"], random.Next(i * 400))) + "\r\n");

            await SendAsync(pool, "x@b.cd", message);

            sink.Messages[i].Bytes.ToArray().ShouldBe(message);
        }
    }

    [Theory]
    [InlineData("a@b.cd>\r\nRCPT TO:<x@y.zz")]
    [InlineData("a b@c.de")]
    [InlineData("a@b.cd\0")]
    [InlineData("")]
    public void What_would_break_out_of_a_command_is_refused(string evil)
    {
        Should.Throw<InvalidHeaderException>(() => new SmtpEnvelope("a@b.cd", evil)).Code.ShouldBe("header_invalid");
        Should.Throw<InvalidHeaderException>(() =>
        {
            _ = SmtpConnection.OpenAsync(new SmtpEndpoint("127.0.0.1", 1, SmtpTls.None), new SmtpClientOptions { EhloName = evil }, TimeProvider.System, CancellationToken.None);
        });
    }

    [Theory]
    [InlineData("x\ny\r\n")]
    [InlineData("x\ry\r\n")]
    [InlineData("x\n.\r\nMAIL FROM:<evil@x.yz>\r\n")]
    public async Task A_message_with_bare_line_ends_is_not_sent(string text)
    {
        await using var sink = FaultSink.Start();
        await using var connection = (await SmtpClientKit.OpenAsync(sink)).Connection!;

        await Should.ThrowAsync<ArgumentException>(() =>
            connection.SendAsync(new SmtpEnvelope("a@b.cd", "x@b.cd"), Encoding.ASCII.GetBytes(text), CancellationToken.None));

        (sink.Count, connection.IsReusable).ShouldBe((0, true));
    }

    private static async Task SendAsync(SmtpPool pool, string to, byte[]? message = null)
    {
        var opening = await pool.RentAsync(CancellationToken.None);
        (await opening.Connection!.SendAsync(new SmtpEnvelope("a@b.cd", to), message ?? SmtpClientKit.Message, CancellationToken.None)).Accepted.ShouldBeTrue();
        await pool.ReturnAsync(opening.Connection);
    }

    private sealed class ManualClock : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
