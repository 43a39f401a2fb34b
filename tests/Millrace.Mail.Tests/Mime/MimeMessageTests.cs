using System.Text;
using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;

namespace Millrace.Mail.Tests.Mime;

public sealed class MimeMessageTests
{
    public static TheoryData<string> Scripts =>
    [
        "Hello, world", "Größe und Maß", "Привет, мир", "Γειά σου Κόσμε", "שלום עולם", "مرحبا بالعالم", "नमस्ते दुनिया", "বাংলা ভাষা", "தமிழ் மொழி",
        "తెలుగు భాష", "ไทยแลนด์ ยินดีต้อนรับ", "ກະລຸນາ", "မြန်မာဘာသာ", "ქართული ენა", "Հայերեն լեզու", "አማርኛ ቋንቋ", "ភាសាខ្មែរ", "こんにちは世界", "안녕하세요 세계",
        "你好,世界", "සිංහල භාෂාව", "👩‍👩‍👧‍👦 family 🇩🇪 👍🏽", "=?utf-8?q?not_encoded?=", " leading and trailing ", "two  blanks", new string('x', 2_000), "q̷̨̢̛̛͔͕̖̮̱̲̿́̓̈̽̕ zalgo",
        "", "a,b;c:d \"quoted\" <x@y> \\", "x" + string.Concat(Enumerable.Repeat("语", 300)),
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Subjects_and_names_come_back_as_they_were(string text)
    {
        var bytes = Render(Sample with { Subject = text, From = new Mailbox(EmailAddress.Parse("a@b.cd"), text) });

        var mail = MimeParser.Parse(bytes);

        mail.Subject.ShouldBe(text);
        var name = mail.From.Replace("<a@b.cd>", "", StringComparison.Ordinal).TrimEnd(' ');
        name = name is ['"', .., '"'] ? name[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal) : name;
        name.ShouldBe(string.IsNullOrWhiteSpace(text) ? "a@b.cd" : text.TrimEnd(' '));
        ShouldBeWellFormed(bytes);
    }

    [Fact]
    public void Any_subject_comes_back_unless_it_is_refused() =>
        FsCheck.Fluent.Prop.ForAll<string>(text =>
        {
            text ??= "";
            if (HeaderText.IsSafe(text))
            {
                var bytes = Render(Sample with { Subject = text });
                MimeParser.Parse(bytes).Subject.ShouldBe(HeaderText.WithoutInvisible(text));
                ShouldBeWellFormed(bytes);
            }
            else
            {
                Should.Throw<InvalidHeaderException>(() => Render(Sample with { Subject = text }));
            }
        }).Check(2_000);

    [Fact]
    public void Any_body_comes_back_with_its_line_ends_made_equal() =>
        FsCheck.Fluent.Prop.ForAll<string, int>((text, n) =>
        {
            var body = string.Concat(Enumerable.Repeat(text ?? "", Math.Abs(n % 40) + 1)) + "\n.\n..dot\nFrom me \n" + new string('y', Math.Abs(n % 2_000));
            body = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(body));
            var bytes = Render(Sample with { TextBody = body.AsMemory(), HtmlBody = ("<p>" + body).AsMemory() });

            var mail = MimeParser.Parse(bytes);

            Lines(mail.TextBody!).ShouldBe(Lines(body));
            Lines(mail.HtmlBody!).ShouldBe(Lines("<p>" + body));
            ShouldBeWellFormed(bytes);
        }).Check(1_000);

