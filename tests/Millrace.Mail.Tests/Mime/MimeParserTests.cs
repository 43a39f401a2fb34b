using System.Text;
using Millrace.Mail.Mime;

namespace Millrace.Mail.Tests.Mime;

public sealed class MimeParserTests
{
    private const string Nested = """
        From: =?iso-8859-1?q?J=F6rg?= =?utf-8?b?IE3DvGxsZXI=?= <j@example.com>
        Subject: folded
          subject =?utf-8?q?caf?= =?utf-8?q?=C3=A9?=
        Content-Type: multipart/mixed; boundary="outer"

        preamble
        --outer
        Content-Type: multipart/alternative; boundary=inner

        --inner
        Content-Type: text/plain; charset=windows-1252
        Content-Transfer-Encoding: quoted-printable

        Price: 5 =80 so=
        ft
        --inner
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: base64

        PHA+Z3LDvG48L3A+
        --inner--
        --outer
        Content-Type: application/pdf
        Content-Disposition: attachment; filename*0*=utf-8''r%C3%A9; filename*1*=sum%C3%A9.pdf

        %PDF
        --outer--
        epilogue
        """;

    [Fact]
    public void A_nested_mail_shows_its_texts_and_attachments()
    {
        var mail = MimeParser.Parse(Encoding.ASCII.GetBytes(Nested.ReplaceLineEndings("\r\n")));

        mail.From.ShouldBe("Jörg Müller <j@example.com>");
        mail.Subject.ShouldBe("folded  subject café");
        mail.TextBody.ShouldBe("Price: 5 € soft");
        mail.HtmlBody.ShouldBe("<p>grün</p>");
        mail.Attachments.Single().FileName.ShouldBe("résumé.pdf");
        mail.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void Random_and_mutated_bytes_never_throw()
    {
        var random = new Random(7);
        var sample = Encoding.ASCII.GetBytes(Nested);
        for (var i = 0; i < 3_000; i++)
        {
            var bytes = i % 3 == 0 ? new byte[random.Next(600)] : [.. sample];
            if (i % 3 == 0)
            {
                random.NextBytes(bytes);
            }

            for (var m = 0; m < random.Next(12) && bytes.Length > 0; m++)
            {
                bytes[random.Next(bytes.Length)] = "\r\n:;=?\"-* \0\u00ff%"u8[random.Next(14)];
            }

            ReadAll(MimeParser.Parse(bytes.AsMemory(random.Next(bytes.Length + 1))));
        }
    }

    [Fact]
    public void Limits_cut_and_say_so()
    {
        var deep = new StringBuilder();
        for (var i = 0; i < 30; i++)
        {
            deep.Append("Content-Type: multipart/mixed; boundary=b").Append(i).Append("\r\n\r\n--b").Append(i).Append("\r\n");
        }

        var wide = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat("--b\r\n\r\nx\r\n", 500));

        var deepMail = MimeParser.Parse(Encoding.ASCII.GetBytes(deep.ToString()), MimeLimits.Bounce);
        var wideMail = MimeParser.Parse(Encoding.ASCII.GetBytes(wide), MimeLimits.Bounce);
        var longMail = MimeParser.Parse(new byte[2_000_000]);

        (deepMail.IsComplete, wideMail.IsComplete, longMail.IsComplete).ShouldBe((false, false, false));
        wideMail.Root.All().Count().ShouldBeLessThanOrEqualTo(20);
        deepMail.Root.All().Count().ShouldBeLessThanOrEqualTo(7);
    }

    private static void ReadAll(ParsedMail mail)
    {
        _ = (mail.Subject, mail.From, mail.TextBody, mail.HtmlBody);
        foreach (var part in mail.Root.All())
        {
            _ = (part.FileName, part.DecodeText());
        }
    }
}
