using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Tests.Smtp;

public sealed class ReplyClassifierTests
{
    [Fact]
    public void Every_reply_of_the_fixture_file_has_its_class()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Smtp", "replies.txt")).Where(l => l.Length > 0 && l[0] != '#').ToList();
        var wrong = new List<string>();
        foreach (var line in lines)
        {
            var parts = line.Split(" | ", 3);
            var verdict = ReplyClassifier.Classify(Stage(parts[0]), Reply(parts[2]));
            if (verdict.Class.ToString() != parts[1])
            {
                wrong.Add($"{line}  -> {verdict.Class}");
            }
        }

        wrong.ShouldBeEmpty(string.Join('\n', wrong));
        lines.Count.ShouldBeGreaterThanOrEqualTo(150);
        lines.Select(l => l.Split(" | ")[1]).Distinct(StringComparer.Ordinal).Count().ShouldBe(Enum.GetValues<ReplyClass>().Length - 2, "all but HostDown and Protocol, which have no reply");
    }

    [Theory]
    [InlineData(SmtpStage.Rcpt, "550 5.1.1 x", SendAction.Fail, AddressCount.Hard)]
    [InlineData(SmtpStage.Rcpt, "550 5.4.1 x", SendAction.Fail, AddressCount.SoftTwice)]
    [InlineData(SmtpStage.Rcpt, "552 5.2.2 x", SendAction.RetryThenFail, AddressCount.Soft)]
    [InlineData(SmtpStage.Rcpt, "451 x", SendAction.RetryLater, AddressCount.SoftOnExpiry)]
    [InlineData(SmtpStage.FinalDot, "554 x", SendAction.Fail, AddressCount.Soft)]
    [InlineData(SmtpStage.FinalDot, "554 5.7.1 x", SendAction.Fail, AddressCount.None)]
    [InlineData(SmtpStage.FinalDot, "550 5.7.26 x", SendAction.HoldDomain, AddressCount.None)]
    [InlineData(SmtpStage.Mail, "550 x", SendAction.HoldStream, AddressCount.None)]
    [InlineData(SmtpStage.Auth, "535 x", SendAction.HoldAccount, AddressCount.None)]
    [InlineData(SmtpStage.Rcpt, "452 4.5.3 x", SendAction.Retry, AddressCount.None)]
    [InlineData(SmtpStage.FinalDot, "250 x", SendAction.Done, AddressCount.Clears)]
    public void A_class_says_what_to_do_and_what_counts(SmtpStage stage, string reply, SendAction action, AddressCount counts)
    {
        var verdict = ReplyClassifier.Classify(stage, Reply(reply));

        (verdict.Action, verdict.Counts).ShouldBe((action, counts));
    }

    [Fact]
    public void Without_a_reply_the_cause_and_the_handoff_decide()
    {
        Classify(SmtpStage.Connect, false, new SocketException((int)SocketError.ConnectionRefused)).ShouldBe((ReplyClass.HostDown, SendAction.RetryLater));
        Classify(SmtpStage.Rcpt, false, new TimeoutException()).ShouldBe((ReplyClass.HostDown, SendAction.RetryLater));
        Classify(SmtpStage.FinalDot, true, new TimeoutException()).ShouldBe((ReplyClass.HostDown, SendAction.Ambiguous));
        Classify(SmtpStage.FinalDot, true, new SmtpProtocolException("x")).ShouldBe((ReplyClass.Protocol, SendAction.Ambiguous));
        Classify(SmtpStage.Rcpt, false, new SmtpProtocolException("x")).ShouldBe((ReplyClass.Protocol, SendAction.RetryLater));
        Classify(SmtpStage.Tls, false, new AuthenticationException()).ShouldBe((ReplyClass.Tls, SendAction.RetryLater));
        Classify(SmtpStage.Auth, false, new AuthenticationException()).ShouldBe((ReplyClass.Account, SendAction.HoldAccount));
    }

    [Fact]
    public void No_single_unknown_reply_counts_hard()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string(random.GetItems<char>("abcdefgh ijk", 40));
            foreach (var stage in Enum.GetValues<SmtpStage>())
            {
                // 525 is by its number the answer for a disabled account.
                if (random.Next(400, 600) is var code and not 525)
                {
                    ReplyClassifier.Classify(stage, new SmtpReply(code, text)).Counts.ShouldNotBe(AddressCount.Hard);
                }
            }
        }
    }

    [Fact]
    public void Retries_follow_the_schedule_within_a_fifth_and_end()
    {
        var start = DateTimeOffset.UnixEpoch;
        foreach (var (schedule, minutes) in ((RetrySchedule, double[])[])
            [(RetrySchedule.Bulk, [5, 15, 30, 60, 120, 240, 240]), (RetrySchedule.Transactional, [1, 2, 5, 15, 30, 60, 60])])
        {
            var random = new Random(1);
            for (var attempt = 1; attempt <= 300; attempt++)
            {
                var delay = schedule.Next(attempt, start, start, random)!.Value - start;
                delay.TotalMinutes.ShouldBeInRange(0.8 * minutes[Math.Min(attempt, 7) - 1], 1.2 * minutes[Math.Min(attempt, 7) - 1]);
            }

            schedule.Next(50, start, start + schedule.GiveUpAfter, random).ShouldBeNull();
            schedule.Next(1, start, start, random, TimeSpan.FromHours(9))!.Value.ShouldBeInRange(start.AddHours(7.2), start.AddHours(10.8));
        }
    }

    private static (ReplyClass, SendAction) Classify(SmtpStage stage, bool handedOff, Exception exception)
    {
        var verdict = ReplyClassifier.Classify(new SmtpSendResult(stage, null, handedOff, exception));
        return (verdict.Class, verdict.Action);
    }

    private static SmtpStage Stage(string name) =>
        name == "dot" ? SmtpStage.FinalDot : Enum.Parse<SmtpStage>(name, ignoreCase: true);

    private static SmtpReply Reply(string text) => new(int.Parse(text.AsSpan(0, 3), CultureInfo.InvariantCulture), text[4..]);
}
