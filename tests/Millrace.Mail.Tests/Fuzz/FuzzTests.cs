using System.Diagnostics;
using System.Globalization;
using System.Text;
using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;
using Millrace.Mail.Returned;
using Millrace.Mail.Smtp;
using Millrace.Mail.Tests.Returned;

namespace Millrace.Mail.Tests.Fuzz;

/// <summary>
/// Everything that reads what strangers send: no input may throw, or take long. A thousand cases always; <c>MILLRACE_FUZZ=1000000</c> for the long form. The seed
/// of each case is its number, so <c>MILLRACE_FUZZ_FROM=n</c> with <c>MILLRACE_FUZZ=1</c> repeats one.
/// </summary>
public sealed class FuzzTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly byte[][] Mails = [.. ReturnedFixtures.All.Select(f => Encoding.UTF8.GetBytes(ReturnedFixtures.Text(f.Name).ReplaceLineEndings("\r\n")))];

    private static readonly byte[] Salt = [.. "\r\n\r\n:;=?\"-* \t.<>()@,/\\%'&#0459"u8, 0, 0x7f, 0x80, 0xc3, 0xff];

    private static readonly string[] Words =
    [
        "\r\n", "\r\n\r\n", "\n", "--4Bxyz.1/mx.here.example", "--4Bxyz.1/mx.here.example--", "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n", "--x", "--x--", "boundary=",
        "Content-Transfer-Encoding: base64\r\n", "Content-Transfer-Encoding: quoted-printable\r\n", "Content-Type: message/delivery-status\r\n\r\n",
        "Content-Type: message/feedback-report\r\n\r\n", "Feedback-Type: abuse\r\n", "Action: failed\r\n", "Status: 5.1.1\r\n", "Status: 999999.9.9\r\n",
        "Diagnostic-Code: smtp; 550 5.1.1 ", "Final-Recipient: rfc822; ", "=?utf-8?B?", "=?utf-8?Q?=FF=00", "?=", "charset=\"utf-7\"", "charset=x-unknown", "filename*0*=utf-8''%ff",
        "X-Failed-Recipients: ", "550", "550-", "4.2.2", "=\r\n", "=3D", "<>", "\"\\\"", "\u00fc", "\ud83d\ude00", "\u0000",
    ];

    private static int Cases => int.TryParse(Environment.GetEnvironmentVariable("MILLRACE_FUZZ"), CultureInfo.InvariantCulture, out var cases) ? cases : 1_000;

    private static int First => int.TryParse(Environment.GetEnvironmentVariable("MILLRACE_FUZZ_FROM"), CultureInfo.InvariantCulture, out var first) ? first : 0;

    [Fact]
    public void Mime() => Run(random =>
    {
        var mail = MimeParser.Parse(Mutated(random), random.Next(2) == 0 ? MimeLimits.Default : MimeLimits.Bounce);
        _ = (mail.Subject, mail.From, mail.To, mail.MessageId, mail.TextBody, mail.HtmlBody, mail.Attachments.Count());
        foreach (var part in mail.Root.All())
        {
            _ = (part.FileName, part.DecodeText(), part.ContentType["boundary"], part.Disposition["filename"]);
        }
    });

    [Fact]
    public void Delivery_reports() => Run(random =>
    {
        foreach (var report in DeliveryReport.Read(MimeParser.Parse(Mutated(random), MimeLimits.Bounce)))
        {
            report.Reply.Code.ShouldBeInRange(400, 599);
            _ = ReplyClassifier.Classify(SmtpStage.Rcpt, report.Reply);
        }
    });

    [Fact]
    public void Complaints_and_replies() => Run(random =>
    {
        var bytes = Mutated(random);
        _ = FeedbackReport.Read(MimeParser.Parse(bytes, MimeLimits.Bounce));
        ReturnedMail.Read(bytes).ShouldNotBeNull();
    });

    [Fact]
    public void Addresses() => Run(random =>
    {
        var text = random.Next(3) == 0 ? Encoding.UTF8.GetString(Noise(random, 80)) : Mix(random, ["a", "B", "1", "@", ".", "-", "_", "+", "xn--", "\u00fc", " ", "<", ">", "\"", "\r\n", "example", ".com", "[127.0.0.1]", "\0", new string('x', 60)], 12);
        if (EmailAddress.TryParse(text, out var address, out _, out _))
        {
            // What is taken is safe in a command and in a header, and is read again as itself.
            address.Value.Any(c => c is <= ' ' or > '~' or '<' or '>' or '"').ShouldBeFalse(text);
            EmailAddress.Parse(address.Value).Value.ShouldBe(address.Value);
            _ = new SmtpEnvelope(address.Value, address.Value);
        }
    });

    [Fact]
    public void Smtp_replies() => Run(random =>
    {
        var bytes = random.Next(3) == 0
            ? Noise(random, 300)
            : Encoding.UTF8.GetBytes(Mix(random, ["250", "550", "421", "999", "-", " ", "5.1.1 ", "\r\n", "\n", "text", "\u00fc", "\0", new string('y', 900)], 14));
        var outcome = SmtpReplyParser.Read(bytes, out var consumed, out var reply);
        (outcome == SmtpReplyParser.Outcome.Complete).ShouldBe(reply is not null);
        consumed.ShouldBeInRange(0, bytes.Length);
        if (reply is not null)
        {
            _ = ReplyClassifier.Classify(SmtpStage.FinalDot, reply);

            // The pieces in which it arrives change nothing.
            var cut = random.Next(consumed);
            SmtpReplyParser.Read(bytes.AsSpan(0, cut), out _, out var early);
            (early is null || cut >= consumed || early == reply).ShouldBeTrue();
        }
    });

    private static void Run(Action<Random> check)
    {
        var (cases, first) = (Cases, First);
        var slowest = 0L;
        var started = Stopwatch.GetTimestamp();
        Parallel.For(first, first + cases, new ParallelOptions { MaxDegreeOfParallelism = 2 }, number =>
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                check(new Random(number));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"case {number}: {e.Message}", e);
            }

            var took = Stopwatch.GetElapsedTime(begun);
            took.ShouldBeLessThan(Patience, $"case {number}");
            InterlockedMax(ref slowest, took.Ticks);
        });
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{cases} cases in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, slowest {TimeSpan.FromTicks(slowest).TotalMilliseconds:0.0} ms"));
    }

    /// <summary>A fixture with cuts, copies, splices, salt and words put in; sometimes nothing but noise.</summary>
    private static byte[] Mutated(Random random)
    {
        if (random.Next(20) == 0)
        {
            return Noise(random, 2_000);
        }

        var bytes = new List<byte>(Mails[random.Next(Mails.Length)]);
        for (var left = random.Next(1, 12); left > 0; left--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0 when bytes.Count > 0:
                    bytes[Math.Min(at, bytes.Count - 1)] = Salt[random.Next(Salt.Length)];
                    break;
                case 1:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(200), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count + 1)).Take(random.Next(300)).ToArray());
                    break;
                case 4:
                    var other = Mails[random.Next(Mails.Length)];
                    bytes.InsertRange(at, other.Skip(random.Next(other.Length)).Take(random.Next(500)).ToArray());
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat(Salt[random.Next(Salt.Length)], random.Next(400)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static byte[] Noise(Random random, int most)
    {
        var bytes = new byte[random.Next(most)];
        if (random.Next(2) == 0)
        {
            random.NextBytes(bytes);
        }
        else
        {
            random.GetItems(Salt, bytes.AsSpan());
        }

        return bytes;
    }

    private static string Mix(Random random, string[] pieces, int most) => string.Concat(random.GetItems(pieces, random.Next(most)));

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Volatile.Read(ref target); value > seen && Interlocked.CompareExchange(ref target, value, seen) != seen; seen = Volatile.Read(ref target))
        {
        }
    }
}
