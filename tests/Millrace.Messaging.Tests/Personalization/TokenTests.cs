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
    [InlineData("%OWNER_FIRSTNAME% %OWNER_LASTNAME%, %OWNER_EMAIL%", "Olga Owner, olga@example.com")]
    [InlineData("%SENDER-NAME% %SENDER-EMAIL%", "Example Ltd hello@example.com")]
    [InlineData("%SUBSCRIBE_DATE|ISO% %SUBSCRIBE_TIME% %SUBSCRIBE_DATETIME%", "2026-06-01 09:30 2026-06-01 09:30")]
    [InlineData("%FORWARD2FRIEND% %SOCIALSHARE-FACEBOOK%", "https://t.example/f/abc https://t.example/s/facebook")]
    [InlineData("%CURRENT_WEEKDAY% %CURRENT_DAY% %CURRENT_MONTH% %CURRENT_MONTH_NUMBER% %CURRENT_HOUR%", "Saturday 21 November 11 9")]
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

    [Theory]
    [InlineData("%FIRSTNMAE%", "unknown_tag", "Did you mean %FIRSTNAME%?")]
    [InlineData("%FIRST_NAME%", "unknown_tag", "Did you mean %FIRSTNAME%?")]
    [InlineData("%BRTHDAY|ISO%", "unknown_tag", "Did you mean %BIRTHDAY%?")]
    [InlineData("%IF CTIY == 'Bonn'%x%/IF%", "unknown_tag", "Did you mean %CITY%?")]
    [InlineData("Hi %firstname%!", "tag_misspelt", "The tag is written %FIRSTNAME%.")]
    [InlineData("Hi %FIRST NAME%!", "tag_misspelt", "The tag is written %FIRSTNAME%.")]
    [InlineData("Hi {{ first_name }}!", "tag_misspelt", "The tag is written %FIRSTNAME%.")]
    [InlineData("Hi %FIRSTNAME, hello", "tag_not_closed", "lacks its second percent sign")]
    public void A_slip_of_the_pen_is_reported_with_what_was_meant(string source, string code, string says)
    {
        var warning = TemplateProgram.Compile("First line\n" + source, TemplateKind.Text, Catalogue).Warnings.ShouldHaveSingleItem();

        warning.Code.ShouldBe(code);
        warning.Message.ShouldContain(says);
        warning.Line.ShouldBe(2);
    }

    [Fact]
    public void What_only_looks_like_a_tag_is_not_reported() =>
        TemplateProgram.Compile("100% of <b>email</b> 50%, width:100%;%IF AGE > 3%email%/IF% %20email%20 %FIRSTNAME|x% email %EMAIL%", TemplateKind.Text, Catalogue)
            .Warnings.ShouldBeEmpty();

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

    [Fact]
    public void The_page_on_personalization_lists_every_tag()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "personalization.md")).Replace("%UNSUBSCRIBELINK%&ALL", "%UNSUBSCRIBELINK&ALL%", StringComparison.Ordinal);

        new TagCatalogue().Names.Where(n => !page.Contains($"`%{n}%`", StringComparison.Ordinal) && !page.Contains($"`%{n}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Millrace.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
