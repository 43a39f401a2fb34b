using Millrace.Messaging.Sanitizing;

namespace Millrace.Messaging.Tests.Sanitizing;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("<p>One</p><p>Two <b>bold</b></p>", "One\n\nTwo bold")]
    [InlineData("<ul><li>a</li><li>b</li></ul>", "- a\n- b")]
    [InlineData("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b")]
    [InlineData("<p>See <a href=\"https://a.example/\">our page</a>.</p>", "See our page (https://a.example/).")]
    [InlineData("<a href=\"https://a.example/\">https://a.example/</a>", "https://a.example/")]
    [InlineData("<p><a href=\"https://a.example/\">here</a>abc</p>", "here (https://a.example/) abc")]
    [InlineData("<p><a href=\"https://a.example/\">https://a.example/</a><b>abc</b></p>", "https://a.example/ abc")]
    [InlineData("<p>one<a name=\"x\"></a>word</p>", "oneword")]
    [InlineData("<table><tr><th>Name</th><th>Price</th></tr><tr><td>Bag</td><td>3</td></tr></table>", "Name | Price\nBag | 3")]
    [InlineData("<div style=\"display: none\">hidden</div><style>p{}</style><p>seen</p>", "seen")]
    [InlineData("a<br>b<br><br>c", "a\nb\nc")]
    [InlineData("<p>%IF AGE &gt; 3 &amp;&amp; CITY%x%/IF%</p>", "%IF AGE > 3 && CITY%x%/IF%")]
    public void Structure_becomes_lines(string html, string text) => HtmlText.From(html).ShouldBe(text);
}
