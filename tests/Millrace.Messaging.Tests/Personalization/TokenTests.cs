using Millrace.Messaging.Personalization;
using static Millrace.Messaging.Tests.Personalization.Rendering;

namespace Millrace.Messaging.Tests.Personalization;

public sealed class TokenTests
{
    [Theory]
    [InlineData("Hi %FIRSTNAME%!", "Hi ann marie!")]
    [InlineData("%FIRSTNAME|TITLECASE%", "Ann Marie")]
    [InlineData("%FIRSTNAME|UPPERCASE|friend%", "ANN MARIE")]
    [InlineData("%LASTNAME|LOWERCASE%", "o'neil")]
    [InlineData("%PHONE|none given%", "none given")]
    [InlineData("%PHONE|UPPERCASE|none given%", "none given")]
    [InlineData("%FIRSTNAME|%", "ann marie")]
    [InlineData("%FULLNAME%", "ann marie O'Neil")]
    [InlineData("%TODAY%", "November 21, 2026")]
    [InlineData("%TODAY+3D%", "November 24, 2026")]
    [InlineData("%TODAY-1M|ISO%", "2026-10-21")]
    [InlineData("%TODAY+1Y-1W|FORMAT:d.M.yy%", "14.11.27")]
    [InlineData("%TODAY|WEEKDAY%", "Saturday")]
    [InlineData("%BIRTHDAY+1Y|ISO%", "2025-02-28")]
    [InlineData("%CURRENT_YEAR%", "2026")]
    [InlineData("%CONTACTID%", "7")]
    [InlineData("%SENDER-INFO-SINGLELINE%", "Example Ltd, 1 High Street")]
    [InlineData("%UNSUBSCRIBELINK% %UNSUBSCRIBELINK%&ALL", "https://t.example/u/abc https://t.example/u/all")]
    [InlineData("a%NOSUCHTAG%b", "ab")]
    public void A_tag_renders_its_value(string source, string expected) => Render(source).ShouldBe(expected);

    [Theory]
    [InlineData("50% off")]
    [InlineData("100%")]
    [InlineData("100% of %lower% and %20 and %")]
    [InlineData("https://a.example/caf%C3%A9%20x%2Fy")]
    [InlineData("%E2%82%AC 5%")]
    [InlineData("{{constructor}} ${7*7} {{ env \"PATH\" }}")]
    public void What_is_no_tag_stays_as_it_is(string source) => Render(source).ShouldBe(source);

    [Fact]
    public void A_field_default_applies_when_neither_value_nor_fallback_is_there()
    {
        var nobody = Ann with { Fields = new Dictionary<string, string>(StringComparer.Ordinal) };

        Render("%CITY%/%CITY|here%", recipient: nobody).ShouldBe("your town/here");
    }

    [Fact]
    public void An_unknown_tag_is_reported_with_its_place()
    {
        var program = TemplateProgram.Compile("Hi\n  %NOSUCHTAG%", TemplateKind.Text, Catalogue);

        program.Warnings.ShouldHaveSingleItem().ShouldBe(new("unknown_tag", 2, 3, "%NOSUCHTAG% is not a tag; it will be empty."));
    }

    [Fact]
    public void Arithmetic_on_a_name_is_refused() => Problem("%FIRSTNAME+3D%").Code.ShouldBe("template_invalid");

    [Fact]
    public void Programs_of_one_message_share_their_slots()
    {
        var slots = new SlotTable();
        TemplateProgram.Compile("%FIRSTNAME% %EMAIL%", TemplateKind.Header, Catalogue, slots);
        TemplateProgram.Compile("%EMAIL% %CITY%", TemplateKind.Text, Catalogue, slots);

        slots.Names.ShouldBe(["FIRSTNAME", "EMAIL", "CITY"]);
    }

    [Fact]
    public void Every_tag_found_has_a_title_and_an_example() =>
        Catalogue.All.Where(t => t.Group != "Custom fields").ShouldAllBe(t => t.Title.Length > 0 && t.Example.Length > 0);
}
