using System.Text;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Tests.Smtp;

public sealed class SmtpReplyParserTests
{
    [Theory]
    [InlineData("250 OK\r\n", 250, "OK", null)]
    [InlineData("250\r\n", 250, "", null)]
    [InlineData("250 OK\n", 250, "OK", null)]
    [InlineData("550-5.1.1 first\r\n550 5.1.1 second\r\n", 550, "5.1.1 first\n5.1.1 second", "5.1.1")]
    [InlineData("421 4.7.650 slow\r\n", 421, "4.7.650 slow", "4.7.650")]
    [InlineData("250 1.2.3 no class\r\n", 250, "1.2.3 no class", null)]
    [InlineData("250 a\u0007b\r\n", 250, "a?b", null)]
    public void Replies_are_the_same_however_the_bytes_arrive(string wire, int code, string text, string? enhanced)
    {
        var bytes = Encoding.UTF8.GetBytes(wire + "220 next\r\n");
        var length = bytes.Length - "220 next\r\n".Length;
        for (var cut = 0; cut < length; cut++)
        {
            SmtpReplyParser.Read(bytes.AsSpan(0, cut), out var none, out _).ShouldBe(SmtpReplyParser.Outcome.Incomplete);
            none.ShouldBe(0);
        }

        SmtpReplyParser.Read(bytes, out var consumed, out var reply).ShouldBe(SmtpReplyParser.Outcome.Complete);

        (consumed, reply!.Code, reply.Text, reply.Enhanced?.ToString()).ShouldBe((length, code, text, enhanced));
    }

    [Theory]
    [InlineData("hello\r\n")]
    [InlineData("99")]
    [InlineData("600 x\r\n")]
    [InlineData("25 x\r\n")]
    [InlineData("250x\r\n")]
    [InlineData("250-a\r\n251 b\r\n")]
    [InlineData("\r\n")]
    [InlineData("250-a\r\nb\r\n")]
    [InlineData("\u0016\u0003")]
    public void What_is_no_reply_is_told_at_once(string wire) =>
        SmtpReplyParser.Read(Encoding.UTF8.GetBytes(wire), out _, out _).ShouldBe(SmtpReplyParser.Outcome.Malformed);

    [Fact]
    public void More_than_two_thousand_bytes_are_too_many()
    {
        SmtpReplyParser.Read(Encoding.ASCII.GetBytes("250 " + new string('x', 1_990) + "\r\n"), out _, out _).ShouldBe(SmtpReplyParser.Outcome.Complete);
        SmtpReplyParser.Read(Encoding.ASCII.GetBytes("250 " + new string('x', 2_000)), out _, out _).ShouldBe(SmtpReplyParser.Outcome.Malformed);
        SmtpReplyParser.Read(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("250-x\r\n", 400))), out _, out _).ShouldBe(SmtpReplyParser.Outcome.Malformed);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(2);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = random.GetItems("0123456789- \r\nab\0\u00e4\u00ff"u8, random.Next(60));
            SmtpReplyParser.Read(bytes, out var consumed, out var reply);
            (consumed > 0).ShouldBe(reply is not null);
        }
    }

    [Fact]
    public void Dots_doubled_and_undone_give_the_message_back()
    {
        var random = new Random(4);
        for (var i = 0; i < 5_000; i++)
        {
            var text = string.Concat(random.GetItems(["\r\n", ".", "..", "a", " ", "\r\n.\r\n"], random.Next(20))) + "\r\n";
            var bytes = Encoding.ASCII.GetBytes(text);
            using var stuffed = new Millrace.Mail.Mime.MailBuffer();
            using var back = new Millrace.Mail.Mime.MailBuffer();

            DotStuffing.Stuff(bytes, stuffed);
            DotStuffing.Unstuff(stuffed.Span, back);

            Encoding.ASCII.GetString(back.Span).ShouldBe(text);
            stuffed.Span.StartsWith(".\r\n"u8).ShouldBeFalse();
            stuffed.Span.IndexOf("\r\n.\r\n"u8).ShouldBe(-1);
        }
    }

    [Theory]
    [InlineData("smtp://user%40x:p%3Ass@mail.example.com:2525?tls=none", "mail.example.com", 2525, SmtpTls.None, "user@x", "p:ss")]
    [InlineData("smtp://mail.example.com", "mail.example.com", 587, SmtpTls.StartTls, null, null)]
    [InlineData("smtp://mail.example.com:465", "mail.example.com", 465, SmtpTls.Implicit, null, null)]
    [InlineData("smtp://mail.example.com?tls=implicit", "mail.example.com", 465, SmtpTls.Implicit, null, null)]
    [InlineData("smtp://[::1]:25?tls=starttls", "::1", 25, SmtpTls.StartTls, null, null)]
    public void Endpoints_are_read_and_hide_their_password(string url, string host, int port, SmtpTls tls, string? user, string? password)
    {
        var endpoint = SmtpEndpoint.Parse(url);

        endpoint.ShouldBe(new SmtpEndpoint(host, port, tls, user, password));
        (password is null || !endpoint.ToString().Contains("ss", StringComparison.Ordinal)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("http://x")]
    [InlineData("smtp://")]
    [InlineData("smtp://x?tls=maybe")]
    [InlineData("smtp://x/path")]
    [InlineData("x")]
    public void Other_urls_are_no_endpoints(string url) => SmtpEndpoint.TryParse(url, out _).ShouldBeFalse();
}
