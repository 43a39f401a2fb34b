using Millrace.Messaging.Design;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Design;

/// <summary>Every block there is, in every surrounding, is made of what all mail readers know.</summary>
public sealed class BlockStructureTests
{
    private const string Image = "/i/7/0123456789abcdef0123456789abcdef-2000x1000.png";

    private static readonly Dictionary<string, string> Samples = new(StringComparer.Ordinal)
    {
        ["button"] = """{"label":"Go","url":"https://a.example","full_width":true}""",
        ["divider"] = "{}",
        ["footer"] = """{"html":"<p>Why <a href='https://a.example'>this</a></p>"}""",
        ["header"] = $$"""{"name":"Acme","logo":"{{Image}}"}""",
        ["heading"] = """{"text":"Hello %FIRSTNAME%","level":"2"}""",
        ["html"] = """{"html":"<p style='margin:0;font-family:Arial;color:#111111'>x</p>"}""",
        ["image"] = $$"""{"src":"{{Image}}","alt":"A","url":"https://a.example","width":50}""",
        ["menu"] = """{"items":[{"label":"A","url":"https://a.example"},{"label":"B","url":"https://b.example"}]}""",
        ["product"] = $$"""{"image":"{{Image}}","title":"Pot","text":"Clay","price":"5 EUR","old_price":"9 EUR","url":"https://a.example","layout":"left"}""",
        ["rss"] = """{"url":"https://a.example/feed.xml"}""",
        ["share"] = """{"forward":true,"reddit":true}""",
        ["shared"] = """{"part":1}""",
        ["social"] = """{"items":[{"label":"X","url":"https://x.com/a"}]}""",
        ["spacer"] = "{}",
        ["text"] = """{"html":"<h2>A</h2><p>B <a href='https://a.example'>c</a></p><ul><li>d</li></ul><blockquote>e</blockquote>"}""",
        ["video"] = $$"""{"url":"https://a.example/v","thumbnail":"{{Image}}"}""",
    };

    public static TheoryData<string> Kinds => [.. BlockCatalogue.All.Select(b => b.Key)];

    [Theory, MemberData(nameof(Kinds))]
    public void A_block_is_sound_alone_between_others_and_with_all_that_can_be_set(string kind)
    {
        Samples.ShouldContainKey(kind, "a new block gets a line here");
        var options = Samples[kind];
        string[] sections =
        [
            $$"""{"columns":[{"blocks":[{"kind":"{{kind}}","options":{{options}}}]}]}""",
            $$"""{"mobile_reverse":true,"background_image":"{{Image}}","mobile_padding_top":4,"columns":[{"share":1,"background":"#eeeeee","padding":8,"blocks":[{"kind":"{{kind}}","options":{{options}},"background":"#ffffff","padding":12,"mobile_size":20,"mobile_width":60,"mobile_space":4,"mobile_padding":0,"mobile_align":"center"}]},{"share":2,"blocks":[{"kind":"{{kind}}","options":{{options}},"hide_on":"desktop"}]}]}""",
        ];
        foreach (var section in sections)
        {
            var design = DesignJson.Read($$"""{"settings":{"dark_background":"#101010","dark_text_colour":"#eeeeee","heading_font":"georgia"},"sections":[{{section}}]}""");

            MailStructure.Faults(DesignRenderer.Render(design).Html).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Pictures_of_the_library_come_in_the_size_sharp_screens_want_and_with_their_height()
    {
        var html = Render($$"""{"columns":[{"blocks":[{"kind":"image","options":{{Samples["image"]}}}]}]}""");

        html.ShouldContain("-2000x1000.640.png\" width=\"268\"");
    }

    [Fact]
    public void Columns_stack_from_the_last_where_that_is_wanted_and_stand_as_they_were()
    {
        var html = Render("""{"mobile_reverse":true,"columns":[{"blocks":[{"kind":"heading","options":{"text":"First"}}]},{"blocks":[{"kind":"heading","options":{"text":"Second"}}]}]}""");

        html.IndexOf("Second", StringComparison.Ordinal).ShouldBeLessThan(html.IndexOf("First", StringComparison.Ordinal));
        html.ShouldContain("dir=\"rtl\"");
    }

    [Fact]
    public void What_differs_on_telephones_is_one_rule_however_many_blocks_want_it()
    {
        var block = """{"kind":"heading","options":{"text":"a"},"mobile_size":22}""";
        var html = Render($$"""{"columns":[{"blocks":[{{block}},{{block}}]}]}""");

        html.Split(".ms-22 *{font-size:22px!important}").Length.ShouldBe(2);
        html.ShouldContain("class=\"ms-22 d-t\"");
    }

    [Fact]
    public void Outlook_gets_a_background_picture_as_VML_and_a_hostile_address_is_left_out()
    {
        Render("""{"background_image":"https://a.example/b.jpg","columns":[{}]}""").ShouldContain("<v:fill type=\"frame\" src=\"https://a.example/b.jpg\"");
        Render("""{"background_image":"https://a.example/b.jpg');x:url('","columns":[{}]}""").ShouldNotContain("a.example");
        Render("""{"background_image":"javascript:alert(1)","columns":[{}]}""").ShouldNotContain("javascript");
    }

    [Fact]
    public void A_feed_is_written_with_its_tags_and_a_broken_address_is_warned_about()
    {
        Render("""{"columns":[{"blocks":[{"kind":"rss","options":{"url":"https://a.example/f","items":5,"show":"new"}}]}]}""")
            .ShouldContain("%RSS-FEED|URL:https://a.example/f|SHOW:NEW%");
        DesignRenderer.Render(DesignJson.Read("""{"sections":[{"columns":[{"blocks":[{"kind":"rss","options":{"url":"https://a|b%"}}]}]}]}"""))
            .Warnings.ShouldContain(w => w.Code == "empty_link");
    }

    private static string Render(string section) => DesignRenderer.Render(DesignJson.Read($$"""{"sections":[{{section}}]}""")).Html;
}
