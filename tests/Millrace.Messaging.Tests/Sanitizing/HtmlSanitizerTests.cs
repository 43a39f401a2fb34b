using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Millrace.Messaging.Sanitizing;

namespace Millrace.Messaging.Tests.Sanitizing;

public sealed class HtmlSanitizerTests
{
    private const string Forbidden = "(?i)<(script|svg|math|template|noscript|iframe|object|embed|base|meta|link|form|input|xmp|plaintext)[\\s>/]|<[^>]*\\s(on\\w+|srcdoc)=|href=\"(java|data)|expression\\(|@import|<!--(?!\\[)";

    public static TheoryData<string> Abuse =>
    [
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<template shadowrootmode=open><script>alert(1)</script></template>",
        "<div><template shadowrootmode=\"closed\"><img src=x onerror=alert(1)></template></div>",
        "<a href=\"java&#10;script:alert(1)\">x</a>",
        "<a href=\" java\tscript:alert(1)\">x</a>",
        "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
        "<p style=\"background:url(javascript:alert(1))\">x</p>",
        "<p style=\"width:expression(alert(1));behavior:url(x)\">x</p>",
        "<p style=\"background:u\\72l(http://x)\">x</p>",
        "<style>@import url(https://evil.example);p{color:red;position:fixed}</style><p>x</p>",
        "<style>p{color:red}</style><img src=x onerror=alert(1)>",
        "<base href=\"https://evil.example/\"><p>x</p>",
        "<meta http-equiv=refresh content=\"0;url=https://evil.example\"><p>x</p>",
        "<p id=\"__proto__\">x</p>",
        "<p>x<!-- unclosed",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<input autofocus onfocus=alert(1)><button formaction=javascript:alert(1)>x</button>",
        "<xmp><script>alert(1)</script></xmp><plaintext><script>",
        "<img src=\"x:x\" onerror=alert(1)><img src=\"//evil.example/x\">",
        "<svg onload=alert(1)>",
        "\"><img src=x onerror=alert(1)>",
    ];

    [Theory, MemberData(nameof(Abuse))]
    public void Nothing_live_is_left(string html)
    {
        foreach (var clean in new[] { HtmlSanitizer.CleanFragment(html), HtmlSanitizer.CleanDocument(html) })
        {
            clean.ShouldNotMatch(Forbidden);
            clean.ShouldNotContain("__proto__");
        }
    }

    [Theory, MemberData(nameof(Abuse))]
    public void Cleaning_the_clean_changes_nothing(string html)
    {
        var clean = HtmlSanitizer.CleanDocument(html);

        HtmlSanitizer.CleanDocument(clean).ShouldBe(clean);
    }

    [Fact]
    public void Any_markup_comes_out_clean_and_at_rest()
    {
        string[] pieces = ["<p>", "</p>", "<a href='https://a.example'>", "</a>", "<svg>", "<math>", "<style>", "</style>", "<!--", "-->", "<img src=x onerror=alert(1)>", "<table>", "<tr><td>", "<form>", "</form>", "<b>", "<noscript>", "<template>", "<title>", "</title>", "p{color:red}", "<mtext>", "<mglyph>", "text", "\"", "<xmp>", "<p style='a:b;color:red;background:url(x)'>"];
        Prop.ForAll(Gen.ListOf(Gen.Elements(pieces)).Select(string.Concat).ToArbitrary(), html =>
        {
            try
            {
                var clean = HtmlSanitizer.CleanFragment(html);
                clean.ShouldNotMatch(Forbidden);
                HtmlSanitizer.CleanFragment(clean).ShouldBe(clean);
            }
            catch (HtmlRefusedException refused)
            {
                refused.Code.ShouldBeOneOf("html_unstable", "html_too_complex");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Too_deep_a_nest_is_refused_before_it_is_parsed()
    {
        var clock = Stopwatch.StartNew();

        Refused(string.Concat(Enumerable.Repeat("<div>", 600))).ShouldBe("html_too_complex");
        Refused(string.Concat(Enumerable.Repeat("<b><i>", 20_000))).ShouldBe("html_too_complex");
        Refused(string.Concat(Enumerable.Repeat("<div></x>", 600))).ShouldBe("html_too_complex");
        Refused(new string('x', (512 * 1024) + 1)).ShouldBe("html_too_large");
        clock.ElapsedMilliseconds.ShouldBeLessThan(400);
    }

    [Fact]
    public void What_mail_needs_is_kept()
    {
        const string html = "<table role=\"presentation\" width=\"100%\"><tbody><tr><td style=\"padding:0 4px;color:#333\"><a href=\"%UNSUBSCRIBELINK%\" target=\"_blank\">x</a></td></tr></tbody></table><p>%IF AGE &gt; 3%a%/IF%</p>";

        HtmlSanitizer.CleanFragment(html).ShouldBe(html);
    }

    [Fact]
    public void Media_queries_of_a_document_are_kept() =>
        HtmlSanitizer.CleanDocument("<head><style>@media (max-width:600px){.a{width:100%!important;position:fixed}}</style></head><p>x</p>")
            .ShouldContain("@media (max-width:600px){.a{width:100%!important}}");

    private static string Refused(string html) => Should.Throw<HtmlRefusedException>(() => HtmlSanitizer.CleanFragment(html)).Code;
}
