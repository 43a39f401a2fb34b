using System.Text;
using Millrace.Mail.Receiving;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Tests.Smtp;

/// <summary>Each way a server can err: how far we came, what it means, whether it may have the mail, whether the connection lives.</summary>
public sealed class FaultTableTests
{
    private const bool HandedOff = true;
    private const bool NotHandedOff = false;
    private const bool Reused = true;
    private const bool Closed = false;

    public static TheoryData<string, SmtpStage, ReplyClass, bool, bool, int> Table => new()
    {
        { "plain", SmtpStage.Done, ReplyClass.Sent, HandedOff, Reused, 1 },
        { "multiline", SmtpStage.Done, ReplyClass.Sent, HandedOff, Reused, 1 },
        { "split", SmtpStage.Done, ReplyClass.Sent, HandedOff, Reused, 1 },
        { "split-dot+multiline-mail", SmtpStage.Done, ReplyClass.Sent, HandedOff, Reused, 1 },
        { "tarpit-50", SmtpStage.Done, ReplyClass.Sent, HandedOff, Reused, 1 },
        { "acceptlate-0.1", SmtpStage.Done, ReplyClass.Sent, HandedOff, Reused, 1 },
        { "m-550-5.7.1", SmtpStage.Mail, ReplyClass.SenderConfig, NotHandedOff, Reused, 0 },
        { "m-421-4.3.2", SmtpStage.Mail, ReplyClass.Busy, NotHandedOff, Closed, 0 },
        { "r-550-5.1.1", SmtpStage.Rcpt, ReplyClass.NoUser, NotHandedOff, Reused, 0 },
        { "r-451-4.3.0", SmtpStage.Rcpt, ReplyClass.Temporary, NotHandedOff, Reused, 0 },
        { "r-421-4.7.0", SmtpStage.Rcpt, ReplyClass.Throttled, NotHandedOff, Closed, 0 },
        { "r-250", SmtpStage.Done, ReplyClass.Sent, HandedOff, Reused, 1 },
        { "d-451-4.3.0", SmtpStage.Data, ReplyClass.Temporary, NotHandedOff, Reused, 0 },
        { "d-554-5.7.1", SmtpStage.Data, ReplyClass.Blocked, NotHandedOff, Reused, 0 },
        { "d-250", SmtpStage.Data, ReplyClass.Protocol, NotHandedOff, Closed, 0 },
        { "dot-554-5.7.1", SmtpStage.FinalDot, ReplyClass.Blocked, NotHandedOff, Reused, 0 },
        { "dot-452-4.2.2", SmtpStage.FinalDot, ReplyClass.MailboxFull, NotHandedOff, Reused, 0 },
        { "dot-354", SmtpStage.FinalDot, ReplyClass.Protocol, HandedOff, Closed, 0 },
        { "dot-421-4.4.5", SmtpStage.FinalDot, ReplyClass.Busy, NotHandedOff, Closed, 0 },
        { "drop-mail", SmtpStage.Mail, ReplyClass.HostDown, NotHandedOff, Closed, 0 },
        { "drop-rcpt", SmtpStage.Rcpt, ReplyClass.HostDown, NotHandedOff, Closed, 0 },
        { "drop-data", SmtpStage.Data, ReplyClass.HostDown, NotHandedOff, Closed, 0 },
        { "drop-dot", SmtpStage.FinalDot, ReplyClass.HostDown, HandedOff, Closed, 0 },
        { "acceptdrop", SmtpStage.FinalDot, ReplyClass.HostDown, HandedOff, Closed, 1 },
        { "accept-rst", SmtpStage.FinalDot, ReplyClass.HostDown, HandedOff, Closed, 1 },
        { "acceptlate-2", SmtpStage.FinalDot, ReplyClass.HostDown, HandedOff, Closed, 1 },
        { "tarpit-2000", SmtpStage.Rcpt, ReplyClass.HostDown, NotHandedOff, Closed, 0 },
        { "slow-1bps", SmtpStage.Rcpt, ReplyClass.HostDown, NotHandedOff, Closed, 0 },
        { "garbage-mail", SmtpStage.Mail, ReplyClass.Protocol, NotHandedOff, Closed, 0 },
        { "garbage", SmtpStage.Rcpt, ReplyClass.Protocol, NotHandedOff, Closed, 0 },
        { "garbage-data", SmtpStage.Data, ReplyClass.Protocol, NotHandedOff, Closed, 0 },
        { "garbage-dot", SmtpStage.FinalDot, ReplyClass.Protocol, HandedOff, Closed, 1 },
        { "long-8k", SmtpStage.Rcpt, ReplyClass.Protocol, NotHandedOff, Closed, 0 },
        { "long-8k-dot", SmtpStage.FinalDot, ReplyClass.Protocol, HandedOff, Closed, 1 },
        { "421-after-0", SmtpStage.Mail, ReplyClass.Busy, NotHandedOff, Closed, 0 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task With_pipelining(string directive, SmtpStage stage, ReplyClass expected, bool handedOff, bool reused, int recorded) =>
        await CheckAsync("", directive, stage, expected, handedOff, reused, recorded);

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Step_by_step(string directive, SmtpStage stage, ReplyClass expected, bool handedOff, bool reused, int recorded) =>
        await CheckAsync("nopipelining", directive, stage, expected, handedOff, reused, recorded);

    [Theory]
    [InlineData("drop-banner", SmtpStage.Banner, ReplyClass.HostDown)]
    [InlineData("banner-554-5.7.1", SmtpStage.Banner, ReplyClass.HostBlock)]
    [InlineData("banner-421-4.3.2", SmtpStage.Banner, ReplyClass.Busy)]
    [InlineData("garbage-banner", SmtpStage.Banner, ReplyClass.Protocol)]
    [InlineData("tarpit-2000-banner", SmtpStage.Banner, ReplyClass.HostDown)]
    [InlineData("drop-ehlo", SmtpStage.Ehlo, ReplyClass.HostDown)]
    [InlineData("ehlo-550-5.7.1", SmtpStage.Ehlo, ReplyClass.HostBlock)]
    [InlineData("long-8k-ehlo", SmtpStage.Ehlo, ReplyClass.Protocol)]
    public async Task A_greeting_that_fails_gives_a_result_and_no_connection(string directives, SmtpStage stage, ReplyClass expected)
    {
        await using var sink = FaultSink.Start();
        sink.Directives = directives;

        var opening = await SmtpClientKit.OpenAsync(sink);

        opening.Connection.ShouldBeNull();
        (opening.Failure!.Stage, ReplyClassifier.Classify(opening.Failure).Class).ShouldBe((stage, expected));
    }

    [Fact]
    public async Task A_body_cut_short_was_not_handed_off()
    {
        await using var sink = FaultSink.Start();
        var connection = (await SmtpClientKit.OpenAsync(sink)).Connection!;
        var large = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789\r\n", 700_000)));

        var result = await connection.SendAsync(new SmtpEnvelope("a@b.cd", "drop-body@b.cd"), large, CancellationToken.None);

        result.ShouldSatisfyAllConditions(
            r => r.Stage.ShouldBe(SmtpStage.Body),
            r => r.HandedOff.ShouldBeFalse(),
            r => ReplyClassifier.Classify(r).Class.ShouldBe(ReplyClass.HostDown));
    }

    [Fact]
    public async Task A_message_over_the_servers_size_is_not_sent()
    {
        await using var sink = FaultSink.Start();
        sink.Directives = "size-10";
        await using var connection = (await SmtpClientKit.OpenAsync(sink)).Connection!;

        var result = await connection.SendAsync(new SmtpEnvelope("a@b.cd", "x@b.cd"), SmtpClientKit.Message, CancellationToken.None);

        (ReplyClassifier.Classify(result).Class, result.HandedOff, connection.IsReusable).ShouldBe((ReplyClass.TooBig, false, true));
    }

    private static async Task CheckAsync(
        string connectionDirectives, string directive, SmtpStage stage, ReplyClass expected, bool handedOff, bool reused, int recorded)
    {
        await using var sink = FaultSink.Start();
        sink.Directives = connectionDirectives;
        await using var connection = (await SmtpClientKit.OpenAsync(sink)).Connection!;
        connection.Capabilities.Pipelining.ShouldBe(connectionDirectives.Length == 0);
        var atMail = directive.StartsWith("m-", StringComparison.Ordinal) || directive.Contains("-mail", StringComparison.Ordinal) || directive.StartsWith("421", StringComparison.Ordinal);
        var envelope = atMail && connectionDirectives.Length > 0
            ? new SmtpEnvelope($"{directive}@b.cd", "x@b.cd")
            : new SmtpEnvelope("a@b.cd", $"{directive}@b.cd");

        var result = await connection.SendAsync(envelope, SmtpClientKit.Message, CancellationToken.None);

        var verdict = ReplyClassifier.Classify(result);
        (result.Stage, verdict.Class, result.HandedOff, connection.IsReusable, sink.Count).ShouldBe((stage, expected, handedOff, reused, recorded), result.ToString());
        if (reused)
        {
            var next = await connection.SendAsync(new SmtpEnvelope("a@b.cd", "next@b.cd"), SmtpClientKit.Message, CancellationToken.None);
            (next.Accepted, sink.Count, sink.Connections).ShouldBe((true, recorded + 1, 1));
        }
    }
}
