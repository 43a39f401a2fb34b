using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Tests.Personalization;

namespace Millrace.Messaging.Tests.Links;

public sealed class LinkExtractorTests
{
    [Fact]
    public void Web_links_become_placeholders_and_equal_ones_share_a_number()
    {
        var bodies = Extract(
            "<body><a href=\"https://a.example/?x=1&amp;y=2\">One <b>link</b></a><a href='https://b.example/'><img alt=\"Logo\" src=\"https://c.example/x.png\"></a><a href=\"https://a.example/?x=1&amp;y=2\">again</a></body>",
            "See https://a.example/?x=1&y=2. And (https://d.example/%FIRSTNAME|my friend%)!");

        bodies.Links.ShouldBe(
        [
            new(1, "https://a.example/?x=1&y=2", "One link"), new(2, "https://b.example/", "Logo"),
            new(3, "https://d.example/%FIRSTNAME|my friend%", "https://d.example/%FIRSTNAME|my friend%"),
        ]);
        bodies.Html.ShouldContain("<a href=\"%LINK:1%\">One <b>link</b></a><a href='%LINK:2%'>");
        bodies.Html.ShouldContain("src=\"https://c.example/x.png\"");
        bodies.Text.ShouldBe("See %LINK:1%. And (%LINK:3%)!");
        bodies.Html.ShouldEndWith("border:0\"></body>");
    }

    [Theory]
    [InlineData("News:\n%RSS-FEED|URL:https://f.example/a%20b.xml|SHOW:NEW%\nmore %RSS-FEED%")]
    [InlineData("See %SHOP|https://shop.example/%.")]
    public void An_address_inside_of_a_tag_of_the_text_belongs_to_the_tag(string text)
    {
        var bodies = Extract("", text);

        bodies.Text.ShouldBe(text);
        bodies.Links.ShouldBeEmpty();
    }

    [Fact]
    public void A_long_label_is_not_cut_through_a_character()
    {
        // The database takes no half of a pair, and the mail could not be published for the sake of its report.
        var label = Extract($"<a href=\"https://a.example/\">{new string('x', 99)}\U0001F331 more</a>", "").Links.ShouldHaveSingleItem().Label;

        label.ShouldBe(new string('x', 99));
    }

    [Theory]
    [InlineData("See (https://a.example/)abc", "See (%LINK:1%)abc", "https://a.example/")]
    [InlineData("https://a.example/x_(y)z.", "%LINK:1%.", "https://a.example/x_(y)z")]
    [InlineData("(https://a.example/x_(y))", "(%LINK:1%)", "https://a.example/x_(y)")]
    public void An_address_in_the_text_ends_with_the_bracket_around_it(string text, string expected, string url)
    {
        var bodies = Extract("", text);

        bodies.Text.ShouldBe(expected);
        bodies.Links.ShouldHaveSingleItem().Url.ShouldBe(url);
    }

    [Theory]
    [InlineData("%UNSUBSCRIBELINK%")]
    [InlineData("%UNSUBSCRIBELINK%&amp;ALL")]
    [InlineData("%WEBCOPY%")]
    [InlineData("mailto:a@b.example")]
    [InlineData("tel:+4930123")]
    [InlineData("#top")]
    public void Other_links_stay_as_they_are(string href)
    {
        var html = $"<a href=\"{href}\">x</a>";

        LinkExtractor.Extract(html, "", Rendering.Catalogue, trackOpens: false).ShouldBe(
            new(html, "", []), new Same());
    }

    [Theory]
    [InlineData("java\tscript:alert(1)")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//evil.example")]
    [InlineData("https://%CITY%/")]
    [InlineData("https://a.example\\@evil.example/")]
    public void A_link_that_leads_nowhere_good_is_refused(string href) =>
        Should.Throw<TemplateInvalidException>(() => Extract($"<p>\n<a href=\"{href}\">x</a>", "")).Problem
            .ShouldSatisfyAllConditions(p => p.Code.ShouldBe("link_invalid"), p => p.Line.ShouldBe(2));

    [Fact]
    public void A_condition_in_the_text_ends_a_link() =>
        Extract("", "%IF AGE%https://a.example/%ELSE%https://b.example/%/IF%").Text.ShouldBe("%IF AGE%%LINK:1%%ELSE%%LINK:2%%/IF%");

    [Fact]
    public void Tracking_URLs_render_for_each_send()
    {
        var keys = new TokenKeys(1, new Dictionary<byte, byte[]> { [1] = new byte[32] });
        var urls = new TrackingUrls("https://t.example", keys, 5) { SendId = 77 };
        var bodies = Extract("<a href=\"https://a.example/\">x</a>", "");
        var html = TemplateProgram.Compile(bodies.Html, TemplateKind.Html, Rendering.Catalogue).Render(new RenderContext([], Rendering.Ann.Tags, urls));

        var click = html[(html.IndexOf("https://t.example/c/", StringComparison.Ordinal) + "https://t.example/c/".Length)..html.IndexOf("\">x", StringComparison.Ordinal)];
        PublicToken.TryRead(click, TokenPurpose.Click, keys, out var token).ShouldBeTrue();
        token.ShouldBe(new(TokenPurpose.Click, 5, 77, 1));
        html.ShouldContain("<img src=\"https://t.example/o/");
    }

    [Fact]
    public void One_click_headers_are_those_of_RFC_8058()
    {
        OneClickHeaders.For("https://t.example/u/x", "u@t.example").ShouldBe(
            new("<https://t.example/u/x>, <mailto:u@t.example?subject=unsubscribe>", "List-Unsubscribe=One-Click"));
        Should.Throw<ArgumentException>(() => OneClickHeaders.For("http://t.example/"));
        Should.Throw<ArgumentException>(() => OneClickHeaders.For("https://t.example/>,<x"));
    }

    private static TrackedBodies Extract(string html, string text) => LinkExtractor.Extract(html, text, Rendering.Catalogue);

    private sealed class Same : IEqualityComparer<TrackedBodies>
    {
        public bool Equals(TrackedBodies? x, TrackedBodies? y) => x!.Html == y!.Html && x.Text == y.Text && x.Links.SequenceEqual(y.Links);

        public int GetHashCode(TrackedBodies obj) => obj.Html.GetHashCode(StringComparison.Ordinal);
    }
}
