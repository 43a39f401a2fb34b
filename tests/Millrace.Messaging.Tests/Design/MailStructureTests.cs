using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Design;

/// <summary>The checker finds what it is for: else a golden test over it proves nothing.</summary>
public sealed class MailStructureTests
{
    private const string Good =
        """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="x"><meta name="color-scheme" content="light"><style>p{}</style></head><body><table role="presentation" border="0" cellpadding="0" cellspacing="0"><tr><td style="font-family:Arial;color:#111111">@</td></tr></table></body></html>""";

    [Fact]
    public void A_sound_mail_has_no_faults() => MailStructure.Faults(With("<p style=\"margin:0\">Hello %FIRSTNAME%</p>")).ShouldBeEmpty();

    [Theory]
    [InlineData("<div style=\"display:flex\">x</div>", "display:flex")]
    [InlineData("<div style=\"position:absolute\">x</div>", "position:")]
    [InlineData("<div style=\"color:var(--x)\">x</div>", "var(")]
    [InlineData("<div style=\"margin:-4px 0\">x</div>", "not shown by all")]
    [InlineData("<script>1</script>", "not for mails")]
    [InlineData("<svg></svg>", "not for mails")]
    [InlineData("<p>x</p>", "margin")]
    [InlineData("<table><tr><td>x</td></tr></table>", "role=presentation")]
    [InlineData("<img src=\"https://a.example/x.png\" style=\"display:block;border:0\" width=\"10\">", "alternative text")]
    [InlineData("<img src=\"https://a.example/x.png\" alt=\"x\" style=\"display:block;border:0\" width=\"900\">", "wider")]
    [InlineData("<img src=\"x.png\" alt=\"x\" style=\"display:block;border:0\" width=\"10\">", "from nowhere")]
    [InlineData("<a href=\"https://a.example\">x</a>", "text-decoration")]
    [InlineData("<b onclick=\"x\">x</b>", "event handler")]
    [InlineData("<!--[if mso]><table><tr><![endif]-->", "stays open")]
    [InlineData("<!--[if mso]></td><![endif]-->", "not opened")]
    [InlineData("<!--[if mso]>", "balance")]
    public void It_names_what_breaks_in_some_reader(string body, string fault) =>
        MailStructure.Faults(With(body)).ShouldContain(f => f.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void It_minds_the_length() => MailStructure.Faults(With(new string('x', MailStructure.ClippedAt))).ShouldContain(f => f.Contains("cut off", StringComparison.Ordinal));

    private static string With(string body) => Good.Replace("@", body, StringComparison.Ordinal);
}
