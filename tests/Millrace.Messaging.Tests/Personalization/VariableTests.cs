using Millrace.Messaging.Personalization;
using static Millrace.Messaging.Tests.Personalization.Rendering;

namespace Millrace.Messaging.Tests.Personalization;

public sealed class VariableTests
{
    [Theory]
    [InlineData("Text", "%OFFER%", "20% off until 2026-11-24\nfor Ann Marie")]
    [InlineData("Header", "%OFFER%", "20% off until 2026-11-24 for Ann Marie")]
    [InlineData("Html", "<p>%OFFER%</p>", "<p>20% off until 2026-11-24<br>for Ann Marie</p>")]
    [InlineData("Html", "<p title=\"%CODE%\">%CODE%</p>", "<p title=\"Winter &amp; Co 30\">Winter &amp; Co 30</p>")]
    [InlineData("Html", "<a href=\"%SHOP%\">x</a>", "<a href=\"https://shop.example/a?c=Bonn\">x</a>")]
    [InlineData("Html", "<a href=\"https://x.example/?c=%CODE%\">x</a>", "<a href=\"https://x.example/?c=Winter%20%26%20Co%2030\">x</a>")]
    [InlineData("Url", "https://x.example/%CODE%", "https://x.example/Winter%20%26%20Co%2030")]
    [InlineData("Url", "%SHOP%", "https://shop.example/a?c=Bonn")]
    public void A_message_variable_is_encoded_for_its_place_and_so_are_the_tags_in_it(string kind, string source, string expected) =>
        Render(source, Enum.Parse<TemplateKind>(kind)).ShouldBe(expected);

    [Theory]
    [InlineData("Text", "%LOOP_A%", "stands within itself")]
    [InlineData("Text", "%BOMB1%", "more than 5,000")]
    [InlineData("Url", "https://%CODE%/", "cannot be the scheme, the host or the port")]
    [InlineData("Url", "%CODE%", "is no web, mail or phone address")]
    [InlineData("Html", "<p style=\"%CODE%\">", "style or script")]
    public void What_a_variable_must_not_do_is_refused(string kind, string source, string says) => Problem(source, Enum.Parse<TemplateKind>(kind)).Message.ShouldContain(says);

    [Fact]
    public void A_typo_within_a_variable_is_reported_where_the_variable_stands() =>
        TemplateProgram.Compile("Hi %BROKEN%", TemplateKind.Text, Catalogue).Warnings.ShouldHaveSingleItem()
            .ShouldBe(new("unknown_tag", 1, 4, "In the message variable %BROKEN%: %NOSUCHTAG% is not a tag; it will be empty."));
}
