using Millrace.Messaging.Design;

namespace Millrace.Messaging.Tests.Design;

public sealed class FooterTests
{
    private const string Link = "<a href=\"%UNSUBSCRIBELINK%\">out</a>";

    [Theory]
    [InlineData("<p>x</p>", true)]
    [InlineData($"<p>{Link} 1 High Street</p>", true)]
    [InlineData("<p>%SENDER-INFO%</p>", true)]
    [InlineData($"<p>%SENDER-INFO%</p><!-- {Link} -->", true)]
    [InlineData($"<p>{Link}%SENDER-INFO%</p>", false)]
    [InlineData($"<p>{Link}%SENDER-INFO-SINGLELINE%</p>", false)]
    public void It_is_appended_unless_both_tags_are_in_the_body(string body, bool appended)
    {
        var html = MailFooter.EnsureInHtml($"<body>{body}</body>");

        (html.Length > body.Length + 13).ShouldBe(appended);
        html.ShouldEndWith("</body>");
        MailFooter.EnsureInHtml(html).ShouldBe(html);
    }

    [Fact]
    public void The_text_part_has_its_own()
    {
        var text = MailFooter.EnsureInText("Hello");

        text.ShouldContain("%UNSUBSCRIBELINK%");
        text.ShouldContain("%SENDER-INFO-SINGLELINE%");
        MailFooter.EnsureInText(text).ShouldBe(text);
    }
}
