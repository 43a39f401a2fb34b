using Millrace.Messaging.Design;

namespace Millrace.Messaging.Tests.Design;

public sealed class DesignTests
{
    [Theory]
    [InlineData("""{"sections":[],"extra":1}""")]
    [InlineData("""{"sections":[],"sections":[]}""")]
    [InlineData("""{"version":2,"sections":[]}""")]
    [InlineData("""{"sections":null}""")]
    [InlineData("""{"sections":[null]}""")]
    [InlineData("""{"sections":[{"columns":[null]}]}""")]
    [InlineData("""{"sections":[{"columns":[{"blocks":[null]}]}]}""")]
    [InlineData("""{"settings":{"background":"red"},"sections":[]}""")]
    [InlineData("""{"settings":{"lang":"en\"><script>"},"sections":[]}""")]
    [InlineData("""{"sections":[{"columns":[]}]}""")]
    [InlineData("""{"sections":[{"columns":[{},{},{},{},{}]}]}""")]
    [InlineData("""{"sections":[{"columns":[{"blocks":[{"kind":"nosuch"}]}]}]}""")]
    [InlineData("""{"sections":[{"columns":[{"blocks":[{"kind":"text","options":{"nosuch":1}}]}]}]}""")]
    [InlineData("""{"sections":[{"columns":[{"blocks":[{"kind":"text","options":{"size":"16"}}]}]}]}""")]
    [InlineData("""{"sections":[{"columns":[{"blocks":[{"kind":"button","options":{"colour":"url(x)"}}]}]}]}""")]
    [InlineData("not json")]
    public void A_design_of_another_shape_is_refused(string json) => Should.Throw<DesignInvalidException>(() => DesignJson.Read(json));

    [Fact]
    public void A_fault_names_its_path() =>
        Should.Throw<DesignInvalidException>(() => DesignJson.Read("""{"sections":[{"columns":[{"blocks":[{"kind":"nosuch"}]}]}]}"""))
            .Path.ShouldBe("/sections/0/columns/0/blocks/0/kind");

    [Fact]
    public void Hostile_option_text_stays_text()
    {
        var html = Render("heading", """{"text":"<img src=x onerror=alert(1)>"}""").Html;

        html.ShouldContain("&lt;img src=x onerror=alert(1)&gt;");
    }

    [Fact]
    public void Rich_text_loses_scripts_and_gains_inline_styles()
    {
        var html = Render("text", """{"html":"<p>a<script>alert(1)</script><a href='javascript:x'>b</a></p>"}""").Html;

        html.ShouldNotContain("script");
        html.ShouldContain("<p style=\"margin:0;");
    }

    [Theory]
    [InlineData("image", """{"src":"https://a.example/x.png"}""", "missing_alt")]
    [InlineData("button", """{"label":"Go"}""", "empty_link")]
    [InlineData("button", """{"label":"Go","url":"javascript:alert(1)"}""", "link_invalid")]
    [InlineData("text", """{"html":"<p>x</p>","size":10}""", "tiny_text")]
    [InlineData("divider", "{}", "missing_unsubscribe")]
    [InlineData("divider", "{}", "missing_address")]
    public void The_author_is_warned(string kind, string options, string code) =>
        Render(kind, options).Warnings.Any(w => w.Code == code).ShouldBeTrue();

    [Fact]
    public void A_condition_wraps_its_block_in_both_bodies()
    {
        var json = """{"sections":[{"columns":[{"blocks":[{"kind":"text","options":{"html":"<p>grown up</p>"},"show_when":"AGE > 17 && CITY == 'Bonn'"}]}]}]}""";
        var rendered = DesignRenderer.Render(DesignJson.Read(json));

        rendered.Html.ShouldContain("%IF AGE &gt; 17 &amp;&amp; CITY == 'Bonn'%<tr");
        rendered.Text.ShouldStartWith("%IF AGE > 17 && CITY == 'Bonn'%grown up");
        Personalization.Rendering.Render(rendered.Html, Messaging.Personalization.TemplateKind.Html).ShouldContain("grown up");
        Personalization.Rendering.Render(rendered.Text, recipient: Personalization.Rendering.Ann with { Fields = new Dictionary<string, string>(StringComparer.Ordinal) }).ShouldNotContain("grown up");
    }

    [Fact]
    public void Two_columns_have_a_ghost_table_and_stack()
    {
        var html = DesignRenderer.Render(DesignJson.Read("""{"sections":[{"columns":[{},{"share":3}]}]}""")).Html;

        html.ShouldContain("<!--[if mso]><td width=\"134\"");
        html.ShouldContain("class=\"col stack\" style=\"display:inline-block;width:100%;max-width:402px");
    }

    [Fact]
    public void Every_block_describes_itself() => BlockCatalogue.All.ShouldAllBe(b =>
        b.Title.Length > 0 && b.Group.Length > 0 && b.Options.All(o => o.Label.Length > 0 && (o.Type != "choice" || o.Choices!.Contains(o.Default!))));

    [Fact]
    public void Shipped_block_keys_never_change() => BlockCatalogue.All.Select(b => b.Key).Order(StringComparer.Ordinal).ShouldBe(
        ["button", "divider", "footer", "header", "heading", "html", "image", "menu", "product", "rss", "share", "shared", "social", "spacer", "text", "video"]);

    private static RenderedDesign Render(string kind, string options) => DesignRenderer.Render(DesignJson.Read(
        $$"""{"sections":[{"columns":[{"blocks":[{"kind":"{{kind}}","options":{{options}}}]}]}]}"""));
}
