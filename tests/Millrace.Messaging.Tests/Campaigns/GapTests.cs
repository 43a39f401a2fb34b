using Millrace.Messaging.Campaigns.Archive;
using Millrace.Messaging.Checks;
using Millrace.Messaging.Sharing;

namespace Millrace.Messaging.Tests.Campaigns;

public sealed class GapTests
{
    [Theory]
    [InlineData("Hi %FIRSTNAME%, news", "Hi, news")]
    [InlineData("Hi %FIRSTNAME|friend%, news", "Hi friend, news")]
    [InlineData("Hi %FIRSTNAME|UPPER|friend%!", "Hi friend!")]
    [InlineData("Hi %FIRSTNAME|UPPER%!", "Hi!")]
    [InlineData("%FIRSTNAME%, news for you", "news for you")]
    [InlineData("News for %FIRSTNAME% %LASTNAME%: 50% off", "News for: 50% off")]
    [InlineData("Quoi de neuf ?", "Quoi de neuf ?")]
    [InlineData("For %FIRSTNAME% only", "For only")]
    public void A_title_that_everybody_reads_has_fallbacks_and_no_gaps(string subject, string title) => ForwardPage.SubjectOf(subject).ShouldBe(title);

    [Theory]
    [InlineData("<p>Hi @, news</p>", "<p>Hi, news</p>")]
    [InlineData("<p>@, news</p>", "<p>news</p>")]
    [InlineData("<p>Dear&nbsp;@ @!</p>", "<p>Dear!</p>")]
    [InlineData("<p>Hello , you</p>", "<p>Hello , you</p>")]
    [InlineData("<a href=\"https://a.example/?n=%EE%80%80\">x @ y</a>", "<a href=\"https://a.example/?n=\">x y</a>")]
    public void Gaps_close_where_a_value_is_missing_and_nowhere_else(string rendered, string shown) =>
        Gap.Close(rendered.Replace("@", Gap.Mark, StringComparison.Ordinal)).ShouldBe(shown);

    [Theory]
    [InlineData("https://a.example/unsubscribe/7", true)]
    [InlineData("https://a.example/?action=opt-out", true)]
    [InlineData("https://a.example/Log%4Fut.aspx", true)]
    [InlineData("https://a.example/newsletter/abmelden", true)]
    [InlineData("https://a.example/signup", false)]
    [InlineData("https://a.example/deleted-scenes", false)]
    [InlineData("https://a.example/", false)]
    [InlineData("https://unsubscribe.example/about", false)]
    public void Links_that_act_are_known_by_the_words_of_their_path(string url, bool acts) => ActingLinks.Is(url).ShouldBe(acts);
}
