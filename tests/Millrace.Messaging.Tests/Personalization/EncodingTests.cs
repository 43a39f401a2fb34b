using AngleSharp.Html.Parser;
using FsCheck;
using FsCheck.Fluent;
using Millrace.Messaging.Personalization;
using static Millrace.Messaging.Tests.Personalization.Rendering;

namespace Millrace.Messaging.Tests.Personalization;

public sealed class EncodingTests
{
    [Fact]
    public void A_browser_reads_back_exactly_the_value_in_text_attribute_and_URL() => Prop.ForAll<NonNull<string>>(given =>
    {
        var value = new string([.. given.Get.Where(c => c != '\0' && !char.IsSurrogate(c))]);
        if (value.Length == 0 || value is "." or "..")
        {
            return;
        }

        var html = Render(
            "<p title=\"%FIRSTNAME%\">%FIRSTNAME%</p><a href='https://a.example/x?q=%FIRSTNAME%'>x</a>",
            TemplateKind.Html,
            Ann with { FirstName = value });
        var document = new HtmlParser().ParseDocument(html);

        document.QuerySelector("p")!.TextContent.ShouldBe(value);
        document.QuerySelector("p")!.GetAttribute("title").ShouldBe(value);
        Uri.UnescapeDataString(document.QuerySelector("a")!.GetAttribute("href")!["https://a.example/x?q=".Length..]).ShouldBe(value);
        document.QuerySelectorAll("body *").Length.ShouldBe(2);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_compiler_answers_every_input_with_a_program_or_a_problem()
    {
        string[] pieces = ["%", "%IF ", "%ELSE%", "%/IF%", "%FIRSTNAME", "|", "<a href=\"", "\"", "'", ">", "<", "(", "&&", "AGE", "%TODAY+3D%", "=", " ", "\n", "<!--", "-->", "https://a.b/", "x"];
        var sources = Gen.ListOf(Gen.Elements(pieces)).Select(string.Concat).ToArbitrary();

        Prop.ForAll(sources, source =>
        {
            foreach (var kind in Enum.GetValues<TemplateKind>())
            {
                try
                {
                    Render(source, kind);
                }
                catch (TemplateInvalidException refused)
                {
                    refused.Problem.Line.ShouldBeGreaterThan(0);
                    refused.Problem.Column.ShouldBeGreaterThan(0);
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Theory]
    [InlineData("https://%CITY%/")]
    [InlineData("%CITY%")]
    [InlineData("%CITY%://x.example/")]
    [InlineData("https://a.example:%AGE%/")]
    [InlineData("https://a.example%CITY%/")]
    [InlineData("https:///%CITY%/")]
    [InlineData("https:/%CITY%/x")]
    [InlineData("//%CITY%/")]
    [InlineData("https://a.example\\%CITY%")]
    [InlineData("https://\t/%CITY%/")]
    [InlineData("javascript:%CITY%")]
    [InlineData("/path/%CITY%")]
    [InlineData("x%UNSUBSCRIBELINK%")]
    public void A_value_never_forms_scheme_host_or_port(string url)
    {
        Problem(url, TemplateKind.Url).Code.ShouldBe("link_invalid");
        Problem($"<a href=\"{url}\">x</a>", TemplateKind.Html).Code.ShouldBe("link_invalid");
    }

    [Theory]
    [InlineData("https://a.example/%FIRSTNAME%", "x@evil.com/", "https://a.example/x@evil.com%2F")]
    [InlineData("https://a.example?n=%FIRSTNAME%&x=1", "a&b=c", "https://a.example?n=a%26b%3Dc&x=1")]
    [InlineData("mailto:%FIRSTNAME%", "a@b.c?bcc=x", "mailto:a@b.c%3Fbcc%3Dx")]
    [InlineData("https://a.example/%FIRSTNAME%/x", "..", "https://a.example//x")]
    public void A_value_in_a_link_is_percent_encoded(string url, string name, string expected) =>
        Render(url, TemplateKind.Url, Ann with { FirstName = name }).ShouldBe(expected);

    [Theory]
    [InlineData("<p style=\"color:%CITY%\">")]
    [InlineData("<style>p{color:%CITY%}</style>")]
    [InlineData("<p onclick=\"%CITY%\">")]
    [InlineData("<p title=%CITY%>")]
    [InlineData("<p %CITY%>")]
    [InlineData("<%CITY%><p%CITY%>")]
    public void A_value_is_refused_where_no_encoding_is_safe(string html) => Problem(html, TemplateKind.Html).Code.ShouldBe("template_invalid");

    [Fact]
    public void Headers_lose_line_ends_and_direction_marks() =>
        Render("Hi %FIRSTNAME%", TemplateKind.Header, Ann with { FirstName = "a\r\nBcc: x@y.z\u202E\u200Bb" }).ShouldBe("Hi a  Bcc: x@y.zb");

    [Theory]
    [InlineData("Hi\r\nBcc: x@y.z")]
    [InlineData("Hi\nX: 1")]
    public void A_header_template_of_two_lines_is_refused(string source) => Problem(source, TemplateKind.Header).Code.ShouldBe("header_invalid");

    [Fact]
    public void An_address_breaks_its_lines_in_HTML() =>
        Render("<p>%SENDER-INFO%</p>", TemplateKind.Html).ShouldBe("<p>Example Ltd<br>1 High Street</p>");

    [Fact]
    public void A_system_link_may_be_a_whole_link() =>
        Render("<a href=\"%UNSUBSCRIBELINK%&amp;ALL\">x</a>", TemplateKind.Html).ShouldBe("<a href=\"https://t.example/u/all\">x</a>");

    [Theory]
    [InlineData("<svg onload=alert(1)>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    public void A_hostile_name_stays_text(string name) => new HtmlParser()
        .ParseDocument(Render("<p>%FIRSTNAME%</p>", TemplateKind.Html, Ann with { FirstName = name }))
        .QuerySelector("p")!.TextContent.ShouldBe(name);
}