    [Theory]
    [InlineData("Hi\r\nBcc: x@y.z")]
    [InlineData("Hi\nX: 1")]
    [InlineData("Hi\0")]
    [InlineData("Hi\u0085there")]
    [InlineData("Hi\u2028there")]
    [InlineData("tab\there")]
    public void Control_characters_never_reach_a_header(string evil)
    {
        Should.Throw<InvalidHeaderException>(() => Render(Sample with { Subject = evil })).Code.ShouldBe("header_invalid");
        Should.Throw<InvalidHeaderException>(() => Render(Sample with { From = new Mailbox(Sample.From.Address, evil) }));
        Should.Throw<InvalidHeaderException>(() => Render(Sample with { ReplyTo = new Mailbox(Sample.From.Address, evil) }));
        Should.Throw<InvalidHeaderException>(() => Render(Sample with { Headers = [new MailHeader("X-Any", evil)] }));
        Should.Throw<InvalidHeaderException>(() => Render(Sample with { Headers = [new MailHeader(evil, "x")] }));
        Should.Throw<InvalidHeaderException>(() => Render(Sample with { MessageId = $"<{evil}@b.cd>" }));
    }

    [Fact]
    public void Half_a_surrogate_never_reaches_a_header() =>
        Should.Throw<InvalidHeaderException>(() => Render(Sample with { Subject = "Hi" + (char)0xd800 + "there" }));

    [Theory]
    [InlineData("From")]
    [InlineData("subject")]
    [InlineData("Bcc")]
    [InlineData("DKIM-Signature")]
    [InlineData("X Y")]
    [InlineData("X:Y")]
    [InlineData("")]
    public void Custom_headers_cannot_take_the_place_of_the_products_own(string name) =>
        Should.Throw<InvalidHeaderException>(() => Render(Sample with { Headers = [new MailHeader(name, "x")] }));

    [Fact]
    public void Invisible_and_reordering_characters_are_taken_out_of_subject_and_sender()
    {
        var bytes = Render(Sample with { Subject = "in\u202evoice\u200b.pdf", From = new Mailbox(Sample.From.Address, "B\u202eank") });

        var mail = MimeParser.Parse(bytes);

        mail.Subject.ShouldBe("invoice.pdf");
        mail.From.ShouldBe("Bank <shop@example.com>");
    }

    [Fact]
    public void The_same_message_gives_the_same_bytes() => Render(Sample).ShouldBe(Render(Sample));

    [Fact]
    public void A_long_link_header_stays_in_one_piece()
    {
        var link = $"<https://example.com/u/{new string('t', 300)}>";

        var mail = MimeParser.Parse(Render(Sample with { Headers = [new MailHeader("List-Unsubscribe", link)] }));

        mail.Root.Header("List-Unsubscribe").ShouldBe(link);
    }

    [Theory]
    [InlineData("plain text", "7bit")]
    [InlineData("Grüße an alle Leserinnen und Leser dieser Nachricht", "quoted-printable")]
    [InlineData("你好世界你好世界", "base64")]
    [InlineData("From the start", "quoted-printable")]
    public void The_encoding_suits_the_text(string text, string encoding) =>
        MimeParser.Parse(Render(Sample with { TextBody = text.AsMemory(), HtmlBody = default })).Root
            .Header("Content-Transfer-Encoding").ShouldBe(encoding);

    internal static MimeMessage Sample { get; } = new()
    {
        From = new Mailbox(EmailAddress.Parse("shop@example.com"), "The Shop"),
        To = [new Mailbox(EmailAddress.Parse("ann@example.org"), "Ann")],
        Subject = "Hello Ann",
        MessageId = "<123@example.com>",
        Date = new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.Zero),
        TextBody = "Hello Ann\n".AsMemory(),
        HtmlBody = "<p>Hello <b>Ann</b></p>".AsMemory(),
    };

    internal static byte[] Render(MimeMessage message)
    {
        using var buffer = new MailBuffer();
        message.WriteTo(buffer);
        return buffer.Span.ToArray();
    }

    internal static void ShouldBeWellFormed(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        text.Replace("\r\n", "", StringComparison.Ordinal).Any(c => c is (< ' ' and not '\t') or > '~').ShouldBeFalse();
        text.ShouldEndWith("\r\n");
        text.Split("\r\n").Max(l => l.Length).ShouldBeLessThanOrEqualTo(998);
    }

    private static string Lines(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').TrimEnd('\n');
}
